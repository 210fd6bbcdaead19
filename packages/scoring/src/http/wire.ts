/** Writes answers straight to the socket: fastify routes and reads bodies, the wire is ours to the byte. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };
import { jsonText } from '../wire/python-json.ts';
import { idHeaders, type RequestIds } from './request-ids.ts';

const SERVER_VERSION = `malachite/${manifest.version}`;

export const JSON_TYPE = 'application/json';
export const HTML_TYPE = 'text/html; charset=utf-8';

/** @param headers name and value in turn */
export function respond(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: string[],
  body: string | Buffer,
): void {
  reply.hijack();
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  reply.raw.writeHead(status, ['content-length', String(length), ...headers]);
  if (request.method === 'HEAD') reply.raw.end();
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
