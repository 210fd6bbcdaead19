/**
 * Results of jobs for those who poll: read from the workspace when something has happened in the job, and else told again.
 * Two hundred clients that follow a job ask for it a hundred times a second, and it changes with a trial.
 */
import { type AutoMLResult, type Job, type Training, terminalJobStatuses } from '@malachite/core';

export type Results = {
  /** @throws MalachiteError as the port does. */
  of(job: Job): Promise<AutoMLResult>;
  /** Stops following jobs. */
  close(): void;
};

/** Jobs whose results are kept. */
const most = 64;

export function followResults(training: Training): Results {
  const kept = new Map<string, Promise<AutoMLResult>>();
  const followed = new Map<string, AsyncIterator<unknown>>();
  let isClosed = false;

  /** Forgets the result of a job at each event that comes from now on, until it ends. */
  const follow = async (name: string): Promise<void> => {
    const events = training.events({ name })[Symbol.asyncIterator]();
    followed.set(name, events);
    try {
      while (!(await events.next()).done) kept.delete(name);
    } finally {
      followed.delete(name);
      kept.delete(name);
    }
  };
  const read = (name: string): Promise<AutoMLResult> => {
    const result = training.result({ name });
    kept.set(name, result);
    result.catch(() => kept.delete(name));
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return result;
  };
  return {
    async of({ name, status }) {
      const hasEnded = terminalJobStatuses.has(status);
      const known = kept.get(name);
      if (known && hasEnded !== followed.has(name)) return known;
      if (isClosed) return training.result({ name });
      if (!hasEnded && !followed.has(name)) follow(name).catch(() => kept.delete(name));
      // What is read while the last events are still to come may not be all.
      return read(name);
    },
    close() {
      isClosed = true;
      for (const events of followed.values()) void events.return?.();
    },
  };
}
