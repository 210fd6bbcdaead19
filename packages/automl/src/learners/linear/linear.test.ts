/** Linear learners are at the minimum they claim: checked by its conditions on a design matrix written out in full. */
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { elasticNet, lassoLars } from '../elastic-net.ts';
import type { FitInput, Learner } from '../learner.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { minimize } from './lbfgs.ts';
import type { LinearModel } from './linear-model.ts';

const rowCount = 400;
const random = createRandom(21);
const x = Array.from({ length: 3 }, () => Float32Array.from({ length: rowCount }, () => random.nextNormal()));
const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(5));
const features: FeatureMatrix = {
  rowCount,
  numeric: x.map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values })),
  categorical: [{ name: 'c', raw: 'c', codes, labels: ['a', 'b', 'c', 'd'] }],
};
const weights = Float64Array.from({ length: rowCount }, () => 0.5 + random.nextFloat());
const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
const signal = Float64Array.from(
  { length: rowCount },
  (_, i) => 2 * (x[0]?.[i] as number) + (codes[i] === 2 ? 3 : 0) + random.nextNormal() + 10,
);
const rows = Int32Array.from({ length: rowCount }, (_, row) => row);

/** The design matrix, one-hot written out. */
const design = Array.from(rows, (row) => [
  ...x.map((values) => values[row] as number),
  ...[1, 2, 3, 4].map((code) => (codes[row] === code ? 1 : 0)),
]);

function fit(learner: Learner<LinearModel>, target: FitInput['target'], params: FitInput['params']): LinearModel {
  return learner.fit({ features, target, rows, weights, params: { max_iter: 5000, tol: 1e-9, ...params }, seed: 1 }).model;
}

describe('elastic net', () => {
  it.each([
    [elasticNet, { alpha: 0.1, l1_ratio: 0.5 }, 0.05, 0.05],
    [elasticNet, { alpha: 0.3, l1_ratio: 0 }, 0, 0.3],
    [lassoLars, { alpha: 0.2 }, 0.2, 0],
  ])('%# is where the subgradient is zero', (learner, params, lasso, ridge) => {
    const model = fit(learner, { task: 'regression', y: signal }, params);
    const coefficients = model.coefficients[0] as Float64Array;
    const predictions = learner.predict(model, features);
    const residual = signal.map(
      (value, row) => ((weights[row] as number) * (value - (predictions[row] as number))) / totalWeight,
    );
    expect(residual.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    coefficients.forEach((coefficient, j) => {
      const slope = residual.reduce((sum, value, row) => sum + value * (design[row]?.[j] as number), 0);
      if (coefficient !== 0) expect(slope).toBeCloseTo(lasso * Math.sign(coefficient) + ridge * coefficient, 6);
      else expect(Math.abs(slope)).toBeLessThanOrEqual(lasso + 1e-6);
    });
    if (lasso > 0) expect(coefficients.some((coefficient) => coefficient === 0)).toBe(true);
  });
});

describe('logistic regression', () => {
  it.each([2, 3])('of %d classes is where the gradient is zero', (classCount) => {
    const y = Int32Array.from(signal, (value) => Math.min(classCount - 1, Math.max(0, Math.floor((value - 8) / 3))));
    const classes = Array.from({ length: classCount }, (_, k) => k);
    const C = 0.7;
    const model = fit(logisticRegression, { task: 'classification', classes, y }, { C });
    const shares = logisticRegression.predict(model, features);
    model.coefficients.forEach((coefficients, k) => {
      const predicted = classCount === 2 ? 1 : k;
      const residual = Float64Array.from(
        rows,
        (row) => (weights[row] as number) * ((shares[row * classCount + predicted] as number) - (y[row] === predicted ? 1 : 0)),
      );
      expect(residual.reduce((sum, value) => sum + value, 0) / totalWeight).toBeCloseTo(0, 5);
      coefficients.forEach((coefficient, j) => {
        const slope = residual.reduce((sum, value, row) => sum + value * (design[row]?.[j] as number), 0);
        expect((slope + coefficient / C) / totalWeight).toBeCloseTo(0, 5);
      });
    });
  });
});

describe('minimize', () => {
  it("finds the minimum of Rosenbrock's valley", () => {
    const { x: found } = minimize(
      (point, gradient) => {
        const [a = 0, b = 0] = point;
        gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
        gradient[1] = 200 * (b - a * a);
        return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { tolerance: 1e-8 },
    );
    expect(found[0]).toBeCloseTo(1, 5);
    expect(found[1]).toBeCloseTo(1, 5);
  });
});
