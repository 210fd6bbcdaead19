/**
 * Final fits on all rows after a hold-out: the members of an ensemble were judged by models that lacked the rows held out, and are
 * fitted once more with the parameters and the number of rounds that they settled on. No row judges anything after that, so
 * nothing leaks. Trials of folds have done so already.
 */
import type { TrialRecord } from './api.ts';
import { secondsToFit, settledSpec } from './finalists.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore } from './measure.ts';
import type { Problem } from './problem.ts';
import type { ExportedFit } from './trial.ts';
import { type Workers, workThrough } from './workers.ts';

/** Fits on all rows that are planned for: an ensemble has seldom more members that count. */
const plannedMembers = 5;

/** A member of an ensemble as it is exported. */
export type FinalModel = { readonly onnx: Uint8Array; readonly parityPredictions: Float64Array; readonly work: number };

/** Final models by iteration: both ensembles share them. */
export type Refits = {
  /** The final models of these trials, in their order: fitted on all rows, or as they were judged where time did not suffice. */
  finalModels(records: readonly TrialRecord[], seconds: number): Promise<FinalModel[]>;
};

export function openRefits(problem: Problem, workers: Workers): Refits {
  const known = new Map<number, ExportedFit>();
  return {
    async finalModels(records, seconds) {
      const missing = records.filter((record) => wantsRefit(problem, record) && !known.has(record.trial.iteration));
      // The longest fits first, so that the threads end together.
      const jobs = missing.map((record) => ({ record, seconds: secondsToFit(record) })).sort((a, b) => b.seconds - a.seconds);
      await workThrough(workers, jobs, seconds, async ({ record }, left) => {
        const answer = await workers.refit(record.trial.iteration, settledSpec(record), left);
        if ('fit' in answer) known.set(record.trial.iteration, answer.fit);
      });
      return records.map((record) => known.get(record.trial.iteration) ?? asJudged(record));
    },
  };
}

/** Seconds that the final fits of the best models so far would take. */
export function secondsToRefit(problem: Problem, records: readonly TrialRecord[], workerCount: number): number {
  const wanted = leaderboard(records, betterScore(problem)).filter((record) => wantsRefit(problem, record));
  return wanted.slice(0, plannedMembers).reduce((sum, record) => sum + secondsToFit(record), 0) / workerCount;
}

/** Whether models were judged by a hold-out, so that they lack the rows held out. */
export function isHeldOut({ validation: { folds } }: Problem): boolean {
  return folds.length === 1;
}

/** The baseline stays as it is. */
function wantsRefit(problem: Problem, { onnx, trial }: TrialRecord): boolean {
  return isHeldOut(problem) && onnx !== undefined && trial.algorithm !== 'Prior';
}

function asJudged({ onnx, parityPredictions }: TrialRecord): FinalModel {
  return { onnx: onnx as Uint8Array, parityPredictions, work: 0 };
}
