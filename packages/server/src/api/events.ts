/** Events as they happen, server-sent; the format is described in core's `wire.ts`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerTo, bodyOf } from '../errors.ts';

/** Milliseconds between comments that keep proxies and clients from taking a quiet stream for a dead one. */
const heartbeatMs = 15_000;
/** Milliseconds that an answer waits for the first event, so that what does not exist is a 404 and not a stream. */
const firstEventMs = 200;

export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  input: Readonly<Record<string, unknown>>,
  call: (input: unknown) => unknown,
): Promise<FastifyReply> {
  const { raw } = reply;
  const left = new Promise<void>((resolve) => raw.once('close', resolve));
  raw.on('error', (err) => request.log.debug({ err }, 'a reader of events left while one was sent'));
  const events = (call(input) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const first = events.next();
  await Promise.race([first, delay(firstEventMs)]);

  reply.hijack();
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  raw.write(': events\n\n');
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
  // A source that waits for its next event ends when that comes; nobody waits for it here.
  left
    .then(() => {
      clearInterval(heartbeat);
      return events.return?.();
    })
    .catch((err: unknown) => request.log.warn({ err }, 'a source of events did not end well'));
  try {
    for (let step = await first; !step.done && !raw.closed; step = await events.next()) {
      if (!raw.write(messageOf(step.value))) await Promise.race([new Promise((resolve) => raw.once('drain', resolve)), left]);
    }
    raw.write('event: end\ndata: {}\n\n');
  } catch (thrown) {
    raw.write(`event: error\ndata: ${JSON.stringify(bodyOf(answerTo(thrown, request).error))}\n\n`);
  }
  clearInterval(heartbeat);
  raw.end();
  return reply;
}

/** What a browser's EventSource sends when it comes back: the sequence it has seen last. */
export function lastEventId(request: FastifyRequest): { readonly after?: number } {
  const seen = Number(request.headers['last-event-id']);
  return Number.isSafeInteger(seen) && seen > 0 ? { after: seen } : {};
}

function messageOf(event: unknown): string {
  const { sequence } = event as { readonly sequence?: number };
  return `${sequence === undefined ? '' : `id: ${sequence}\n`}data: ${JSON.stringify(event)}\n\n`;
}
