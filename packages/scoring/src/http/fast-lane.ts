/**
 * The way of nearly all requests: `POST /score` with a JSON body of a known length, read and answered without fastify. Node's server has
 * parsed and checked the head as always; whatever is the least bit unusual goes the way of all other routes.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { MalachiteError } from '@malachite/core/errors';
import { isJson } from '../wire/content-type.ts';
import type { Exchanges, ScoringRequest } from './exchange.ts';
import type { RequestIds } from './request-ids.ts';
import type { Gate, ScoreHandler } from './score-route.ts';
import type { Reply } from './wire.ts';

export interface FastLaneOptions {
  readonly idsOf: (headers: IncomingMessage['headers']) => RequestIds;
  readonly gate: Gate;
  readonly score: ScoreHandler;
  readonly exchanges: Exchanges;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Whether the lane is closed: a server that ends refuses what still comes. */
  readonly isClosed: () => boolean;
}

const routeOptions = { url: '/score' };

/** Puts the lane before what listens to the server's requests now. */
export function openFastLane(server: Server, options: FastLaneOptions): void {
  const [others] = server.listeners('request') as [RequestListener];
  server.removeListener('request', others);
  server.on('request', (raw, response) => {
    if (!isOrdinary(raw, options.bodyLimit) || options.isClosed()) others(raw, response);
    else takeLane(raw, response, options);
  });
}

function isOrdinary({ method, url, headers }: IncomingMessage, bodyLimit: number): boolean {
  if (method !== 'POST' || url !== '/score') return false;
  // An empty body, one that is too long, and one of unknown length have answers of their own.
  const length = Number(headers['content-length']);
  return length > 0 && length <= bodyLimit && headers['transfer-encoding'] === undefined && isJson(headers['content-type']);
}

function takeLane(raw: IncomingMessage, response: ServerResponse, { idsOf, gate, score, exchanges }: FastLaneOptions): void {
  const { headers } = raw;
  const request: Writable<ScoringRequest> = {
    method: 'POST',
    url: '/score',
    headers,
    raw,
    body: undefined,
    query: {},
    params: {},
    routeOptions,
    arrived: performance.now(),
    ids: idsOf(headers),
  };
  const reply: Reply = { raw: response, hijack() {} };
  if (!gate(request, reply)) return;
  const chunks: Buffer[] = [];
  const onError = (cause: Error): void => {
    exchanges.fail(
      { request, reply },
      new MalachiteError('InvalidInput', `The body cannot be read: ${cause.message}`, { cause }),
    );
  };
  raw.on('data', (chunk: Buffer) => chunks.push(chunk));
  raw.on('error', onError);
  raw.on('end', () => {
    // A client that leaves now has no part in the answer.
    raw.removeListener('error', onError);
    request.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    void score(request, reply);
  });
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
