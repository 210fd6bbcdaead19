/** Which job runs when: each compute runs as many at once as it has nodes; the others wait, first come, first served. */
import { availableParallelism } from 'node:os';
import { asMalachiteError, serverlessCompute, terminalJobStatuses } from '@malachite/core';
import type { JobRecords } from './job-records.ts';
import type { JobRun } from './runner.ts';

/** Each job searches with several threads, so jobs share the cores by twos. */
const serverlessNodes = Math.max(1, Math.floor(availableParallelism() / 2));

export type ComputeUsage = { readonly running: number; readonly queued: number };

export type Scheduler = {
  /** Looks for waiting jobs that may start: call it when a job was queued or a compute has changed. */
  wake(): void;
  usage(compute: string): ComputeUsage;
  /** The run of a job that has a process now. */
  running(name: string): JobRun | undefined;
  /** Starts nothing more and gives up what runs; settles when every process has ended. */
  close(): Promise<void>;
};

/**
 * @param nodesOf tells how many jobs a compute runs at once.
 * @param start begins a job.
 * @param onError hears of a failure to look for waiting jobs, such as a full disk; the next `wake` looks again.
 */
export function openScheduler(
  records: JobRecords,
  nodesOf: (compute: string) => Promise<number>,
  start: (name: string) => JobRun,
  onError: (error: unknown) => void,
): Scheduler {
  const runs = new Map<string, { compute: string; run: JobRun }>();
  let closed = false;
  let filling: Promise<void> | undefined;
  let isAskedAgain = false;

  const busy = (compute: string): number => [...runs.values()].filter((entry) => entry.compute === compute).length;
  const waiting = (): { name: string; compute: string }[] => records.withStatus(['Queued']).filter(({ name }) => !runs.has(name));

  const begin = (name: string, compute: string): void => {
    const run = start(name);
    runs.set(name, { compute, run });
    void run.done.finally(() => {
      runs.delete(name);
      wake();
    });
  };

  const fill = async (): Promise<void> => {
    for (const { name, compute } of waiting()) {
      const nodes =
        compute === serverlessCompute ? serverlessNodes : await nodesOf(compute).catch((thrown) => asMalachiteError(thrown));
      if (closed) return;
      // It may have been canceled while the compute was asked.
      if (runs.has(name) || records.get(name).status !== 'Queued') continue;
      if (typeof nodes !== 'number') {
        const { code, message } = nodes;
        records.setStatus(name, 'Failed', { message, error: { code, message } });
      } else if (busy(compute) < nodes) {
        begin(name, compute);
      }
    }
  };

  function wake(): void {
    if (closed) return;
    if (filling) {
      isAskedAgain = true;
      return;
    }
    filling = fill()
      .catch(onError)
      .finally(() => {
        filling = undefined;
        if (isAskedAgain) {
          isAskedAgain = false;
          wake();
        }
      });
  }

  return {
    wake,
    // A process outlives its job by the moment it takes to exit: it holds its node, but no job runs there any more.
    usage: (compute) => ({
      running: [...runs].filter(([name, run]) => run.compute === compute && !terminalJobStatuses.has(records.get(name).status))
        .length,
      queued: waiting().filter((job) => job.compute === compute).length,
    }),
    running: (name) => runs.get(name)?.run,
    async close() {
      closed = true;
      await filling;
      const ending = [...runs.values()].map(({ run }) => {
        run.abandon();
        return run.done;
      });
      await Promise.all(ending);
    },
  };
}
