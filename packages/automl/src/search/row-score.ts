/** The primary metric of predictions for some rows of the table, and of predictions for the validation rows fold by fold. */
import { blendScore, type Truth } from '../ensemble/index.ts';
import type { Problem } from './problem.ts';

/** A function from predictions for these rows to the primary metric, higher for better. */
export function rowScore(problem: Problem, rows: Int32Array): (predictions: Float64Array) => number {
  return blendScore(truthOf(problem, rows), problem.primaryMetric);
}

/** The mean of the folds' scores, higher for better; folds where it is not defined (-Infinity) do not count. */
export function meanScore(folds: readonly number[]): number {
  const defined = folds.filter(Number.isFinite);
  return defined.length === 0 ? Number.NEGATIVE_INFINITY : defined.reduce((sum, score) => sum + score, 0) / defined.length;
}

/** Predictions in fold order as one part a fold. */
export function cutAtFolds({ target, validation }: Problem, predictions: Float64Array): Float64Array[] {
  const width = target.task === 'classification' ? target.classes.length : 1;
  let offset = 0;
  return validation.folds.map((fold) => {
    const begin = offset;
    offset += fold.validation.length * width;
    return predictions.subarray(begin, offset);
  });
}

/** What is true of these rows of the table. */
export function truthOf({ target, weights, targetRange, positiveClass }: Problem, rows: Int32Array): Truth {
  const ownWeights = weights && Float64Array.from(rows, (row) => weights[row] as number);
  if (target.task === 'regression') {
    return {
      task: 'regression',
      trueValues: Float64Array.from(rows, (row) => target.y[row] as number),
      weights: ownWeights,
      targetRange,
    };
  }
  const trueClasses = Int32Array.from(rows, (row) => target.y[row] as number);
  return { task: 'classification', classCount: target.classes.length, trueClasses, weights: ownWeights, positiveClass };
}

/** The places of some rows among others that hold them all. */
export function placesOf(among: Int32Array, rows: Int32Array): Int32Array {
  const placeOf = new Map(Array.from(among, (row, place) => [row, place]));
  return rows.map((row) => placeOf.get(row) as number);
}

/** Some of the predictions for `rowCount` rows, by their places. */
export function atPlaces(predictions: Float64Array, places: Int32Array, rowCount: number): Float64Array {
  const width = predictions.length / rowCount;
  const kept = new Float64Array(places.length * width);
  for (let i = 0; i < places.length; i++) {
    const from = (places[i] as number) * width;
    kept.set(predictions.subarray(from, from + width), i * width);
  }
  return kept;
}
