import { expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { solveSmo } from './smo.ts';

const count = 120;
const random = createRandom(8);
const points = Array.from({ length: count }, () => [random.nextNormal(), random.nextNormal()] as const);
const kernel = Float32Array.from({ length: count * count }, (_, at) => {
  const [a, b] = [points[Math.floor(at / count)], points[at % count]] as [readonly [number, number], readonly [number, number]];
  return Math.exp(-0.5 * ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2));
});
const y = Int8Array.from(points, ([a, b]) => (a * b + 0.3 * random.nextNormal() > 0 ? 1 : -1));
const C = Float64Array.from({ length: count }, () => 0.5 + 2 * random.nextFloat());
const problem = {
  kernel,
  stride: count,
  places: Int32Array.from({ length: count }, (_, i) => i),
  y,
  C,
  tolerance: 1e-6,
  maxIterations: 1e6,
};

it('ends where the conditions of Karush, Kuhn and Tucker hold', () => {
  const { multipliers, intercept } = solveSmo(problem);
  expect(multipliers.reduce((sum, a, i) => sum + a * (y[i] as number), 0)).toBeCloseTo(0, 9);
  let between = 0;
  for (let i = 0; i < count; i++) {
    const decision = multipliers.reduce((sum, a, j) => sum + a * (y[j] as number) * (kernel[i * count + j] as number), intercept);
    const margin = decision * (y[i] as number);
    const a = multipliers[i] as number;
    if (a === 0) expect(margin).toBeGreaterThan(1 - 1e-5);
    else if (a === C[i]) expect(margin).toBeLessThan(1 + 1e-5);
    else {
      expect(margin).toBeCloseTo(1, 5);
      between++;
    }
  }
  expect(between).toBeGreaterThan(5);
});

it('finds the same of some rows in another order, and ends when told to', () => {
  const some = Int32Array.from({ length: 80 }, (_, i) => 79 - i);
  const of = (places: Int32Array) =>
    solveSmo({
      ...problem,
      places,
      y: Int8Array.from(places, (p) => y[p] as number),
      C: Float64Array.from(places, (p) => C[p] as number),
    });
  const forward = of(some.slice().reverse());
  const backward = of(some);
  expect(backward.intercept).toBeCloseTo(forward.intercept, 4);
  expect(solveSmo({ ...problem, shouldStop: () => true }).iterations).toBe(0);
});

it('answers the one class there is', () => {
  const none = solveSmo({ ...problem, y: y.map(() => -1) });
  expect(none.multipliers.every((a) => a === 0)).toBe(true);
  expect(none.intercept).toBe(-1);
});
