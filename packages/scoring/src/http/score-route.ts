/** The hot route: ids, key, deployment, body, model, answer. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyForm } from '../forms/form.ts';
import { type Answer, answer, answerObject } from '../hot-path.ts';
import type { Endpoint, Served } from './endpoint.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import { requestIds } from './request-ids.ts';
import { scoringHeaders } from './wire.ts';

export interface ScoreRouteOptions {
  readonly endpoint: Endpoint;
  readonly exchanges: Exchanges;
  /** The parameter that an empty body is said to lack: `data` or `Inputs`. */
  readonly missing: string;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** How much of a body or an answer a row keeps. */
const COLLECTED = 64 * 1024;

const empty = Buffer.alloc(0);

/** @param forms the body forms that the route takes */
export function scoreRoute(forms: readonly BodyForm[], { endpoint, exchanges, missing }: ScoreRouteOptions): Handler {
  return async (request, reply) => {
    const { headers, method } = request;
    const ids = requestIds(headers);
    const exchange: Exchange = { request, reply, ids };
    if (ids.fault !== undefined) return exchanges.refuse(exchange, 431, ids.fault);
    if (!endpoint.isAllowed(headers.authorization)) return exchanges.refuse(exchange, 401, UNAUTHORIZED);
    let deployment: Served | undefined;
    try {
      deployment = endpoint.enter(headers['azureml-model-deployment'] as string | undefined);
      if (method === 'POST' && !isJson(headers['content-type']))
        return exchanges.refuse(exchange, 415, NOT_JSON, deployment.name);
      const body = (request.body as Buffer | undefined) ?? empty;
      const result =
        method === 'GET'
          ? await answerObject(request.query as Record<string, unknown>, forms, deployment.joiner, missing)
          : await answer(body, forms, deployment.joiner, missing);
      const answerHeaders = scoringHeaders(ids, false);
      answerHeaders.push('x-ms-run-fn-exec-ms', result.runMs.toFixed(3), 'azureml-model-deployment', deployment.name);
      const details = { deployment: deployment.name, runMs: result.runMs, rows: result.rows };
      exchanges.answer(
        exchange,
        200,
        answerHeaders,
        result.body,
        deployment.collectModelData ? { ...details, ...collected(body, result) } : details,
      );
    } catch (error) {
      exchanges.fail(exchange, error, deployment?.name);
    } finally {
      if (deployment !== undefined) endpoint.leave(deployment);
    }
  };
}

const UNAUTHORIZED = 'Authentication failed: no valid key in "Authorization: Bearer <key>".';
const NOT_JSON = 'Expects Content-Type to be application/json';

function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

function collected(body: Buffer, result: Answer): { input: string; prediction: string } {
  return { input: body.toString('utf8', 0, COLLECTED), prediction: result.body.slice(0, COLLECTED) };
}
