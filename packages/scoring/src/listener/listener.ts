/**
 * The port of an endpoint, and its connections, kept in a process that runs no model: the host behind it may die at any moment.
 *
 * A connection is accepted here and given to the host, which reads and answers it by itself: a request crosses no process. A second
 * handle of it stays here. When the host dies, a connection with a request gets the answer that the host owes, 503 and why; where a part
 * of an answer may be sent it is only ended; one without a request is given to the next host, and its client notices nothing. What comes
 * meanwhile waits, or is told to come again.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { MalachiteError } from '@malachite/core/errors';
import type { GivenConnection } from '../host-messages.ts';
import { type ConnectionState, STATES_FD, stateReader } from './connection-states.ts';
import { answerUnavailable } from './unavailable.ts';

export interface Listener {
  readonly port: number;
  /** Connections whose request is with the host, or was a moment ago. */
  busy(): number;
  /** Gives the connections that are here and all that come to a host that is ready. */
  attach(host: ChildProcess): void;
  /**
   * The host has ended: the requests that were with it are answered 503 with the reason, or cut off in the middle of their answer; what
   * comes waits for the next host, for a while, then is answered 503 too.
   *
   * @param why a sentence
   * @returns how many requests were with it
   */
  detach(why: string): Promise<number>;
  /** Nothing new is accepted; what is with the host goes on. */
  stop(): void;
  /** Ends all connections. */
  close(): void;
}

export interface ListenerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** `127.0.0.1`. */
  readonly host?: string;
  /** How long a request waits for a host; five seconds, Azure's own limit of a request. */
  readonly patienceMs?: number;
}

interface Held {
  readonly id: number;
  readonly socket: Socket;
  /** As the host told. */
  state: Exclude<ConnectionState, 'closed'>;
}

interface Attached {
  readonly process: ChildProcess;
  /** Settles when all that the host told of its connections has been heard. */
  readonly heard: Promise<unknown>;
}

/** @throws Conflict when the port is taken, InvalidInput when this machine has no such address or port to give */
export async function openListener({ port, host = '127.0.0.1', patienceMs = 5_000 }: ListenerOptions): Promise<Listener> {
  const held = new Map<number, Held>();
  let attached: Attached | undefined;
  /** Why requests are refused; undefined while they wait, or are answered. */
  let refusing: string | undefined;
  let patience: NodeJS.Timeout | undefined;
  let lastId = 0;

  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    const connection: Held = { id: ++lastId, socket, state: 'idle' };
    held.set(connection.id, connection);
    // The client may be gone before there is anything to say to it.
    socket.on('error', () => {});
    if (attached !== undefined) give(attached.process, connection);
    else if (refusing !== undefined) refuse(connection, refusing);
  });
  await listen(server, port, host);

  const give = (process: ChildProcess, { id, socket }: Held): void => {
    const message: GivenConnection = { type: 'connection', id };
    process.send(message, socket, { keepOpen: true }, () => {});
  };
  const owed = (): Held[] => [...held.values()].filter(({ state }) => state !== 'idle');
  const drop = ({ id, socket }: Held): void => {
    held.delete(id);
    socket.destroy();
  };
  /** Whether it has asked already is not looked at: a socket that was read here could not be given to a host. */
  const refuse = ({ id, socket }: Held, why: string): void => {
    held.delete(id);
    answerUnavailable(socket, why);
  };

  return {
    port: (server.address() as AddressInfo).port,
    busy: () => owed().length,
    attach(process) {
      clearTimeout(patience);
      patience = undefined;
      refusing = undefined;
      const states = process.stdio[STATES_FD] as Readable;
      const read = stateReader((id, state) => {
        const connection = held.get(id);
        if (connection === undefined) return;
        if (state === 'closed') drop(connection);
        else connection.state = state;
      });
      states.on('data', read);
      attached = { process, heard: once(states, 'close') };
      for (const connection of held.values()) give(process, connection);
    },
    async detach(why) {
      const before = attached;
      attached = undefined;
      // A host that dies while it starts was never attached: what waits has waited since the one before.
      if (refusing === undefined) {
        patience ??= setTimeout(() => {
          refusing = why;
          for (const connection of held.values()) refuse(connection, why);
        }, patienceMs).unref();
      }
      await before?.heard;
      const lost = owed();
      for (const connection of lost) {
        // What followed half an answer would be read as the rest of it.
        if (connection.state === 'answering') drop(connection);
        else refuse(connection, why);
      }
      return lost.length;
    },
    stop: () => void server.close(),
    close() {
      clearTimeout(patience);
      server.close();
      for (const connection of held.values()) drop(connection);
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      const sentence = `Port ${port} is taken by another program; choose another, or 0 for any free one.`;
      throw new MalachiteError('Conflict', sentence, { cause });
    }
    throw new MalachiteError('InvalidInput', `Nothing can listen on port ${port} of "${host}": ${message}.`, { cause });
  }
}
