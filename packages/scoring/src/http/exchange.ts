/** A request and its answer: written to the socket, and noted in the request log. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { asMalachiteError } from '@malachite/core/errors';
import { isOfTheModel, MODEL_ERROR, modelErrorHeaders } from './gateway.ts';
import type { Denial } from './keys.ts';
import type { Metrics } from './metrics.ts';
import type { RequestIds } from './request-ids.ts';
import { type RequestRow, requestLog } from './request-log.ts';
import { errorBody, type Reply, respond, scoringHeaders, TEXT_TYPE } from './wire.ts';

/** What the row says beyond the request itself and the status. */
export type RowDetails = Partial<
  Pick<RequestRow, 'deployment' | 'modelStatus' | 'runMs' | 'rows' | 'error' | 'input' | 'prediction'>
>;

/** A request, as fastify or the fast lane has read it. */
export interface ScoringRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
  /** The bytes of a body. */
  readonly body: unknown;
  readonly query: unknown;
  readonly params: unknown;
  /** The pattern that matched. */
  readonly routeOptions: { readonly url?: string };
  /** When the headers arrived, on the clock of `performance.now()`. */
  readonly arrived: number;
  readonly ids: RequestIds;
}

/** Who asked, and where the answer goes. */
export interface Exchange {
  readonly request: ScoringRequest;
  readonly reply: Reply;
}

export interface Exchanges {
  /** @param headers name and value in turn */
  answer(exchange: Exchange, status: number, headers: string[], body: string | Buffer, details?: RowDetails): void;
  /** A refusal in the server's own form: `{"message": …}`. */
  refuse(exchange: Exchange, status: number, message: string, deployment?: string): void;
  /** 401: behind the gateway in Azure's own word, where that is known; else in the server's form. The header has the sentence either way. */
  deny(exchange: Exchange, denial: Denial): void;
  /** A refusal by the model's side of a deployment: 424 where there is a gateway in front. */
  refuseByModel(exchange: Exchange, status: number, message: string, deployment: string): void;
  /** What the model's side answered in HTTP itself: as it is, or under 424 where there is a gateway and it was not 200. */
  answerByModel(exchange: Exchange, status: number, headers: string[], body: string | Buffer, details: RowDetails): void;
  /** Any thrown value: what the caller did wrong is told, what is our fault goes to the log and the caller learns only that it is. */
  fail(exchange: Exchange, thrown: unknown, deployment?: string): void;
  /** A row without an answer: of a mirrored request. */
  note(exchange: Exchange, status: number, details?: RowDetails): void;
  noteFailure(exchange: Exchange, thrown: unknown, deployment: string): void;
  /** Hands on the last rows. */
  close(): void;
}

const OUR_FAULT = 'An unexpected error occurred in scoring script. Check the logs for more info.';

export interface ExchangeOptions {
  /** Answers as a managed endpoint does, not as the inference server alone. */
  readonly gateway: boolean;
  readonly metrics: Metrics;
  /** Receives rows in batches. */
  readonly onRequests: ((rows: RequestRow[]) => void) | undefined;
  /** Receives what the caller is not told. */
  readonly onLog: ((line: string) => void) | undefined;
}

export function exchanges({ gateway, metrics, onRequests, onLog }: ExchangeOptions): Exchanges {
  const log = onRequests === undefined ? undefined : requestLog(onRequests);
  const fromModel = (exchange: Exchange, modelStatus: number, headers: string[], message: string, details: RowDetails): void => {
    all.answerByModel(exchange, modelStatus, headers, errorBody(exchange.request.url, message), details);
  };
  const all: Exchanges = {
    answer({ request, reply }, status, headers, body, details) {
      respond(request, reply, status, headers, body);
      all.note({ request, reply }, status, details);
    },
    refuse(exchange, status, message, deployment) {
      all.answer(exchange, status, scoringHeaders(exchange.request.ids, false), errorBody(exchange.request.url, message), {
        deployment,
        error: message,
      });
    },
    deny(exchange, { azure, sentence }) {
      const { ids, url } = exchange.request;
      const isWord = gateway && azure !== undefined;
      const headers = scoringHeaders(ids, false);
      if (isWord) headers[headers.indexOf('content-type') + 1] = TEXT_TYPE;
      // RFC 6750; its description may hold no quotes.
      headers.push('www-authenticate', `Bearer error="invalid_token", error_description="${sentence.replaceAll('"', "'")}"`);
      all.answer(exchange, 401, headers, isWord ? azure : errorBody(url, sentence), { error: sentence });
    },
    refuseByModel(exchange, status, message, deployment) {
      fromModel(exchange, status, scoringHeaders(exchange.request.ids, false), message, { deployment, error: message });
    },
    answerByModel(exchange, modelStatus, headers, body, details) {
      const isWrapped = gateway && modelStatus !== 200;
      if (isWrapped) headers.push(...modelErrorHeaders(modelStatus));
      all.answer(exchange, isWrapped ? MODEL_ERROR : modelStatus, headers, body, { ...details, modelStatus });
    },
    fail(exchange, thrown, deployment) {
      const error = asMalachiteError(thrown);
      // "Not supported" is about what was asked: the caller's to change.
      const status = error.code === 'NotSupported' ? 400 : error.status;
      const byModel = deployment !== undefined && isOfTheModel(error.code);
      if (status < 500 || error.code === 'Unavailable') {
        if (byModel) all.refuseByModel(exchange, status, error.message, deployment);
        else all.refuse(exchange, status, error.message, deployment);
        return;
      }
      onLog?.(`${exchange.request.method} ${exchange.request.url} failed: ${error.stack ?? error.message}`);
      const headers = scoringHeaders(exchange.request.ids, true);
      const details = { deployment, error: error.message };
      if (byModel) fromModel(exchange, status, headers, OUR_FAULT, details);
      else all.answer(exchange, status, headers, errorBody(exchange.request.url, OUR_FAULT), details);
    },
    note({ request }, status, details) {
      const answered = row(request, status, details);
      metrics.observe(answered, request.routeOptions.url ?? '');
      log?.add(answered);
    },
    noteFailure(exchange, thrown, deployment) {
      const { code, status, message } = asMalachiteError(thrown);
      const details = { deployment, error: message };
      if (isOfTheModel(code)) all.note(exchange, MODEL_ERROR, { ...details, modelStatus: status });
      else all.note(exchange, status, details);
    },
    close: () => log?.close(),
  };
  return all;
}

function row(request: ScoringRequest, status: number, details: RowDetails = {}): RequestRow {
  const { ids } = request;
  const durationMs = performance.now() - request.arrived;
  return {
    time: Date.now() - durationMs,
    requestId: ids.requestId,
    clientRequestId: ids.clientRequestId,
    method: request.method,
    path: request.url,
    status,
    modelStatus: details.modelStatus,
    durationMs,
    runMs: details.runMs ?? 0,
    rows: details.rows ?? 0,
    deployment: details.deployment ?? '',
    error: details.error,
    input: details.input,
    prediction: details.prediction,
  };
}
