import type { Operation } from '@malachite/core';
import { broken, type Connection, type Input, send } from './connection.ts';

/** The bytes as they come. A reader that leaves early ends the transfer; a transfer that breaks is an error, never a short file. */
export async function* callDownload(connection: Connection, operation: Operation, input: Input): AsyncGenerator<Uint8Array> {
  const response = await send(connection, operation, input, { accept: 'application/octet-stream' });
  try {
    if (response.body) yield* response.body;
  } catch (thrown) {
    throw broken(connection, thrown);
  }
}
