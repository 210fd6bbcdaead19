/** `regression`: squared error; gradient `score - y`, hessian 1. */
import { meanOf, type NumberTarget, type Objective, weightedMean } from './objective.ts';

export function squaredError({ y, weights }: NumberTarget): Objective {
  return {
    outputs: 1,
    link: 'identity',
    start: (rows) => Float64Array.of(meanOf(rows, y, weights)),
    gradients(scores, rows, _, pairs) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const weight = weights === undefined ? 1 : (weights[row] as number);
        pairs[2 * row] = Math.fround(((scores[row] as number) - (y[row] as number)) * weight);
        pairs[2 * row + 1] = Math.fround(weight);
      }
    },
    kernel: { loss: 'squared', target: (row) => y[row] as number, weight: weights && ((row) => weights[row] as number) },
    loss: (scores, rows) => weightedMean(rows, weights, (row) => ((scores[row] as number) - (y[row] as number)) ** 2),
  };
}
