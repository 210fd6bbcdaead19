/** A scoring host behind a listener, as a workspace has it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromHost, ToHost } from './host-messages.ts';
import { hostEntry } from './index.ts';

export interface TestHost {
  readonly child: ChildProcess;
  tell(message: ToHost): void;
  /** The next message of a type, those that have come included. */
  next<T extends FromHost['type']>(type: T): Promise<Extract<FromHost, { type: T }>>;
}

export function testHost(): TestHost {
  const child = fork(hostEntry, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'] });
  // Several messages may come in one turn: kept here until they are asked for.
  const received: FromHost[] = [];
  child.on('message', (message: FromHost) => received.push(message));
  return {
    child,
    tell: (message) => void child.send(message),
    async next(type) {
      for (;;) {
        const found = received.findIndex((message) => message.type === type);
        if (found !== -1) return received.splice(0, found + 1)[found] as Extract<FromHost, { type: typeof type }>;
        await once(child, 'message');
      }
    },
  };
}
