/** What an ensemble is made by: predictions of the best models for rows that they did not see. */
import type { Target } from '../learners/learner.ts';
import type { TrialRecord } from './api.ts';
import type { Cost, Later } from './budget.ts';
import { isCrossFitted, judgedRows } from './cross-fit.ts';
import { candidatesOf, costOfAll, costToFit, finalistsOf, settledSpec, withinWork } from './finalists.ts';
import { targetOf, validationRows, validationScore } from './measure.ts';
import type { Problem } from './problem.ts';
import { atPlaces, placesOf, rowScore } from './row-score.ts';
import { type Workers, workThrough } from './workers.ts';

export type Evidence = {
  /** Best first, by these predictions. */
  readonly candidates: readonly TrialRecord[];
  /** Of each candidate: row-major n x classes, or n values. */
  readonly predictions: readonly Float64Array[];
  /** What is true of the same rows. */
  readonly truth: { readonly rows: Int32Array; readonly target: Target; readonly weights?: Float64Array };
  /** The primary metric of predictions for these rows, higher for better. */
  readonly score: (predictions: Float64Array) => number;
  /** Those of such predictions that are for the validation rows, in fold order. */
  readonly ofValidation: (predictions: Float64Array) => Float64Array;
};

/**
 * Models that are cross-fitted; how many must fit into the time that may be kept, for else the search has more use for it; and with
 * how few it is done when the last ones turn out slower.
 */
const [mostFinalists, plannedFinalists, fewestFinalists] = [12, 8, 6];
/** A cross-fit takes as long as so many fits on all rows. */
const fitsOfCrossFit = 2;

/** The predictions that the trials were judged by. */
export function trialEvidence(problem: Problem, records: readonly TrialRecord[]): Evidence {
  const candidates = candidatesOf(problem, records);
  return {
    candidates,
    predictions: candidates.map((record) => record.validationPredictions),
    truth: targetOf(problem, validationRows(problem)),
    score: validationScore(problem),
    ofValidation: (predictions) => predictions,
  };
}

/** Predictions of the best models for all rows, after a hold-out; undefined where they cost more than they may. */
export async function crossFittedEvidence(
  problem: Problem,
  records: readonly TrialRecord[],
  workers: Workers,
  most: Cost,
): Promise<Evidence | undefined> {
  if (!isCrossFitted(problem)) return undefined;
  const least = costFor(problem, records, fewestFinalists, workers.count);
  if (least.seconds > most.seconds || least.work > most.work) return undefined;
  const finalists = finalistsOf(problem, records, mostFinalists).map((record) => ({ record, cost: costOf(record) }));
  const jobs = withinWork(finalists, most.work);
  const rows = judgedRows(problem);
  const score = rowScore(problem, rows);
  const found: { readonly record: TrialRecord; readonly predictions: Float64Array; readonly score: number }[] = [];
  await workThrough(workers, jobs, most.seconds, async ({ record }, left) => {
    const answer = await workers.crossFit(record.trial.iteration, settledSpec(record), left);
    if ('error' in answer) return;
    const { predictions } = answer.fit;
    found.push({ record, predictions, score: score(predictions) });
  });
  // Without the best the others would be weighed for nothing.
  if (found.length < 2 || !found.some(({ record }) => record === jobs[0]?.record)) return undefined;
  // Threads end in any order; the earlier trial stands before the later on a tie.
  found.sort((a, b) => b.score - a.score || a.record.trial.iteration - b.record.trial.iteration);
  const places = placesOf(rows, validationRows(problem));
  return {
    candidates: found.map(({ record }) => record),
    predictions: found.map(({ predictions }) => predictions),
    truth: targetOf(problem, rows),
    score,
    ofValidation: (predictions) => atPlaces(predictions, places, rows.length),
  };
}

/** What cross-fits of the best models so far would take: of as few as are worth it, and of as many as are wanted. */
export function costOfCrossFits(problem: Problem, records: readonly TrialRecord[], workerCount: number): Later['crossFits'] {
  if (!isCrossFitted(problem)) return { least: nothing, most: nothing };
  const cost = (count: number): Cost => costFor(problem, records, count, workerCount);
  return { least: cost(plannedFinalists), most: cost(mostFinalists) };
}

const nothing: Cost = { seconds: 0, work: 0 };

function costFor(problem: Problem, records: readonly TrialRecord[], count: number, workerCount: number): Cost {
  return costOfAll(finalistsOf(problem, records, count).map(costOf), workerCount);
}

function costOf(record: TrialRecord): Cost {
  const { seconds, work } = costToFit(record);
  return { seconds: fitsOfCrossFit * seconds, work: fitsOfCrossFit * work };
}
