/**
 * `quantile`: the pinball loss of the share `alpha` (Koenker and Bassett 1978), and `regression_l1`, which is absolute error: twice the pinball
 * loss of the median. Gradients are steps, so a leaf takes the percentile of its residuals.
 */
import { type NumberTarget, type Objective, pointwise } from './objective.ts';
import { percentile } from './percentile.ts';

/** @param alpha in (0, 1). */
export function quantile(target: NumberTarget, alpha: number): Objective {
  const share = Math.fround(alpha);
  const above = Math.fround(1 - share);
  return pointwise(target, {
    gradient: (score, y) => (Math.fround(score - y) >= 0 ? above : -share),
    hessian: () => 1,
    value: (score, y) => (score >= y ? (1 - alpha) * (score - y) : alpha * (y - score)),
    link: 'identity',
    ...percentiles(target, share),
  });
}

export function absoluteError(target: NumberTarget): Objective {
  return pointwise(target, {
    gradient: (score, y) => Math.sign(score - y),
    hessian: () => 1,
    value: (score, y) => Math.abs(score - y),
    link: 'identity',
    ...percentiles(target, 0.5),
  });
}

function percentiles({ y, weights }: NumberTarget, alpha: number) {
  const weightsOf = (rows: Int32Array) => weights && Float64Array.from(rows, (row) => weights[row] as number);
  return {
    start: (rows: Int32Array) =>
      percentile(
        Float64Array.from(rows, (row) => y[row] as number),
        alpha,
        weightsOf(rows),
      ),
    leafValue: (scores: Float64Array, rows: Int32Array) =>
      percentile(
        Float64Array.from(rows, (row) => (y[row] as number) - (scores[row] as number)),
        alpha,
        weightsOf(rows),
      ),
  };
}
