/**
 * How sure a score is: the primary metric with one group of validation rows left out at a time (delete-group jackknife, Kott
 * 2001; Efron and Stein 1981). It serves any metric, hold-outs and folds, and costs a few dozen evaluations. The same rows are
 * left out for every model, so that the difference of two models has an error of its own, far below that of either score.
 *
 * The models are held fixed: the error is what other validation rows would have changed. Models of folds share most of their
 * training rows, so their luck does not average out as that of strangers; the error of a mean over k folds is therefore widened by
 * Nadeau and Bengio's factor ("Inference for the generalization error", 2003), about 1.5.
 */
import { createRandom } from '../random.ts';
import type { Problem } from './problem.ts';
import { atPlaces, cutAtFolds, meanScore, rowScore } from './row-score.ts';

const mostGroups = 30;
/** Many rows of many classes are costly to rank; ten groups still tell the size of the error. */
const fewGroups = 10;
const manyCells = 100_000;

/**
 * @param predictions For the validation rows in fold order: row-major n x classes, or n.
 * @returns one score a group, higher for better (errors negated), -Infinity where it is not defined.
 */
export function resampledScores(problem: Problem, predictions: Float64Array): Float64Array {
  const groups = groupsOf(problem);
  const groupCount = Math.max(...groups.map((group) => Math.max(-1, ...group))) + 1;
  const parts = cutAtFolds(problem, predictions);
  const whole = problem.validation.folds.map(({ validation }, fold) =>
    rowScore(problem, validation)(parts[fold] as Float64Array),
  );
  return Float64Array.from({ length: groupCount }, (_, left) => {
    const scores = problem.validation.folds.map(({ validation }, fold) => {
      const group = groups[fold] as Int32Array;
      if (!group.includes(left)) return whole[fold] as number;
      const kept = Int32Array.from(group.keys()).filter((place) => group[place] !== left);
      if (kept.length === 0) return Number.NEGATIVE_INFINITY;
      const rows = kept.map((place) => validation[place] as number);
      return rowScore(problem, rows)(atPlaces(parts[fold] as Float64Array, kept, validation.length));
    });
    return meanScore(scores);
  });
}

/** The standard error of a score, or of a difference of scores, from its resampled values; null where one is not defined. */
export function standardErrorOf({ validation: { folds } }: Problem, resampled: Float64Array): number | null {
  const shared = folds.length === 1 ? 0 : folds.reduce((sum, { train, validation }) => sum + validation.length / train.length, 0);
  const count = resampled.length;
  if (count < 2 || !resampled.every(Number.isFinite)) return null;
  const mean = resampled.reduce((sum, value) => sum + value, 0) / count;
  return Math.sqrt((1 + shared) * ((count - 1) / count) * resampled.reduce((sum, value) => sum + (value - mean) ** 2, 0));
}

/** The group of each validation row, fold by fold: rows are dealt out in random order, fold by fold and class by class. */
function groupsOf({ validation: { folds }, target, seed }: Problem): Int32Array[] {
  const random = createRandom(seed);
  const rowCount = folds.reduce((sum, { validation }) => sum + validation.length, 0);
  const width = target.task === 'classification' ? target.classes.length : 1;
  const count = Math.min(rowCount, rowCount * width > manyCells ? fewGroups : mostGroups);
  let dealt = 0;
  return folds.map(({ validation }) => {
    const places = random.shuffle(Int32Array.from(validation.keys()));
    if (target.task === 'classification') {
      const classOf = (place: number): number => target.y[validation[place] as number] as number;
      places.sort((a, b) => classOf(a) - classOf(b));
    }
    const group = new Int32Array(validation.length);
    for (const place of places) group[place] = dealt++ % count;
    return group;
  });
}
