/** Follows a stream of events, and comes back when the connection breaks, until the server says that it has ended. */
import { setTimeout as delay } from 'node:timers/promises';
import { MalachiteError, type Operation } from '@malachite/core';
import { broken, type Connection, errorIn, type Input, send } from './connection.ts';
import { type Message, readMessages } from './server-sent-events.ts';

/** Milliseconds before each attempt to reach a server that is gone: about ten seconds, enough for one that restarts. */
const reconnectDelays = [100, 200, 400, 800, 1600, 3200, 3200];

/**
 * The events in order, each once. A stream whose input takes `after` goes on behind the last sequence seen; one of
 * states begins anew with the state now, which is passed over when it has been seen. A reader that leaves ends the
 * request, also while it waits for an event.
 */
export function callEvents(connection: Connection, operation: Operation, input: Input): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const leaving = new AbortController();
      const events = follow(connection, operation, input, leaving.signal);
      return {
        next: () => events.next(),
        async return() {
          leaving.abort();
          await events.return(undefined);
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function* follow(
  connection: Connection,
  operation: Operation,
  input: Input,
  leaving: AbortSignal,
): AsyncGenerator<unknown> {
  let connected = false;
  let failures = 0;
  let seen: Message | undefined;
  for (;;) {
    let said: MalachiteError | undefined;
    try {
      const resume = seen?.id === undefined ? {} : { after: seen.id };
      const response = await send(
        connection,
        operation,
        { ...input, ...resume },
        { accept: 'text/event-stream', signal: leaving },
      );
      connected = true;
      for await (const message of readMessages(response.body ?? ReadableStream.from<Uint8Array>([]))) {
        if (message.event === 'end') return;
        if (message.event === 'error') {
          said = errorIn(message.data) ?? new MalachiteError('Failed', message.data);
          throw said;
        }
        const known = failures > 0 && message.data === seen?.data;
        failures = 0;
        seen = message;
        if (!known) yield JSON.parse(message.data);
      }
      throw new Error('the stream of events stopped before its end');
    } catch (thrown) {
      if (leaving.aborted) return;
      const error = said ?? broken(connection, thrown);
      const wait = reconnectDelays[failures];
      if (said || !connected || wait === undefined || error.code !== 'Unavailable') throw error;
      failures += 1;
      await delay(wait, undefined, { signal: AbortSignal.any([connection.signal, leaving]) }).catch(() => undefined);
    }
  }
}
