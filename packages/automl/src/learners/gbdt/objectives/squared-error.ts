/** `regression`: squared error; gradient `score - y`, hessian 1. */
import { meanOf, type NumberTarget, type Objective, weightedMean } from './objective.ts';

export function squaredError({ y, weights }: NumberTarget): Objective {
  return {
    outputs: 1,
    link: 'identity',
    start: (rows) => Float64Array.of(meanOf(rows, y, weights)),
    kernel: { loss: 'squared', target: (row) => y[row] as number, weight: weights && ((row) => weights[row] as number) },
    loss: (scores, rows) => weightedMean(rows, weights, (row) => ((scores[row] as number) - (y[row] as number)) ** 2),
  };
}
