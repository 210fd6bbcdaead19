/**
 * Limited-memory BFGS for smooth functions (Liu and Nocedal 1989) with a weak Wolfe line search by bisection (Lewis and
 * Overton 2013).
 */

/** Writes the gradient at `x` into `gradient` and returns the value. */
export type SmoothFunction = (x: Float64Array, gradient: Float64Array) => number;

export type LbfgsOptions = {
  /** Most iterations. Default 200. */
  readonly maxIterations?: number;
  /** Ends when no component of the gradient is larger. Default 1e-5. */
  readonly tolerance?: number;
  /** Pairs remembered. Default 10. */
  readonly memory?: number;
  /** Asked before each iteration; true ends with what there is. */
  readonly shouldStop?: () => boolean;
};

/** Minimises `f` from `start`. @returns the point and how often `f` was asked. */
export function minimize(
  f: SmoothFunction,
  start: Float64Array,
  options: LbfgsOptions = {},
): { x: Float64Array; evaluations: number } {
  const { maxIterations = 200, tolerance = 1e-5, memory = 10, shouldStop } = options;
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  let evaluations = 1;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let iteration = 0; iteration < maxIterations && largest(gradient) > tolerance && !shouldStop?.(); iteration++) {
    const direction = descent(gradient, steps, changes);
    const slope = dot(direction, gradient);
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let length = iteration === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let nextValue = value;
    let found = false;
    for (let attempt = 0; attempt < 40; attempt++) {
      for (let j = 0; j < x.length; j++) next[j] = (x[j] as number) + length * (direction[j] as number);
      nextGradient.fill(0);
      nextValue = f(next, nextGradient);
      evaluations++;
      if (!(nextValue <= value + 1e-4 * length * slope)) high = length;
      else if (dot(direction, nextGradient) < 0.9 * slope) low = length;
      else {
        found = true;
        break;
      }
      length = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
    }
    // At the limit of floating point no step lowers the value any more.
    if (!found && !(nextValue < value)) break;
    steps.push(difference(next, x));
    changes.push(difference(nextGradient, gradient));
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

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
export function descent(gradient: Float64Array, steps: readonly Float64Array[], changes: readonly Float64Array[]): Float64Array {
  const direction = gradient.map((component) => -component);
  const factors: number[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const [s, y] = [steps[i] as Float64Array, changes[i] as Float64Array];
    const factor = dot(s, direction) / dot(y, s);
    factors[i] = factor;
    addScaled(direction, y, -factor);
  }
  const newest = steps.length - 1;
  if (newest >= 0) {
    const [s, y] = [steps[newest] as Float64Array, changes[newest] as Float64Array];
    const scale = dot(s, y) / dot(y, y);
    for (let j = 0; j < direction.length; j++) direction[j] = (direction[j] as number) * scale;
  }
  for (let i = 0; i < steps.length; i++) {
    const [s, y] = [steps[i] as Float64Array, changes[i] as Float64Array];
    addScaled(direction, s, (factors[i] as number) - dot(y, direction) / dot(y, s));
  }
  return direction;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let j = 0; j < target.length; j++) target[j] = (target[j] as number) + factor * (source[j] as number);
}

export function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, j) => value - (b[j] as number));
}

export function largest(vector: Float64Array): number {
  return vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
