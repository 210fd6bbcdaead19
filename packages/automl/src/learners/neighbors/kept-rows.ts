/** Learners that keep their training rows, and compare every row with each of them, learn from few. */
import { MalachiteError } from '@malachite/core';
import type { FitInput } from '../learner.ts';

/** Most rows that such a learner accepts: Azure ML's limit. */
export const MOST_KEPT_ROWS = 5000;

/** The rows that have weight. @throws MalachiteError `InvalidInput` when they are more than can be kept. */
export function keptRows(
  learner: string,
  { rows, weights }: Pick<FitInput, 'rows' | 'weights'>,
  most: number = MOST_KEPT_ROWS,
): Int32Array {
  const kept = weights === undefined ? rows : rows.filter((row) => (weights[row] as number) > 0);
  if (kept.length > 0 && kept.length <= most) return kept;
  throw new MalachiteError(
    'InvalidInput',
    `${learner} keeps its training rows, so it learns from 1 to ${most} of them; there are ${kept.length} with weight.`,
  );
}
