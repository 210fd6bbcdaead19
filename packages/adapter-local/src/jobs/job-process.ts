/** One job process, seen from the workspace: started, listened to, asked to stop. */
import { type Child, startChild } from '../child-process.ts';
import type { JobOrder, JobReport } from './process-messages.ts';

export type JobProcess = Pick<Child, 'identity' | 'ended'> & {
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
  const child = startChild(
    new URL('./process.ts', import.meta.url),
    { args: [order.jobName], serialization: 'advanced', outputFile: logFile },
    (report) => hear(report as JobReport),
  );
  const send = (message: JobOrder): void => child.send(message);
  send(order);
  let graceOver: NodeJS.Timeout | undefined;
  return {
    identity: child.identity,
    ended: child.ended.finally(() => clearTimeout(graceOver)),
    cancel(graceMs) {
      send({ type: 'cancel' });
      graceOver ??= setTimeout(child.kill, graceMs);
    },
    kill: child.kill,
  };
}
