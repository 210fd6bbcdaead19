/** Writes answers straight to the socket: fastify routes and reads bodies, the wire is ours to the byte. */
import type { ServerResponse } from 'node:http';
import manifest from '../../package.json' with { type: 'json' };
import { jsonText } from '../wire/python-json.ts';
import { idHeaders, type RequestIds } from './request-ids.ts';

const SERVER_VERSION = `malachite/${manifest.version}`;

export const JSON_TYPE = 'application/json';
export const TEXT_TYPE = 'text/plain; charset=utf-8';
export const HTML_TYPE = 'text/html; charset=utf-8';

/** Where an answer goes: fastify's reply, or what stands for it where fastify is left out. */
export interface Reply {
  readonly raw: ServerResponse;
  /** Tells fastify that the answer is ours to write. */
  hijack(): unknown;
}

/** @param headers name and value in turn */
export function respond(
  { method }: { readonly method: string },
  reply: Reply,
  status: number,
  headers: string[],
  body: string | Buffer,
): void {
  reply.hijack();
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  reply.raw.writeHead(status, ['content-length', String(length), ...headers]);
  if (method === 'HEAD') reply.raw.end();
  // Head and body leave in one write; without a character beyond ASCII, which nearly no answer has, it needs no encoding.
  else if (typeof body === 'string') reply.raw.end(body, length === body.length ? 'latin1' : 'utf8');
  else reply.raw.end(body);
}

/** The headers of every answer that a scoring function or its absence of one made. */
export function scoringHeaders(ids: RequestIds, failed: boolean): string[] {
  return [
    'content-type',
    JSON_TYPE,
    'x-ms-run-function-failed',
    failed ? 'True' : 'False',
    'x-ms-server-version',
    SERVER_VERSION,
    ...idHeaders(ids),
  ];
}

/** The headers of the health answer. */
export function healthHeaders(ids: RequestIds): string[] {
  return ['content-type', HTML_TYPE, 'x-ms-server-version', SERVER_VERSION, ...idHeaders(ids)];
}

/** 404 and 405 carry no ids. */
export const bareHeaders: readonly string[] = ['content-type', JSON_TYPE, 'x-ms-run-function-failed', 'False'];

export function messageBody(message: string): string {
  return `{"message": ${jsonText(message)}}`;
}

/** An error in the words of the route's own protocol. */
export function errorBody(path: string, message: string): string {
  return path.startsWith('/v2') ? `{"error": ${jsonText(message)}}` : messageBody(message);
}
