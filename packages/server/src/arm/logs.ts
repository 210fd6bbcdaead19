/** Azure Monitor's log queries over the telemetry port: whatever workspace or resource is named, it is this one. */
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { durationOf } from './durations.ts';
import type { Facade } from './facade.ts';
import { type JsonObject, textAt } from './resource.ts';

type Table = { readonly name: 'PrimaryResult'; readonly columns: object[]; readonly rows: unknown[][] };

export function registerLogs(app: FastifyInstance, { workspace: { telemetry } }: Facade): void {
  const answer = async (body: JsonObject): Promise<{ readonly tables: readonly Table[] }> => {
    const query = textAt(body, 'query');
    if (!query) throw new MalachiteError('InvalidInput', '"query" is missing: a table, then where, summarize and the like.');
    const timespan = lookingBack(textAt(body, 'timespan'), Date.now());
    const { columns, rows } = await telemetry.query({ query, ...(timespan !== undefined && { timespan }) });
    return { tables: [{ name: 'PrimaryResult', columns, rows }] };
  };
  app.post<{ Body: JsonObject }>('/v1/workspaces/:id/query', async ({ body }) => answer(body));
  app.post<{ Params: { '*': string }; Body: JsonObject }>('/v1/subscriptions/*', async ({ params, body }, reply) => {
    if (!params['*'].endsWith('/query')) return reply.callNotFound();
    return answer(body);
  });
}

/**
 * Clients write an interval as a duration, or as two of start, end and duration; here everything is looked at back from now.
 * @throws MalachiteError `InvalidInput` for an interval that ended before now: newer rows would be in it.
 */
export function lookingBack(timespan: string | undefined, now: number): string | undefined {
  const [first = '', second] = timespan?.split('/') ?? [];
  if (second === undefined) return timespan;
  const [start, end] = [Date.parse(first), Date.parse(second)];
  if (Number.isNaN(start)) return end >= now - clockMs ? first : past(timespan);
  if (!Number.isNaN(end) && end < now - clockMs) return past(timespan);
  return durationOf(Math.max(1, Math.ceil((now - start) / 1000)));
}

/** Clocks of one machine; the request has been on its way. */
const clockMs = 60_000;

function past(timespan = ''): never {
  throw new MalachiteError('InvalidInput', `"timespan" is ${timespan}; Malachite looks back from now: PT1H, P1D.`);
}
