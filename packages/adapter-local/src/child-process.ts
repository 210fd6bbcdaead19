/** Processes of this program, seen from the workspace that started them: one of a job, and how any is told from a stranger. */
import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { processEnd } from '@malachite/scoring/supervision';
import { isSameProcess, processStart } from './store/process-identity.ts';

export type ChildOptions = {
  readonly args?: readonly string[];
  /** Flags of Node's; none. */
  readonly execArgv?: readonly string[];
  /** `advanced` carries typed arrays and `undefined`. */
  readonly serialization?: 'json' | 'advanced';
  /** Takes what the process prints, after what is there. */
  readonly outputFile: string;
};

export type Child = {
  /** As `processIdentity` says. */
  readonly identity: string;
  readonly isConnected: () => boolean;
  /** Settles when it has ended and all it told has been heard: how it ended, in words. */
  readonly ended: Promise<string>;
  /** To a process that has just died nothing is sent; its end is told by `ended`. */
  send(message: Serializable): void;
  kill(): void;
};

/**
 * Starts a file of this program as a process with a message channel.
 * @param hear is called with each message, in order.
 */
export function startChild(entry: string | URL, options: ChildOptions, hear: (message: unknown) => void): Child {
  mkdirSync(dirname(options.outputFile), { recursive: true });
  const output = openSync(options.outputFile, 'a');
  const child = fork(entry, options.args ?? [], {
    serialization: options.serialization ?? 'json',
    execArgv: [...(options.execArgv ?? [])],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  child.on('message', hear);
  return {
    identity: processIdentity(child),
    isConnected: () => child.connected,
    ended: processEnd(child),
    send: (message) => void (child.connected && child.send(message, () => {})),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** `<pid> <start time>`: tells a process from a stranger that gets the same pid later. */
export function processIdentity({ pid = -1 }: ChildProcess): string {
  return `${pid} ${processStart(pid) ?? ''}`;
}

/** Ends a process that an earlier owner of the home started, and only that one: `identity` as it was recorded. */
export function endOrphan(identity: string | null): void {
  const [pid = '', start = ''] = identity?.split(' ') ?? [];
  if (start === '' || !isSameProcess(Number(pid), start)) return;
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile, as all do whose owner is gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
