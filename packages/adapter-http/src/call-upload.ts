import type { Operation } from '@malachite/core';
import { broken, type Connection, send } from './connection.ts';

/** Streams bytes to the server as fast as it keeps them, and answers what it made of them. */
export async function callUpload(
  connection: Connection,
  operation: Operation,
  content: AsyncIterable<Uint8Array>,
): Promise<unknown> {
  let failure: { readonly thrown: unknown } | undefined;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* content;
    } catch (thrown) {
      failure = { thrown };
      throw thrown;
    }
  }
  try {
    const response = await send(
      connection,
      operation,
      {},
      {
        accept: 'application/json',
        content: { type: 'application/octet-stream', body: ReadableStream.from(source()) },
      },
    );
    return await response.json();
  } catch (thrown) {
    // What the caller's own source threw is the caller's; fetch would hide it.
    if (failure) throw failure.thrown;
    throw broken(connection, thrown);
  }
}
