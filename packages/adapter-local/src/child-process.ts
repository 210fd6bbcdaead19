/** What job processes and scoring hosts have in common, seen from the workspace that started them. */
import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSameProcess, processStart } from './store/process-identity.ts';

export type ChildOptions = {
  readonly args?: readonly string[];
  /** Flags of Node's; none. */
  readonly execArgv?: readonly string[];
  /** `advanced` carries typed arrays and `undefined`. */
  readonly serialization?: 'json' | 'advanced';
  /** Takes what the process prints, after what is there. */
  readonly outputFile: string;
  /** One more pipe, the process's file descriptor 4; none. */
  readonly extraPipe?: boolean;
};

export type Child = {
  /** `<pid> <start time>`: tells it from a stranger that gets the same pid later. */
  readonly identity: string;
  readonly process: ChildProcess;
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
    stdio: ['ignore', output, output, 'ipc', ...(options.extraPipe ? ['pipe' as const] : [])],
  });
  closeSync(output);
  child.on('message', hear);
  return {
    identity: `${child.pid} ${processStart(child.pid ?? -1) ?? ''}`,
    process: child,
    isConnected: () => child.connected,
    ended: endOf(child),
    send: (message) => void (child.connected && child.send(message, () => {})),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Ends a process that an earlier owner of the home started, and only that one: `identity` as it was recorded. */
export function endOrphan(identity: string | null): void {
  const [pid = '', start = ''] = identity?.split(' ') ?? [];
  if (start !== '' && isSameProcess(Number(pid), start)) process.kill(Number(pid), 'SIGKILL');
}

/**
 * Messages may still be on their way when a process exits; "close" comes after the last. "disconnect" never comes where the receipt of
 * a socket that was sent is still awaited.
 */
async function endOf(child: ChildProcess): Promise<string> {
  const failed = new Promise<string>((settle) => {
    child.once('error', (error) => settle(`could not be started: ${error.message}`));
  });
  const exited = once(child, 'close').then(([code, signal]) =>
    signal ? `was killed (${signal})` : `ended with exit code ${code}`,
  );
  return Promise.race([exited, failed]);
}
