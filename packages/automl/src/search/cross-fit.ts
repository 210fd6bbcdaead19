/**
 * Predictions for every row after a hold-out: a pipeline is fitted once more without each of three parts of the table, and answers
 * for the part that it did not see. Weights of an ensemble that are chosen by all rows are good on new ones; those chosen by the
 * tenth held out fit its luck (Caruana et al. 2006, "Getting the most out of ensemble selection").
 */
import { fitPipeline, type PipelineSpec, predictPipeline } from '../pipeline/index.ts';
import { takeRows } from '../table/table.ts';
import { type Fold, kFold } from '../validation/index.ts';
import type { Problem } from './problem.ts';
import { placesOf } from './row-score.ts';
import type { TrialClock } from './trial.ts';

/** Each model learns from two thirds of the rows: together they cost two fits of all rows. */
const parts = 3;
/** Numbers of a prediction that a choice looks at: beyond, a metric costs more than more rows tell. */
const mostCells = 60_000;
/** Rows of the rarest class: with fewer, some part would hardly know it. */
const fewestOfClass = 10;

export type CrossFit = {
  /** For `judgedRows(problem)`: row-major n x classes, or n values. */
  readonly predictions: Float64Array;
  readonly work: number;
};

/**
 * Whether models of a problem are cross-fitted: where a random part was held out. Folds judge by all rows anyway, and validation
 * data of the user's own are what the user wants to be judged by.
 */
export function isCrossFitted({ validation, target }: Problem): boolean {
  if (validation.choice.kind !== 'train_test_split') return false;
  if (target.task === 'regression') return true;
  const counts = new Int32Array(target.classes.length);
  for (const label of target.y) counts[label] = (counts[label] as number) + 1;
  return counts.every((count) => count >= fewestOfClass);
}

const known = new WeakMap<Problem, { readonly folds: readonly Fold[]; readonly judged: Int32Array }>();

function partsOf(problem: Problem): { readonly folds: readonly Fold[]; readonly judged: Int32Array } {
  const found = known.get(problem);
  if (found) return found;
  const { target, validation, seed } = problem;
  const rows = Int32Array.from(target.y.keys());
  const [classes, width] = target.task === 'classification' ? [target.y, target.classes.length] : [undefined, 1];
  const held = new Set(validation.folds.flatMap((fold) => Array.from(fold.validation)));
  const stride = Math.max(1, (rows.length * width) / mostCells);
  const judged = rows.filter((row) => held.has(row) || Math.floor((row + 1) / stride) > Math.floor(row / stride));
  const made = { folds: kFold(rows, classes, parts, seed + 1), judged };
  known.set(problem, made);
  return made;
}

/** The rows that cross-fitted models answer for, ascending: all, or evenly chosen ones of a large table; those held out always. */
export function judgedRows(problem: Problem): Int32Array {
  return partsOf(problem).judged;
}

/**
 * @param spec With the parameters that its trial settled on by the rows held out; nothing more is decided by any row.
 * @throws Error when time runs out: models that were cut short are not what is weighed.
 */
export function crossFit(problem: Problem, spec: PipelineSpec, seed: number, clock: TrialClock): CrossFit {
  const { features, target, weights, purposes, settings, threads } = problem;
  const { folds, judged } = partsOf(problem);
  const width = target.task === 'classification' ? target.classes.length : 1;
  const isJudged = new Set(judged);
  const predictions = new Float64Array(judged.length * width);
  const shouldStop = (): boolean => clock.isStopped() || clock.now() > clock.deadline;
  let work = 0;
  for (const [part, { train: rows, validation }] of folds.entries()) {
    const input = { table: features, target, weights, columnPurposes: purposes, settings, threads };
    const fitted = fitPipeline({ ...input, spec, seed: seed + part, rows, shouldStop });
    if (shouldStop()) throw new Error('There was no time to fit the model on parts of the rows.');
    work += fitted.work;
    const asked = validation.filter((row) => isJudged.has(row));
    const answers = predictPipeline(fitted, takeRows(features, asked));
    placesOf(judged, asked).forEach((place, i) => {
      predictions.set(answers.subarray(i * width, (i + 1) * width), place * width);
    });
  }
  return { predictions, work };
}
