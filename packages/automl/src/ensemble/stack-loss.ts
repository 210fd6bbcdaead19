/** What a meta learner's penalty is chosen by: log loss of probabilities, mean squared error of values. */
import type { Target } from '../learners/learner.ts';

/** Weighted mean loss; lower is better. @param predictions n x K probabilities row by row, or n values. */
export function stackLoss(target: Target, predictions: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < target.y.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const y = target.y[row] as number;
    sum += weight * lossOf(target, predictions, row, y);
    total += weight;
  }
  return sum / total;
}

function lossOf(target: Target, predictions: Float64Array, row: number, y: number): number {
  if (target.task === 'regression') return ((predictions[row] as number) - y) ** 2;
  return -Math.log(Math.max(1e-15, predictions[row * target.classes.length + y] as number));
}
