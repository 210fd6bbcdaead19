/** Requests and traces out of Azure Monitor's logs, by the resource that they belong to. */
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { MalachiteError, type Telemetry, type TelemetryResult } from '@malachite/core';
import { type Connection, idOf } from './connection.ts';
import { asked } from './errors.ts';

/** How far back a query looks that does not say: the longest that Azure keeps logs for queries. */
const everything = 'P730D';
const publicEndpoint = 'https://api.loganalytics.io';

export function azureTelemetry(connection: Connection): Telemetry {
  const { credential, logsEndpoint, signal } = connection;
  const client = new LogsQueryClient(credential, {
    endpoint: `${logsEndpoint}/v1`,
    ...(logsEndpoint !== publicEndpoint && { credentials: { scopes: [`${logsEndpoint}/.default`] } }),
  });
  return {
    async query({ query, timespan = everything }) {
      const resource = /^\s*Aml/i.test(query) ? idOf(connection) : await applicationInsights(connection);
      const answer = await asked('Querying logs', () =>
        client
          .queryResource(
            resource.slice(1),
            query,
            { duration: timespan },
            { requestOptions: { skipUrlEncoding: true }, abortSignal: signal },
          )
          .catch((thrown) => {
            throw detailed(thrown);
          }),
      );
      if (answer.status !== 'Success') throw new MalachiteError('Failed', `Querying logs: ${answer.partialError.message}`);
      const [table] = answer.tables;
      return {
        columns: (table?.columnDescriptors ?? []).map(({ name = '', type = 'string' }) => ({ name, type })),
        rows: (table?.rows ?? []).map((row) => row.map(cell)),
      };
    },
  };
}

/** The traffic log is of the workspace; `requests` and the like are of its Application Insights. */
async function applicationInsights(connection: Connection): Promise<string> {
  const { applicationInsights: id } = await connection.workspace();
  if (!id)
    throw new MalachiteError(
      'NotFound',
      'The workspace has no Application Insights: only AmlOnlineEndpoint… tables can be asked.',
    );
  return id;
}

type Cell = TelemetryResult['rows'][number][number];

/** The client makes Dates and objects of what it reads. */
function cell(value: unknown): Cell {
  if (value instanceof Date) return value.toISOString();
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}

type Inner = { readonly message?: string; readonly innererror?: Inner };

/** The innermost error names the word of the query; the outer ones say that there is one. */
function detailed(thrown: unknown): unknown {
  const { statusCode, response, details } = thrown as { statusCode?: unknown; response?: unknown; details?: { error?: Inner } };
  const messages: string[] = [];
  for (let error = details?.error; error; error = error.innererror) if (error.message) messages.push(error.message);
  const status = Number(statusCode ?? (response as { status?: unknown } | undefined)?.status ?? 0);
  return messages.length > 0 ? { message: messages.join(' '), statusCode: status, response } : thrown;
}
