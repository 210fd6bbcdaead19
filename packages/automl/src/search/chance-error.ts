/**
 * How far luck alone carries a model: its score when its answers are judged by the truth of other rows, again and again (permutation
 * test; Ojala and Garriga, "Permutation tests for studying classifier performance", 2010). The jackknife measures the error of the
 * score that was found, and on a hundred rows of noise that score is found where its error happens to look small.
 */
import { createRandom } from '../random.ts';
import type { Problem } from './problem.ts';
import { cutAtFolds, meanScore, rowScore } from './row-score.ts';

const shuffles = 60;

/** Another draw than those of folds and groups. */
const seedOfShuffles = 15_485_863;

/**
 * @param predictions For the validation rows in fold order: row-major n x classes, or n.
 * @returns mean and standard deviation of the score of answers that have nothing to do with the truth, higher for better; widened,
 *   as in `resampled-scores.ts`, by what folds share. Undefined where the metric is not defined on the shuffled rows.
 */
export function scoreByChance(problem: Problem, predictions: Float64Array): { mean: number; deviation: number } | undefined {
  const { folds, foldsOfRepeat } = problem.validation;
  const random = createRandom(problem.seed + seedOfShuffles);
  const rows = Int32Array.from(new Set(folds.flatMap(({ validation }) => Array.from(validation))));
  const placeOf = new Map(Array.from(rows, (row, place) => [row, place]));
  const parts = cutAtFolds(problem, predictions);
  const scores = Array.from({ length: shuffles }, () => {
    // One exchange of rows for all folds: of repeated folds, each row is judged by the same other row.
    const other = random.shuffle(Int32Array.from(rows));
    return meanScore(
      folds.map(({ validation }, fold) => {
        const exchanged = validation.map((row) => other[placeOf.get(row) as number] as number);
        return rowScore(problem, exchanged)(parts[fold] as Float64Array);
      }),
    );
  });
  if (!scores.every(Number.isFinite)) return undefined;
  const mean = scores.reduce((sum, score) => sum + score, 0) / shuffles;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (shuffles - 1);
  const round = folds.slice(0, foldsOfRepeat);
  const shared = round.length === 1 ? 0 : round.reduce((sum, { train, validation }) => sum + validation.length / train.length, 0);
  return { mean, deviation: Math.sqrt((1 + shared) * variance) };
}
