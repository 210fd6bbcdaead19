/**
 * Final fits on all rows after a hold-out: the members of an ensemble were judged by models that lacked the rows held out, and are
 * fitted once more with the parameters and the number of rounds that they settled on. No row judges anything after that, so
 * nothing leaks. Trials of folds have done so already.
 */
import type { TrialRecord } from './api.ts';
import type { Cost } from './budget.ts';
import { costOfAll, costToFit, settledSpec, withinWork } from './finalists.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore } from './measure.ts';
import type { Problem } from './problem.ts';
import type { ExportedFit } from './trial.ts';
import { type Workers, workThrough } from './workers.ts';

/** Members that are planned for: an ensemble has seldom more that count. */
export const plannedMembers = 5;

/** A member of an ensemble as it is exported. */
export type FinalModel = { readonly onnx: Uint8Array; readonly parityPredictions: Float64Array; readonly work: number };

/** Final models by iteration: both ensembles share them. */
export type Refits = {
  /**
   * The final models of these trials, in their order: fitted on all rows, or as they were judged where time or work did not suffice.
   * @param records Most important first.
   */
  finalModels(records: readonly TrialRecord[], seconds: number): Promise<FinalModel[]>;
};

/** @param work That all of them may do. */
export function openRefits(problem: Problem, workers: Workers, work: number): Refits {
  const known = new Map<number, ExportedFit>();
  let workLeft = work;
  return {
    async finalModels(records, seconds) {
      const missing = records.filter((record) => wantsRefit(problem, record) && !known.has(record.trial.iteration));
      const jobs = withinWork(
        missing.map((record) => ({ record, cost: costToFit(record) })),
        workLeft,
      );
      workLeft -= jobs.reduce((sum, { cost }) => sum + cost.work, 0);
      // The longest fits first, so that the threads end together.
      jobs.sort((a, b) => b.cost.seconds - a.cost.seconds);
      await workThrough(workers, jobs, seconds, async ({ record }, left) => {
        const answer = await workers.refit(record.trial.iteration, settledSpec(record), left);
        if ('fit' in answer) known.set(record.trial.iteration, answer.fit);
      });
      return records.map((record) => known.get(record.trial.iteration) ?? asJudged(record));
    },
  };
}

/** What the final fits of the best models so far would take. @param longest Seconds of one: a longer one is not going to be done. */
export function costOfRefits(problem: Problem, records: readonly TrialRecord[], workerCount: number, longest: number): Cost {
  const wanted = leaderboard(records, betterScore(problem)).filter((record) => wantsRefit(problem, record));
  const costs = wanted.slice(0, plannedMembers).map(costToFit);
  return costOfAll(
    costs.filter(({ seconds }) => seconds <= longest),
    workerCount,
  );
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
