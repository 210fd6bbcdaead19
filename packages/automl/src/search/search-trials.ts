/** The search itself: trials side by side in worker threads, until a budget, a limit or the lack of progress ends it. */
import type { AutoMLLimits } from '@malachite/core';
import type { Algorithms } from './algorithms.ts';
import type { AutoMLRequest, TrialRecord } from './api.ts';
import { type Budget, type Later, reasonToStop, workOf } from './budget.ts';
import { isEnsemble } from './ensembles.ts';
import { laterOf } from './later.ts';
import { betterScore } from './measure.ts';
import type { Problem } from './problem.ts';
import { type Outcome, propose } from './proposals.ts';
import { recordTrial } from './records.ts';
import { promotionBar } from './sampling.ts';
import type { Workers } from './workers.ts';

/**
 * Without a time budget a proposal looks only at trials this far behind, so that it does not matter which of the trials
 * between were finished first: up to this many run side by side with the same leaderboard as one by one.
 */
export const lag = 8;

/** Models a worker that wait for their proof: more would only pile up, and the last would come in too late. */
const mostUnproved = 2;

/** Seconds: a model that loads so quickly is proved whatever time is left. */
const quickLoad = 1;

export type Search = {
  readonly problem: Problem;
  readonly algorithms: Algorithms;
  readonly budget: Budget;
  readonly request: AutoMLRequest;
  readonly workers: Workers;
};

/**
 * With a time budget a trial counts when it comes in. Without one trials count in their order: one is told when all before it are in, and
 * the trial that reaches a limit is the last, whatever ran beside it; so the leaderboard is the same with any number of workers.
 *
 * @returns Every record that counts, those of an earlier process included, and why the search ended. An abort ends it early.
 */
export async function searchTrials({
  problem,
  algorithms,
  budget,
  request,
  workers,
}: Search): Promise<{ records: TrialRecord[]; stopReason: string }> {
  const { spec, jobName, onEvent, signal, finished = [] } = request;
  const limits = spec.limits ?? {};
  const better = betterScore(problem);
  const records = new Map<number, TrialRecord>();
  /** Finished, and not counted yet. */
  const waiting = new Map<number, TrialRecord>();
  const told = new Set<number>();
  const fitting = new Set<Promise<void>>();
  const proving = new Set<Promise<void>>();
  let stopReason: string | undefined;
  let ended = false;

  const later = (): Later => laterOf(problem, [...records.values()], workers.count, budget);
  const count = (record: TrialRecord): void => {
    const { iteration } = record.trial;
    waiting.delete(iteration);
    records.set(iteration, record);
    if (!told.has(iteration)) onEvent({ type: 'trial', record, bestScore: bestScore(records.values(), better) });
    const trials = inOrder(records).map(({ trial }) => trial);
    const { planned } = budget.laterWork(later(), workOf(trials));
    const elapsed = budget.timed ? budget.elapsed() : undefined;
    stopReason ??= reasonToStop(trials, limits, better, { elapsed, laterWork: planned });
  };
  const countAll = (): void => {
    const next = (): TrialRecord | undefined => (budget.timed ? waiting.values().next().value : waiting.get(records.size));
    const isOpen = (): boolean =>
      !signal?.aborted && (budget.timed || (stopReason === undefined && records.size < budget.searchTrials));
    for (let record = next(); record && isOpen(); record = next()) count(record);
  };
  for (const record of inOrder(finished)) {
    if (isEnsemble(record)) continue;
    waiting.set(record.trial.iteration, record);
    told.add(record.trial.iteration);
  }
  const begun = new Set(told);
  countAll();

  const start = (iteration: number, seconds: number): void => {
    const seen = visible(records, iteration, budget);
    const outcomes = seen.map((record) => asOutcome(record, better));
    const pipeline = propose(iteration, problem.seed, algorithms.portfolio, algorithms.spaces, outcomes);
    const bar = promotionBar(seen.map(({ trial }) => trial));
    begun.add(iteration);
    // The worker is free for the next trial while this one is proved on this thread.
    track(fitting, workers.trial(iteration, pipeline, budget.trialSeconds(seconds), bar), (answer) => {
      if (ended || signal?.aborted) return;
      track(
        proving,
        recordTrial(problem, jobName, pipeline, answer, budget.elapsed(), Math.max(quickLoad, budget.remaining())),
        (record) => {
          if (ended || signal?.aborted) return;
          waiting.set(iteration, record);
          countAll();
        },
      );
    });
  };

  // Fits end with what they have when the search's time is up; what has not come in soon after is given up.
  let stopping: NodeJS.Timeout | undefined;
  let fullReason: string | undefined;
  try {
    let next = 0;
    // Once nothing can improve the outcome, trials that still run are not waited for.
    while (!signal?.aborted && stopReason === undefined) {
      while (begun.has(next)) next++;
      const seconds = budget.searchSeconds(hasModel(records), later());
      clearTimeout(stopping);
      if (budget.timed) stopping = setTimeout(() => workers.stop(), Math.max(0, 1000 * seconds));
      fullReason ??= reasonForNoMore(records, next, seconds, budget, limits);
      const isReady = workers.idle > 0 && proving.size < mostUnproved * workers.count;
      const isProposable = budget.timed || next - lag < records.size;
      if (fullReason === undefined && isReady && isProposable) start(next, seconds);
      else if (fitting.size + proving.size > 0) {
        const patience = seconds + (hasModel(records) ? budget.graceSeconds(later()) : 0);
        if (patience <= 0) break;
        await orLater([...fitting, ...proving], patience);
      } else break;
    }
  } finally {
    ended = true;
    clearTimeout(stopping);
  }
  return { records: inOrder(records), stopReason: stopReason ?? fullReason ?? 'The job was canceled.' };
}

