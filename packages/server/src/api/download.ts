/** Bytes of any length, sent as fast as they are taken. */
import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Waits for the first bytes before it answers, so that what does not exist is an error and not an empty file. A failure
 * later breaks the connection: the caller sees a transfer cut short.
 */
export async function sendDownload(
  request: FastifyRequest,
  reply: FastifyReply,
  input: Readonly<Record<string, unknown>>,
  call: (input: unknown) => unknown,
): Promise<FastifyReply> {
  const content = (call(input) as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const first = await content.next();
  const body = Readable.from(resumed(first, content), { objectMode: false });
  body.on('error', (err) => request.log.warn({ err }, 'a download broke'));
  const name = basename(String(input.path ?? input.sha256)).replaceAll(/[^\w.-]/g, '_');
  return reply
    .type('application/octet-stream')
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(body);
}

async function* resumed(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let step = first; !step.done; step = await rest.next()) yield step.value;
  } finally {
    await rest.return?.();
  }
}
