/**
 * Whether a model's answers for rows it did not see go with the truth at all: a sharper question than how far its score is ahead of
 * the baseline's. Of a hundred rows, a model that explains a fifth of what varies has an error of its R2 half as large as the R2, yet
 * the ranks of its answers and of the truth agree four times as far as chance.
 */
import { averageRanks, correlation } from '../metrics/rank.ts';
import type { Problem } from './problem.ts';

/**
 * Spearman's rank correlation of answers and truth in standard errors of none (1904; with two classes it is the test of Mann and
 * Whitney). Of folds the error is larger by √2: a chance likeness of two rows' features and truths raises the answers of both, each by
 * the other, so that every pair is counted twice. (Measured where nothing is to be learned: 1.4 for linear models, 1.2 for neighbours.)
 *
 * @param predictions For the validation rows in fold order: row-major n x 2, or n. Rows of repeated folds count once, with their mean answer.
 * @returns null for three classes and more, and where answers or truth are all alike.
 */
export function associationErrors({ target, validation }: Problem, predictions: Float64Array): number | null {
  const width = target.task === 'classification' ? target.classes.length : 1;
  if (width > 2) return null;
  const sums = new Map<number, { sum: number; count: number }>();
  let at = width - 1;
  for (const { validation: rows } of validation.folds) {
    for (const row of rows) {
      const known = sums.get(row) ?? { sum: 0, count: 0 };
      sums.set(row, { sum: known.sum + (predictions[at] as number), count: known.count + 1 });
      at += width;
    }
  }
  const answers = Float64Array.from(sums.values(), ({ sum, count }) => sum / count);
  const truth = Float64Array.from(sums.keys(), (row) => target.y[row] as number);
  const agreement = correlation(averageRanks(answers), averageRanks(truth));
  const twice = validation.foldsOfRepeat > 1 ? Math.SQRT2 : 1;
  return agreement === null ? null : (agreement * Math.sqrt(answers.length - 1)) / twice;
}