/** Keeps a promise in a set until it and what follows from its value are done. */
function track<Value>(pending: Set<Promise<void>>, promise: Promise<Value>, then: (value: Value) => void): void {
  const whole: Promise<void> = promise.then(then).finally(() => pending.delete(whole));
  pending.add(whole);
}

/** The best score so far, or null. */
export function bestScore(records: Iterable<TrialRecord>, better: Better): number | null {
  let best: number | null = null;
  for (const { trial } of records) if (trial.score !== null && (best === null || better(trial.score, best))) best = trial.score;
  return best;
}

type Records = ReadonlyMap<number, TrialRecord>;
type Better = (a: number, b: number) => boolean;

/** Why no further trial starts, or undefined. @param seconds Left for the search. */
function reasonForNoMore(
  records: Records,
  next: number,
  seconds: number,
  { searchTrials }: Budget,
  { maxTrials = searchTrials }: AutoMLLimits,
): string | undefined {
  if (next >= searchTrials) return `All ${maxTrials} trials are done.`;
  // A trial that would be cut off in its first half tells little and may come in late.
  if (seconds <= 0 || seconds < 0.5 * medianFitSeconds(records)) return 'The time budget is used.';
  return undefined;
}

/** 0 while no model has come in: then a late one is better than none. */
function medianFitSeconds(records: Records): number {
  if (!hasModel(records)) return 0;
  const seconds = Array.from(records.values(), ({ trial }) => trial.fitSeconds).sort((a, b) => a - b);
  return seconds[seconds.length >> 1] as number;
}

/** Finished trials that a decision about an iteration may look at, in order of iteration. */
function visible(records: Records, iteration: number, budget: Budget): TrialRecord[] {
  return inOrder(records).filter(({ trial }) => budget.timed || trial.iteration <= iteration - lag);
}

function inOrder(records: Records | readonly TrialRecord[]): TrialRecord[] {
  return [...records.values()].sort((a, b) => a.trial.iteration - b.trial.iteration);
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
async function orLater(promises: readonly Promise<void>[], seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<void>((resolve) => {
    if (Number.isFinite(seconds)) timer = setTimeout(resolve, 1000 * seconds);
  });
  await Promise.race([...promises, later]);
  clearTimeout(timer);
}
