/** A host's side of the listener: the connections it was given, and what it tells of them. */
import { writeSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ConnectionState, encodeState, STATES_FD } from './connection-states.ts';

export interface TakenConnections {
  /** @param socket undefined when the client has left meanwhile */
  take(id: number, socket: Socket | undefined): void;
  /** To be called when a request's headers have arrived, before anything is done with it. */
  begin(request: IncomingMessage, response: ServerResponse): void;
}

interface Taken {
  readonly id: number;
  /** As it was told. It stays busy between the requests of a busy client: nothing is told then. */
  state: ConnectionState;
  /** To the last request. */
  response: ServerResponse | undefined;
}

/** What a connection takes at once; of more, a part may be on its way while the rest waits here. */
const AT_ONCE_BYTES = 16 * 1024;

/** How long after its last answer a connection is said to be idle. */
const IDLE_AFTER_MS = 250;

export function takenConnections(accept: (socket: Socket) => void): TakenConnections {
  const taken = new WeakMap<Socket, Taken>();
  const busy = new Set<Taken>();
  let isWatching = false;

  const become = (connection: Taken, state: ConnectionState): void => {
    if (connection.state === state) return;
    connection.state = state;
    tell(connection.id, state);
  };
  const tellIdle = (): void => {
    for (const connection of busy) {
      if (connection.response?.writableFinished !== true) continue;
      connection.response = undefined;
      busy.delete(connection);
      become(connection, 'idle');
    }
    isWatching = false;
    watch();
  };
  const watch = (): void => {
    if (isWatching || busy.size === 0) return;
    isWatching = true;
    setTimeout(tellIdle, IDLE_AFTER_MS).unref();
  };

  return {
    take(id, socket) {
      if (socket === undefined) return tell(id, 'closed');
      const connection: Taken = { id, state: 'idle', response: undefined };
      taken.set(socket, connection);
      socket.once('close', () => {
        busy.delete(connection);
        become(connection, 'closed');
      });
      watchWrites(socket, () => become(connection, 'answering'));
      accept(socket);
    },
    begin({ socket }, response) {
      const connection = taken.get(socket);
      if (connection === undefined) return;
      connection.response = response;
      // A request may come while the answer to the one before is on its way.
      if (connection.state === 'busy' || socket.writableLength > 0) return;
      become(connection, 'busy');
      busy.add(connection);
      watch();
    },
  };
}

/** Calls back before a write that may leave in parts, and after one that did. */
function watchWrites(socket: Socket, onParts: () => void): void {
  const write = socket.write.bind(socket);
  const uncork = socket.uncork.bind(socket);
  socket.write = (chunk: string | Uint8Array, ...rest: never[]) => {
    if (socket.writableLength + chunk.length > AT_ONCE_BYTES) onParts();
    return write(chunk, ...rest);
  };
  socket.uncork = () => {
    uncork();
    if (socket.writableLength > 0) onParts();
  };
}

function tell(...state: Parameters<typeof encodeState>): void {
  try {
    writeSync(STATES_FD, encodeState(...state));
  } catch {
    // The listener is gone, and this process ends with it.
  }
}
