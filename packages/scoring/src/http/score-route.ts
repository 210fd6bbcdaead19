/** The hot route: key, deployment, body, model, answer. */
import type { onRequestHookHandler, RouteHandlerMethod } from 'fastify';
import type { BodyForm } from '../forms/form.ts';
import { type Answer, answer, answerObject } from '../hot-path.ts';
import type { Endpoint, Served } from './endpoint.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import { within } from './gateway.ts';
import { scoringHeaders } from './wire.ts';

export interface ScoreRouteOptions {
  readonly endpoint: Endpoint;
  readonly exchanges: Exchanges;
  /** The parameter that a body of no known form is said to lack: `data`. */
  readonly missing: string;
}

/** How much of a body or an answer a row keeps. */
const COLLECTED = 64 * 1024;

const empty = Buffer.alloc(0);

/** Who may not, learns it before a byte of the body is read. */
export function gate(endpoint: Endpoint, exchanges: Exchanges): onRequestHookHandler {
  return (request, reply, done) => {
    const { fault } = request.ids;
    if (fault !== undefined) exchanges.refuse({ request, reply }, 431, fault);
    else if (!endpoint.isAllowed(request.headers.authorization)) exchanges.refuse({ request, reply }, 401, UNAUTHORIZED);
    else done();
  };
}

/** @param forms the body forms that the route takes */
export function scoreRoute(forms: readonly BodyForm[], { endpoint, exchanges, missing }: ScoreRouteOptions): RouteHandlerMethod {
  return async (request, reply) => {
    const { headers, method, ids } = request;
    const exchange: Exchange = { request, reply };
    let deployment: Served | undefined;
    try {
      const chosen = endpoint.choose(headers['azureml-model-deployment'] as string | undefined);
      deployment = chosen;
      if (method === 'POST' && !isJson(headers['content-type']))
        return exchanges.refuseByModel(exchange, 415, NOT_JSON, deployment.name);
      const body = (request.body as Buffer | undefined) ?? empty;
      endpoint.enter(chosen);
      const work = (
        method === 'GET'
          ? answerObject(request.query as Record<string, unknown>, forms, chosen.joiner, missing)
          : answer(body, forms, chosen.joiner, missing)
      ).finally(() => endpoint.leave(chosen));
      const result = await within(chosen.requestTimeoutMs, work);
      const answerHeaders = scoringHeaders(ids, false);
      answerHeaders.push('x-ms-run-fn-exec-ms', result.runMs.toFixed(3), 'azureml-model-deployment', deployment.name);
      const details = { deployment: deployment.name, modelStatus: 200, runMs: result.runMs, rows: result.rows };
      exchanges.answer(
        exchange,
        200,
        answerHeaders,
        result.body,
        deployment.collectModelData ? { ...details, ...collected(body, result) } : details,
      );
    } catch (error) {
      exchanges.fail(exchange, error, deployment?.name);
    }
  };
}

const UNAUTHORIZED = 'Authentication failed: no valid key in "Authorization: Bearer <key>".';
export const NOT_JSON = 'Expects Content-Type to be application/json';

function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

function collected(body: Buffer, result: Answer): { input: string; prediction: string } {
  return { input: body.toString('utf8', 0, COLLECTED), prediction: result.body.slice(0, COLLECTED) };
}
