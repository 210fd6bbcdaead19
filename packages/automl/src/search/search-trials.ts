/** The search itself: trials side by side in worker threads, until a budget, a limit or the lack of progress ends it. */
import { availableParallelism } from 'node:os';
import type { AutoMLLimits } from '@malachite/core';
import type { Algorithms } from './algorithms.ts';
import type { AutoMLRequest, TrialRecord } from './api.ts';
import { type Budget, reasonToStop } from './budget.ts';
import { isEnsemble } from './ensembles.ts';
import { betterScore } from './measure.ts';
import type { Problem } from './problem.ts';
import { type Outcome, propose } from './proposals.ts';
import { recordTrial } from './records.ts';
import { startWorkers } from './workers.ts';

/**
 * Without a time budget a proposal looks only at trials this far behind, so that it does not matter which of the trials
 * between were finished first: up to this many run side by side with the same leaderboard as one by one.
 */
const lag = 8;

export type Search = {
  readonly problem: Problem;
  readonly algorithms: Algorithms;
  readonly budget: Budget;
  readonly request: AutoMLRequest;
};

/** @returns Every record there is, those of an earlier process included, and why the search ended. An abort ends it early. */
export async function searchTrials({
  problem,
  algorithms,
  budget,
  request,
}: Search): Promise<{ records: TrialRecord[]; stopReason: string }> {
  const { spec, jobName, onEvent, signal, finished = [] } = request;
  const better = betterScore(problem);
  const records = new Map<number, TrialRecord>();
  for (const record of finished) if (!isEnsemble(record)) records.set(record.trial.iteration, record);
  const workers = startWorkers(Math.min(spec.limits?.maxConcurrentTrials ?? availableParallelism(), lag), problem);
  const running = new Map<number, Promise<void>>();
  let ended = false;

  const start = (iteration: number): Promise<void> => {
    const seen = visible(records, iteration, budget).map((record) => asOutcome(record, better));
    const pipeline = propose(iteration, problem.seed, algorithms.portfolio, algorithms.spaces, seen);
    return workers.start(iteration, pipeline, budget.trialSeconds()).then(async (answer) => {
      if (ended || signal?.aborted) return;
      const record = await recordTrial(problem, jobName, pipeline, answer, budget.elapsed());
      if (ended || signal?.aborted) return;
      records.set(iteration, record);
      onEvent({ type: 'trial', record, bestScore: bestScore(records.values(), better) });
    });
  };

  // Fits end with what they have when the search's time is up; what has not come in soon after is given up.
  const stop = (): void => workers.stop();
  signal?.addEventListener('abort', stop);
  const stopping = budget.timed ? setTimeout(stop, Math.max(0, 1000 * budget.searchSeconds())) : undefined;
  let stopReason: string | undefined;
  try {
    let next = 0;
    while (!signal?.aborted) {
      while (records.has(next) || running.has(next)) next++;
      // Without a time budget nothing is decided before the trials it may look at are all in: else the order would decide.
      const isDecidable = budget.timed || isSettled(records, next - lag);
      if (isDecidable) stopReason ??= reasonToEnd(records, next, budget, spec.limits ?? {}, better);
      const mayStart = isDecidable && stopReason === undefined && workers.idle > 0;
      if (mayStart) {
        const iteration = next;
        running.set(
          iteration,
          start(iteration).finally(() => running.delete(iteration)),
        );
      } else if (running.size > 0) {
        const patience = budget.searchSeconds() + (hasModel(records) ? budget.graceSeconds : budget.lastGraceSeconds);
        if (patience <= 0) break;
        await orLater(running.values(), patience);
      } else break;
    }
  } finally {
    ended = true;
    clearTimeout(stopping);
    signal?.removeEventListener('abort', stop);
    await workers.close();
  }
  return { records: [...records.values()], stopReason: stopReason ?? 'The job was canceled.' };
}

/** The best score so far, or null. */
export function bestScore(records: Iterable<TrialRecord>, better: Better): number | null {
  let best: number | null = null;
  for (const { trial } of records) if (trial.score !== null && (best === null || better(trial.score, best))) best = trial.score;
  return best;
}

type Records = ReadonlyMap<number, TrialRecord>;
type Better = (a: number, b: number) => boolean;

/** Why no further trial starts, or undefined. */
function reasonToEnd(records: Records, next: number, budget: Budget, limits: AutoMLLimits, better: Better): string | undefined {
  if (next >= budget.searchTrials) return `All ${limits.maxTrials ?? budget.searchTrials} trials are done.`;
  if (budget.searchSeconds() <= 0) return 'The time budget is used.';
  return reasonToStop(
    visible(records, next, budget).map(({ trial }) => trial),
    limits,
    better,
  );
}

/** Finished trials that a decision about an iteration may look at, in order of iteration. */
function visible(records: Records, iteration: number, budget: Budget): TrialRecord[] {
  return [...records.values()]
    .filter(({ trial }) => budget.timed || trial.iteration <= iteration - lag)
    .sort((a, b) => a.trial.iteration - b.trial.iteration);
}

function isSettled(records: Records, upTo: number): boolean {
  for (let iteration = 0; iteration <= upTo; iteration++) if (!records.has(iteration)) return false;
  return true;
}

function asOutcome({ trial }: TrialRecord, better: Better): Outcome {
  const loss = trial.score === null ? null : better(1, 0) ? -trial.score : trial.score;
  const params = trial.parameters as Outcome['spec']['params'];
  return { spec: { algorithm: trial.algorithm, preprocessor: trial.preprocessor, params }, loss, work: trial.work };
}

/** Whether something other than the baseline has been found. */
function hasModel(records: Records): boolean {
  return records.values().some(({ onnx, trial }) => onnx !== undefined && trial.algorithm !== 'Prior');
}

/** Waits for the first of some promises, or so many seconds; without end when they are infinite. */
async function orLater(promises: Iterable<Promise<void>>, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<void>((resolve) => {
    if (Number.isFinite(seconds)) timer = setTimeout(resolve, 1000 * seconds);
  });
  await Promise.race([...promises, later]);
  clearTimeout(timer);
}
