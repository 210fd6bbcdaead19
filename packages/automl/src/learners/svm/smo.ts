/**
 * The dual of C-support vector classification by sequential minimal optimisation (Platt 1998), the pair of each step chosen by
 * second-order information (Fan, Chen and Lin 2005): minimise `a'Qa / 2 - sum(a)` with `0 <= a_i <= C_i` and `y'a = 0`,
 * where `Q_ij = y_i y_j K_ij`.
 */

export type SmoProblem = {
  /** K_ij of all rows, row-major `stride x stride`. */
  readonly kernel: Float32Array;
  readonly stride: number;
  /** The rows of this problem, as places in the kernel. */
  readonly places: Int32Array;
  /** 1 or -1 for each of `places`. */
  readonly y: Int8Array;
  /** The upper bound of each multiplier. */
  readonly C: Float64Array;
  /** Ends when the optimality conditions hold to within this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Asked every thousand steps; true ends with what there is. */
  readonly shouldStop?: () => boolean;
};

/** The decision function is `sum(y_i a_i K(x_i, x)) + intercept`. */
export type SmoSolution = { readonly multipliers: Float64Array; readonly intercept: number; readonly iterations: number };

const LEAST_CURVATURE = 1e-12;

export function solveSmo(problem: SmoProblem): SmoSolution {
  const { kernel, stride, places, y, C, tolerance, maxIterations, shouldStop } = problem;
  const count = places.length;
  const a = new Float64Array(count);
  /** The gradient, Qa - 1. */
  const gradient = new Float64Array(count).fill(-1);
  const diagonal = Float64Array.from(places, (place) => kernel[place * stride + place] as number);
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    if (iterations % 1000 === 0 && shouldStop?.()) break;
    const pair = choosePair(problem, diagonal, a, gradient);
    if (pair === undefined || pair.violation < tolerance) break;
    const { i, j } = pair;
    const rowI = (places[i] as number) * stride;
    const rowJ = (places[j] as number) * stride;
    const [yi, yj] = [y[i] as number, y[j] as number];
    const both = (diagonal[i] as number) + (diagonal[j] as number);
    const curvature = Math.max(both - 2 * (kernel[rowI + (places[j] as number)] as number), LEAST_CURVATURE);
    const [Ci, Cj] = [C[i] as number, C[j] as number];
    const [oldI, oldJ] = [a[i] as number, a[j] as number];
    // The step keeps y'a: both grow, or one grows as the other shrinks, cut where a bound is met.
    let [newI, newJ] = [0, 0];
    if (yi !== yj) {
      const step = (-(gradient[i] as number) - (gradient[j] as number)) / curvature;
      const difference = oldI - oldJ;
      newI = Math.min(Math.max(oldI + step, Math.max(0, difference)), Math.min(Ci, Cj + difference));
      newJ = newI - difference;
    } else {
      const step = ((gradient[i] as number) - (gradient[j] as number)) / curvature;
      const sum = oldI + oldJ;
      newI = Math.min(Math.max(oldI - step, Math.max(0, sum - Cj)), Math.min(Ci, sum));
      newJ = sum - newI;
    }
    newJ = Math.min(Cj, Math.max(0, newJ));
    a[i] = newI;
    a[j] = newJ;
    const changeI = (newI - oldI) * yi;
    const changeJ = (newJ - oldJ) * yj;
    for (let t = 0; t < count; t++) {
      const place = places[t] as number;
      const change = changeI * (kernel[rowI + place] as number) + changeJ * (kernel[rowJ + place] as number);
      gradient[t] = (gradient[t] as number) + (y[t] as number) * change;
    }
  }
  return { multipliers: a, intercept: interceptOf(problem, a, gradient), iterations };
}

/** The most violating row of those that may grow, and with it the row that promises the largest fall. */
function choosePair(
  problem: SmoProblem,
  diagonal: Float64Array,
  a: Float64Array,
  gradient: Float64Array,
): { i: number; j: number; violation: number } | undefined {
  const { y, C, kernel, stride, places } = problem;
  let i = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < y.length; t++) {
    const grows = y[t] === 1 ? (a[t] as number) < (C[t] as number) : (a[t] as number) > 0;
    const value = -(y[t] as number) * (gradient[t] as number);
    if (grows && value > highest) {
      highest = value;
      i = t;
    }
  }
  if (i < 0) return undefined;
  const row = (places[i] as number) * stride;
  const own = diagonal[i] as number;
  let j = -1;
  let lowest = Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  for (let t = 0; t < y.length; t++) {
    const shrinks = y[t] === 1 ? (a[t] as number) > 0 : (a[t] as number) < (C[t] as number);
    if (!shrinks) continue;
    const value = -(y[t] as number) * (gradient[t] as number);
    if (value < lowest) lowest = value;
    const gap = highest - value;
    if (gap <= 0) continue;
    const curvature = own + (diagonal[t] as number) - 2 * (kernel[row + (places[t] as number)] as number);
    const fall = -(gap * gap) / Math.max(curvature, LEAST_CURVATURE);
    if (fall < best) {
      best = fall;
      j = t;
    }
  }
  return j < 0 ? undefined : { i, j, violation: highest - lowest };
}

/** From the rows whose multiplier is between its bounds, on average; without any, the middle of what the others allow. */
function interceptOf({ y, C }: SmoProblem, a: Float64Array, gradient: Float64Array): number {
  let [sum, free] = [0, 0];
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let t = 0; t < y.length; t++) {
    const value = (y[t] as number) * (gradient[t] as number);
    const atZero = (a[t] as number) <= 0;
    const atBound = (a[t] as number) >= (C[t] as number);
    if (!atZero && !atBound) {
      sum += value;
      free++;
    } else if ((y[t] === 1) === atZero) high = Math.min(high, value);
    else low = Math.max(low, value);
  }
  if (free > 0) return -sum / free;
  // Rows of one class only: nothing bounds one side.
  if (!Number.isFinite(low) || !Number.isFinite(high)) return y[0] === 1 ? 1 : -1;
  return -(low + high) / 2;
}
