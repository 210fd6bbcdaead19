/** The answer of an endpoint whose host is not there: written by hand, since nobody here reads HTTP. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { messageBody } from '../http/wire.ts';

/** Seconds; a host is back sooner. */
const RETRY_AFTER = 1;

/** How long a client may go on sending what it began. */
const LINGER_MS = 2_000;

/** Answers 503 and ends the connection, once the client has sent what it is sending: an end before would take the answer with it. */
export function answerUnavailable(socket: Socket, why: string): void {
  const body = messageBody(why);
  const head = [
    'HTTP/1.1 503 Service Unavailable',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `retry-after: ${RETRY_AFTER}`,
    `x-request-id: ${randomUUID()}`,
    'connection: close',
  ];
  const late = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(late));
  socket.on('data', () => {});
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.resume();
}
