/** What a reader is told of a job on Azure, where nobody keeps its events: what has changed since the last look. */
import { type AutoMLResult, type Job, type JobEvent, jobStatuses, terminalJobStatuses } from '@malachite/core';

/** An event before it is counted. */
type Happening = JobEvent extends infer E ? (E extends JobEvent ? Omit<E, 'sequence'> : never) : never;

/**
 * Everything that can be said of the job now, in the order in which it happened, with a key that stays the same at every
 * look. A job that ran between two looks has run: its start is on record.
 */
export function happenings(job: Job, result: AutoMLResult, isLowerBetter: boolean): ReadonlyMap<string, Happening> {
  const found = new Map<string, Happening>();
  const status = (word: Job['status'], time: string | null, message?: string) => {
    if (time !== null) found.set(word, { type: 'status', time, status: word, ...(message !== undefined && { message }) });
  };
  status('Queued', job.createdAt);
  // A job that is being prepared has a start already.
  if (jobStatuses.indexOf(job.status) >= jobStatuses.indexOf('Running')) status('Running', job.startTime);
  if (result.guardrails.length > 0) {
    found.set('guardrails', { type: 'guardrails', time: job.startTime ?? job.createdAt, guardrails: result.guardrails });
  }
  let bestScore: number | null = null;
  for (const trial of result.trials.toSorted((a, b) => a.finishedAtSeconds - b.finishedAtSeconds || a.iteration - b.iteration)) {
    if (trial.score !== null && (bestScore === null || isLowerBetter === trial.score < bestScore)) bestScore = trial.score;
    const time = new Date(Date.parse(job.startTime ?? job.createdAt) + 1000 * trial.finishedAtSeconds).toISOString();
    found.set(trial.name, { type: 'trial', time, trial, bestScore });
  }
  const isLater = !['NotStarted', 'Queued', 'Running'].includes(job.status);
  if (isLater) status(job.status, job.endTime ?? new Date().toISOString(), job.error?.message);
  return found;
}

export const hasEnded = ({ status }: Job): boolean => terminalJobStatuses.has(status);
