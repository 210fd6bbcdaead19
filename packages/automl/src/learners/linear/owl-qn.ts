/**
 * Orthant-wise limited-memory quasi-Newton (Andrew and Gao 2007): minimises a smooth function plus `sum(l1_j |x_j|)`, so that many
 * components end at exactly 0.
 */
import { descent, difference, dot, type LbfgsOptions, largest, type SmoothFunction } from './lbfgs.ts';

/**
 * @param l1 strength of the penalty on each component, >= 0.
 * @returns the point and how often `f` was asked.
 */
export function minimizeSparse(
  f: SmoothFunction,
  start: Float64Array,
  l1: Float64Array,
  options: LbfgsOptions = {},
): { x: Float64Array; evaluations: number } {
  const { maxIterations = 200, tolerance = 1e-5, memory = 10, shouldStop } = options;
  const penalty = (x: Float64Array): number => x.reduce((sum, value, j) => sum + (l1[j] as number) * Math.abs(value), 0);
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient) + penalty(x);
  let evaluations = 1;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let iteration = 0; iteration < maxIterations && !shouldStop?.(); iteration++) {
    const slope = pseudoGradient(x, gradient, l1);
    if (largest(slope) <= tolerance) break;
    // Components that the quasi-Newton step would move uphill stay.
    const direction = descent(slope, steps, changes).map((step, j) => (step * (slope[j] as number) < 0 ? step : 0));
    const orthant = x.map((component, j) => Math.sign(component !== 0 ? component : -(slope[j] as number)));
    let length = iteration === 0 ? 1 / Math.max(1, Math.sqrt(dot(slope, slope))) : 1;
    let next = x;
    let nextGradient = gradient;
    let nextValue = value;
    let found = false;
    for (let attempt = 0; attempt < 40 && !found; attempt++, length /= 2) {
      next = x.map((component, j) => {
        const moved = component + length * (direction[j] as number);
        return (l1[j] as number) > 0 && moved * (orthant[j] as number) <= 0 ? 0 : moved;
      });
      nextGradient = new Float64Array(x.length);
      nextValue = f(next, nextGradient) + penalty(next);
      evaluations++;
      found = nextValue <= value + 1e-4 * dot(slope, difference(next, x));
    }
    // At the limit of floating point no step lowers the value any more.
    if (!found) break;
    const step = difference(next, x);
    const change = difference(nextGradient, gradient);
    if (dot(step, change) > 0) {
      steps.push(step);
      changes.push(change);
    }
    if (steps.length > memory) {
      steps.shift();
      changes.shift();
    }
    const gained = value - nextValue;
    x = next;
    gradient = nextGradient;
    value = nextValue;
    if (gained <= 1e-12 * Math.max(1, Math.abs(value))) break;
  }
  return { x, evaluations };
}

/** The steepest ascent of the penalised function: at 0 it leaves only where the gradient outweighs the penalty. */
function pseudoGradient(x: Float64Array, gradient: Float64Array, l1: Float64Array): Float64Array {
  return gradient.map((slope, j) => {
    const strength = l1[j] as number;
    const component = x[j] as number;
    if (component !== 0) return slope + strength * Math.sign(component);
    return Math.sign(slope) * Math.max(0, Math.abs(slope) - strength);
  });
}
