/** One job process, seen from the workspace: started, listened to, asked to stop. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { processStart } from '../store/process-identity.ts';
import type { JobOrder, JobReport } from './process-messages.ts';

export type JobProcess = {
  /** `<pid> <start time>`: tells it from a stranger that gets the same pid later. */
  readonly identity: string;
  /** Settles when it has ended and everything it reported has been heard: how it ended, in words. */
  readonly ended: Promise<string>;
  /** Asks it to stop; finished trials are kept. It is killed when it has not ended `graceMs` later. */
  cancel(graceMs: number): void;
  /** Ends it at once; what it has not reported is lost and done again after a restart. */
  kill(): void;
};

/**
 * Starts the process and gives it its work.
 * @param logFile takes what it prints, after what is there.
 * @param hear is called with each report, in order.
 */
export function startJobProcess(
  order: Extract<JobOrder, { type: 'start' }>,
  logFile: string,
  hear: (report: JobReport) => void,
): JobProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = fork(new URL('./process.ts', import.meta.url), [order.jobName], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  child.on('message', (report) => hear(report as JobReport));
  send(child, order);
  let graceOver: NodeJS.Timeout | undefined;
  return {
    identity: `${child.pid} ${processStart(child.pid ?? -1) ?? ''}`,
    ended: endOf(child).finally(() => clearTimeout(graceOver)),
    cancel(graceMs) {
      send(child, { type: 'cancel' });
      graceOver ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** A process that has just died takes no orders; its end is told by `ended`. */
function send(child: ChildProcess, order: JobOrder): void {
  if (child.connected) child.send(order, () => {});
}

/** Reports may still be on their way when a process exits; the channel closes after the last. */
async function endOf(child: ChildProcess): Promise<string> {
  const failed = new Promise<string>((settle) =>
    child.once('error', (error) => settle(`could not be started: ${error.message}`)),
  );
  const exited = Promise.all([once(child, 'exit'), child.connected ? once(child, 'disconnect') : undefined]).then(
    ([[code, signal]]) => (signal ? `was killed (${signal})` : `ended with exit code ${code}`),
  );
  return Promise.race([exited, failed]);
}
