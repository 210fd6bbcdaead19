/** The hot route: key, deployment, body, model, answer. */
import type { Answer, HttpAnswer, ScoringCall, ScoringRoute } from '../call.ts';
import type { JsonObject } from '../forms/form.ts';
import { isCsv, isJson } from '../wire/content-type.ts';
import type { Endpoint, Served } from './endpoint.ts';
import type { Exchange, Exchanges, ScoringRequest } from './exchange.ts';
import { MODEL_ERROR, within } from './gateway.ts';
import { httpAnswerHeaders, httpRequestOf } from './own-http.ts';
import { type Reply, scoringHeaders } from './wire.ts';

export interface ScoreRouteOptions {
  readonly endpoint: Endpoint;
  readonly exchanges: Exchanges;
  readonly route: ScoringRoute;
  /** The parameter that a body of no known form is said to lack: `data`; for `/infer`, what the model is called. */
  readonly named: (request: ScoringRequest) => string;
  /** The deployment that the request asks for. @throws NotFound */
  readonly deploymentOf?: (request: ScoringRequest) => string | undefined;
}

/** How much of a body or an answer a row keeps. */
const COLLECTED = 64 * 1024;

/** How much of a script's refusal a row keeps. */
const LONGEST_ERROR = 500;

const empty = Buffer.alloc(0);

/** Who may not, learns it before a byte of the body is read. @returns whether the request may go on; else it has been answered */
export type Gate = (request: ScoringRequest, reply: Reply) => boolean;

export function gate(endpoint: Endpoint, exchanges: Exchanges): Gate {
  return (request, reply) => {
    const { fault } = request.ids;
    if (fault !== undefined) exchanges.refuse({ request, reply }, 431, fault);
    else if (!endpoint.isAllowed(request.headers.authorization))
      exchanges.deny({ request, reply }, endpoint.denial(request.headers.authorization));
    else return true;
    return false;
  };
}

export type ScoreHandler = (request: ScoringRequest, reply: Reply) => Promise<void>;

export function scoreRoute(options: ScoreRouteOptions): ScoreHandler {
  const { endpoint, exchanges, route, named, deploymentOf = byHeader } = options;
  return async (request, reply) => {
    const { ids } = request;
    const exchange: Exchange = { request, reply };
    let deployment: Served | undefined;
    try {
      const asked = deploymentOf(request);
      const chosen = endpoint.choose(asked);
      deployment = chosen;
      if (request.method === 'POST' && chosen.answerer.ownHttp === undefined && !isTaken(route, request.headers['content-type']))
        return exchanges.refuseByModel(exchange, 415, NOT_JSON, chosen.name);
      const plain = callOf(request, route, named(request));
      const call = endpoint.hasOwnHttp ? { ...plain, http: httpRequestOf(request, endpoint.isOpen) } : plain;
      endpoint.enter(chosen);
      if (asked === undefined) mirror(options, exchange, call);
      const result = await within(chosen.requestTimeoutMs, answerAndLeave(endpoint, chosen, call));
      if (result.http !== undefined) return answerByScript(exchanges, exchange, chosen, call, result);
      const answerHeaders = scoringHeaders(ids, false);
      answerHeaders.push('x-ms-run-fn-exec-ms', result.runMs.toFixed(3), 'azureml-model-deployment', chosen.name);
      exchanges.answer(exchange, 200, answerHeaders, result.body, detailsOf(chosen, call, result));
    } catch (error) {
      exchanges.fail(exchange, error, deployment?.name);
    }
  };
}

/** The deployment is left when its answer is there, though nobody may wait for it any more. */
async function answerAndLeave(endpoint: Endpoint, deployment: Served, call: ScoringCall): Promise<Answer> {
  try {
    return await deployment.answerer.answer(call);
  } finally {
    endpoint.leave(deployment);
  }
}

/** A script says itself with which status and headers; ours are added. */
function answerByScript(exchanges: Exchanges, exchange: Exchange, deployment: Served, call: ScoringCall, result: Answer): void {
  const { status, ran } = result.http as HttpAnswer;
  const headers = httpAnswerHeaders(exchange.request, result.http as HttpAnswer);
  if (ran) headers.push('x-ms-run-fn-exec-ms', result.runMs.toFixed(3), 'azureml-model-deployment', deployment.name);
  const details = detailsOf(deployment, call, result);
  const error = status < 400 ? {} : { error: textOf(result.body, LONGEST_ERROR) };
  exchanges.answerByModel(exchange, status, headers, result.body, { ...details, ...error });
}

/** A copy of the request goes to the deployment that mirrors, if it is its turn: nobody waits for it, and its answer is only noted. */
function mirror({ endpoint, exchanges }: ScoreRouteOptions, exchange: Exchange, call: ScoringCall): void {
  const copy = endpoint.enterMirror();
  if (copy === undefined) return;
  within(copy.requestTimeoutMs, answerAndLeave(endpoint, copy, call)).then(
    (result) => {
      const modelStatus = result.http?.status ?? 200;
      exchanges.note(exchange, modelStatus === 200 ? 200 : MODEL_ERROR, { ...detailsOf(copy, call, result), modelStatus });
    },
    (error: unknown) => exchanges.noteFailure(exchange, error, copy.name),
  );
}

const byHeader = ({ headers }: ScoringRequest): string | undefined => headers['azureml-model-deployment'] as string | undefined;

function callOf(request: ScoringRequest, route: ScoringRoute, named: string): ScoringCall {
  const body = request.method === 'GET' ? (request.query as JsonObject) : ((request.body as Buffer | undefined) ?? empty);
  const call = { route, body, contentType: request.headers['content-type'], named };
  const jsonLength = request.headers['inference-header-content-length'];
  return route === '/infer' && jsonLength !== undefined ? { ...call, jsonLength: Number(jsonLength) } : call;
}

export const NOT_JSON = 'Expects Content-Type to be application/json';

/** Clients of the Open Inference Protocol say nothing of what they send. */
function isTaken(route: ScoringRoute, contentType: string | undefined): boolean {
  return route === '/infer' || isJson(contentType) || (route === '/invocations' && isCsv(contentType));
}

function detailsOf({ name, collectModelData }: Served, { body }: ScoringCall, { body: answer, rows, runMs }: Answer) {
  const details = { deployment: name, modelStatus: 200, runMs, rows };
  if (collectModelData !== true) return details;
  const input = Buffer.isBuffer(body) ? textOf(body, COLLECTED) : JSON.stringify(body).slice(0, COLLECTED);
  return { ...details, input, prediction: textOf(answer, COLLECTED) };
}

function textOf(body: string | Buffer, most: number): string {
  return typeof body === 'string' ? body.slice(0, most) : body.toString('utf8', 0, most);
}
