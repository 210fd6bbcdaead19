import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { descend, optimalRate } from './descend.ts';
import { hinge, logLoss, modifiedHuber, perceptron, squaredError } from './losses.ts';
import { rowDesignOf } from './row-design.ts';

const rowCount = 60;
const random = createRandom(2);
const x = Float32Array.from({ length: rowCount }, () => random.nextNormal());
const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(3));
const features: FeatureMatrix = {
  rowCount,
  numeric: [{ name: 'x', raw: 'x', values: x }],
  categorical: [{ name: 'c', raw: 'c', codes, labels: ['a', 'b'] }],
};
const design = rowDesignOf(
  features,
  Int32Array.from({ length: rowCount }, (_, row) => row),
);
const y = Float64Array.from(x, (value, row) => (value + (codes[row] as number) - 1 > 0 ? 1 : -1));
const weights = Float64Array.from({ length: rowCount }, () => random.nextFloat());
const options = { tolerance: 0, seed: 3, maxEpochs: 4 };

/** Every step written out: the last coefficients and intercept, and their means over all steps. */
function plainDescent(alpha: number, rate: (t: number) => number) {
  const order = Int32Array.from({ length: rowCount }, (_, i) => i);
  const shuffler = createRandom(options.seed);
  const state = new Float64Array(4);
  const mean = new Float64Array(4);
  for (let epoch = 0, t = 0; epoch < options.maxEpochs; epoch++) {
    for (const i of shuffler.shuffle(order)) {
      t++;
      const row = [x[i] as number, Number(codes[i] === 1), Number(codes[i] === 2), 1];
      const f = row.reduce((sum, value, j) => sum + value * (state[j] as number), 0);
      const slope = (weights[i] as number) * logLoss.slope(f, y[i] as number);
      row.forEach((value, j) => {
        const kept = j === 3 ? 1 : 1 - rate(t) * alpha;
        state[j] = kept * (state[j] as number) - rate(t) * slope * value;
        mean[j] = (mean[j] as number) + ((state[j] as number) - (mean[j] as number)) / t;
      });
    }
  }
  return { state, mean };
}

describe('descend', () => {
  // Steps of 0.5 under a penalty of 0.5 shrink by a quarter each: the scale is folded back in many times.
  it.each([
    [0.001, optimalRate(0.001, logLoss)],
    [0.5, () => 0.5],
  ])('with penalty %f takes the steps that are written out, and averages them', (alpha, rate) => {
    const { state, mean } = plainDescent(alpha, rate);
    for (const average of [false, true]) {
      const found = descend(design, y, weights, { ...options, loss: logLoss, alpha, rate, average });
      const expected = average ? mean : state;
      [...found.coefficients, found.intercept].forEach((value, j) => {
        expect(value).toBeCloseTo(expected[j] as number, 9);
      });
      expect(found.epochs).toBe(4);
    }
  });

  it('ends when told to, and when the loss no longer falls', () => {
    const fit = { ...options, loss: hinge, alpha: 0.01, rate: optimalRate(0.01, hinge), average: true, maxEpochs: 1000 };
    let asked = 0;
    expect(descend(design, y, undefined, { ...fit, shouldStop: () => ++asked > 3 }).epochs).toBe(3);
    expect(descend(design, y, undefined, { ...fit, tolerance: 0.01 }).epochs).toBeLessThan(100);
  });

  it('says so when it diverges', () => {
    const steep = { ...options, loss: squaredError, alpha: 0, rate: () => 1e6, average: false, maxEpochs: 100 };
    expect(() => descend(design, y, undefined, steep)).toThrow(/diverged/);
  });
});

it('slopes are the derivatives of the losses', () => {
  for (const loss of [hinge, logLoss, modifiedHuber, perceptron, squaredError]) {
    for (const target of [-1, 1]) {
      for (const f of [-3.3, -1.7, -0.4, 0.3, 0.9, 2.2]) {
        const difference = (loss.value(f + 1e-6, target) - loss.value(f - 1e-6, target)) / 2e-6;
        expect(loss.slope(f, target)).toBeCloseTo(difference, 6);
      }
    }
  }
});
