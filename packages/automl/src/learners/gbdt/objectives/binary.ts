/** `binary`: logistic loss of two classes; gradient `p - y`, hessian `p (1 - p)`; the score is the log odds of class 1. */
import { meanOf, type Objective, weightedMean } from './objective.ts';

/** What a row of each class counts for besides its weight. */
export type LabelWeights = { readonly positive: number; readonly negative: number };

/** @param y 1 where the row is of the class, else 0. */
export function binary(
  { y, weights }: { readonly y: ArrayLike<number>; readonly weights?: Float64Array },
  labelWeights: LabelWeights = { positive: 1, negative: 1 },
): Objective {
  const weightOf = (row: number): number =>
    (y[row] === 1 ? labelWeights.positive : labelWeights.negative) * (weights === undefined ? 1 : (weights[row] as number));
  return {
    outputs: 1,
    link: 'sigmoid',
    start(rows) {
      const share = clampProbability(meanOf(rows, y, weights));
      return Float64Array.of(Math.log(share / (1 - share)));
    },
    kernel: {
      loss: 'logistic',
      target: (row) => (y[row] === 1 ? 1 : -1),
      weight: weights === undefined && labelWeights.positive === 1 && labelWeights.negative === 1 ? undefined : weightOf,
    },
    loss: (scores, rows) =>
      weights === undefined
        ? meanLogisticLoss(scores, rows, y)
        : weightedMean(rows, weights, (row) => logisticLoss(scores[row] as number, y[row] === 1)),
  };
}

/** `log(1 + exp(-margin))`, without overflow. */
export function logisticLoss(score: number, isPositive: boolean): number {
  const margin = isPositive ? score : -score;
  return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
}

/** So many numbers between 1 and 2 have a finite product. */
const PRODUCT_ROWS = 512;

/** The mean of `logisticLoss`; a sum of logarithms is the logarithm of a product, which takes a fraction of the time. */
function meanLogisticLoss(scores: Float64Array, rows: Int32Array, y: ArrayLike<number>): number {
  let sum = 0;
  for (let begin = 0; begin < rows.length; begin += PRODUCT_ROWS) {
    const end = Math.min(rows.length, begin + PRODUCT_ROWS);
    let product = 1;
    for (let i = begin; i < end; i++) {
      const row = rows[i] as number;
      const margin = y[row] === 1 ? (scores[row] as number) : -(scores[row] as number);
      if (margin < 0) sum -= margin;
      product *= 1 + Math.exp(-Math.abs(margin));
    }
    sum += Math.log(product);
  }
  return rows.length > 0 ? sum / rows.length : 0;
}

/** LightGBM's `is_unbalance`: the rarer class of `rows` counts as much as the other. */
export function balancedWeights(y: ArrayLike<number>, rows: Int32Array): LabelWeights {
  let positives = 0;
  for (const row of rows) if (y[row] === 1) positives++;
  const negatives = rows.length - positives;
  if (positives === 0 || negatives === 0) return { positive: 1, negative: 1 };
  return positives > negatives
    ? { positive: 1, negative: positives / negatives }
    : { positive: negatives / positives, negative: 1 };
}

const FLOOR = 1e-15;

function clampProbability(p: number): number {
  return Math.min(1 - FLOOR, Math.max(FLOOR, p));
}
