/** A host's side of the listener: the connections it was given, and what it tells of them. */
import { writeSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { encodeState, STATES_FD } from './connection-states.ts';

export interface TakenConnections {
  /** @param socket undefined when the client has left meanwhile */
  take(id: number, socket: Socket | undefined): void;
  /** To be called when a request's headers have arrived, before anything is done with it. */
  begin(request: IncomingMessage, response: ServerResponse): void;
}

interface Taken {
  readonly id: number;
  /** Said to be busy. It stays so between the requests of a busy client: nothing is told then. */
  isBusy: boolean;
  /** To the last request. */
  response: ServerResponse | undefined;
}

/** How long after its last answer a connection is said to be idle. */
const IDLE_AFTER_MS = 250;

export function takenConnections(accept: (socket: Socket) => void): TakenConnections {
  const taken = new WeakMap<Socket, Taken>();
  const busy = new Set<Taken>();
  let isWatching = false;

  const tellIdle = (): void => {
    for (const connection of busy) {
      if (connection.response?.writableFinished !== true) continue;
      connection.isBusy = false;
      connection.response = undefined;
      busy.delete(connection);
      tell(connection.id, 'idle');
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
      const connection: Taken = { id, isBusy: false, response: undefined };
      taken.set(socket, connection);
      socket.once('close', () => {
        busy.delete(connection);
        tell(id, 'closed');
      });
      accept(socket);
    },
    begin({ socket }, response) {
      const connection = taken.get(socket);
      if (connection === undefined) return;
      connection.response = response;
      if (connection.isBusy) return;
      connection.isBusy = true;
      busy.add(connection);
      tell(connection.id, 'busy');
      watch();
    },
  };
}

function tell(...state: Parameters<typeof encodeState>): void {
  try {
    writeSync(STATES_FD, encodeState(...state));
  } catch {
    // The listener is gone, and this process ends with it.
  }
}
