/** `huber`: squared error up to an error of `alpha`, absolute beyond (Huber 1964), in units of the target; and `fair`, its smooth cousin (Fair 1974). */
import { type NumberTarget, type Objective, pointwise } from './objective.ts';

/** @param alpha > 0. */
export function huber(target: NumberTarget, alpha: number): Objective {
  return pointwise(target, {
    gradient(score, y) {
      const error = score - y;
      return Math.abs(error) <= alpha ? error : Math.sign(error) * alpha;
    },
    hessian: () => 1,
    value(score, y) {
      const error = Math.abs(score - y);
      return error <= alpha ? error ** 2 / 2 : alpha * (error - alpha / 2);
    },
    link: 'identity',
  });
}

/** @param c > 0: errors far below it count squared, far above it absolutely. */
export function fair(target: NumberTarget, c: number): Objective {
  return pointwise(target, {
    gradient: (score, y) => (c * (score - y)) / (Math.abs(score - y) + c),
    hessian: (score, y) => c ** 2 / (Math.abs(score - y) + c) ** 2,
    value(score, y) {
      const error = Math.abs(score - y);
      return c * error - c ** 2 * Math.log1p(error / c);
    },
    link: 'identity',
  });
}
