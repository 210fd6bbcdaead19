/** A request and its answer: written to the socket, and noted in the request log. */
import { asMalachiteError } from '@malachite/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestIds } from './request-ids.ts';
import { type RequestRow, requestLog } from './request-log.ts';
import { messageBody, respond, scoringHeaders } from './wire.ts';

/** What the row says beyond the request itself and the status. */
export type RowDetails = Partial<Pick<RequestRow, 'deployment' | 'runMs' | 'rows' | 'error' | 'input' | 'prediction'>>;

/** Who asked, and where the answer goes. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Exchanges {
  /** @param headers name and value in turn */
  answer(exchange: Exchange, status: number, headers: string[], body: string | Buffer, details?: RowDetails): void;
  /** A refusal in the server's own form: `{"message": …}`. */
  refuse(exchange: Exchange, status: number, message: string, deployment?: string): void;
  /** Any thrown value: what the caller did wrong is told, what is our fault goes to the log and the caller learns only that it is. */
  fail(exchange: Exchange, thrown: unknown, deployment?: string): void;
  /** Hands on the last rows. */
  close(): void;
}

const OUR_FAULT = 'An unexpected error occurred in scoring script. Check the logs for more info.';

export interface ExchangeOptions {
  /** Receives rows in batches. */
  readonly onRequests: ((rows: RequestRow[]) => void) | undefined;
  /** Receives what the caller is not told. */
  readonly onLog: ((line: string) => void) | undefined;
}

export function exchanges({ onRequests, onLog }: ExchangeOptions): Exchanges {
  const log = onRequests === undefined ? undefined : requestLog(onRequests);
  const all: Exchanges = {
    answer({ request, reply }, status, headers, body, details) {
      respond(request, reply, status, headers, body);
      log?.add(row(request, status, details));
    },
    refuse(exchange, status, message, deployment) {
      all.answer(exchange, status, scoringHeaders(exchange.request.ids, false), messageBody(message), {
        deployment,
        error: message,
      });
    },
    fail(exchange, thrown, deployment) {
      const error = asMalachiteError(thrown);
      // "Not supported" is about what was asked: the caller's to change.
      if (error.code === 'NotSupported') return all.refuse(exchange, 400, error.message, deployment);
      if (error.status < 500) return all.refuse(exchange, error.status, error.message, deployment);
      onLog?.(`${exchange.request.method} ${exchange.request.url} failed: ${error.stack ?? error.message}`);
      const headers = scoringHeaders(exchange.request.ids, true);
      all.answer(exchange, error.status, headers, messageBody(OUR_FAULT), { deployment, error: error.message });
    },
    close: () => log?.close(),
  };
  return all;
}

function row(request: FastifyRequest, status: number, details: RowDetails = {}): RequestRow {
  const { ids } = request;
  const durationMs = performance.now() - request.arrived;
  return {
    time: Date.now() - durationMs,
    requestId: ids.requestId,
    clientRequestId: ids.clientRequestId,
    method: request.method,
    path: request.url,
    status,
    durationMs,
    runMs: details.runMs ?? 0,
    rows: details.rows ?? 0,
    deployment: details.deployment ?? '',
    error: details.error,
    input: details.input,
    prediction: details.prediction,
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** When the headers arrived, on the clock of `performance.now()`; both are set by the server's first hook. */
    arrived: number;
    ids: RequestIds;
  }
}
