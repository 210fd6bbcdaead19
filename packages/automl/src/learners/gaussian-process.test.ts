import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../featurization/features.ts';
import { createRandom } from '../random.ts';
import { extraTrees } from './extra-trees.ts';
import { gaussianProcess } from './gaussian-process.ts';
import type { FitInput } from './learner.ts';

const rowsOf = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

/** A wave along one number, a slope along another, and three categories. */
function wave(rowCount: number): { features: FeatureMatrix; y: Float64Array } {
  const random = createRandom(5);
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: rowCount }, () => random.nextNormal())) as [
    Float32Array,
    Float32Array,
  ];
  const codes = Int32Array.from({ length: rowCount }, () => 1 + random.nextInt(3));
  const numeric = [a, b].map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values }));
  const categorical = [{ name: 'c', raw: 'c', labels: ['u', 'v', 'w'], codes }];
  const y = Float64Array.from(
    a,
    (value, row) => 100 + 10 * Math.sin(2 * value) + 5 * (b[row] as number) + (codes[row] as number) + random.nextNormal(),
  );
  return { features: { rowCount, numeric, categorical }, y };
}

describe('GaussianProcess', () => {
  const { features, y } = wave(400);
  const input: FitInput = {
    features,
    target: { task: 'regression', y },
    rows: rowsOf(0, 200),
    params: { gamma_scale: 1, alpha: 0.03 },
    seed: 1,
  };
  const asked = rowsOf(200, 400);
  const errorOf = (answers: Float64Array) =>
    asked.reduce((sum, row) => sum + ((answers[row] as number) - (y[row] as number)) ** 2, 0) / asked.length;

  it('draws smooth curves through few rows better than trees do', () => {
    const process = errorOf(gaussianProcess.predict(gaussianProcess.fit(input).model, features));
    const trees = errorOf(extraTrees.predict(extraTrees.fit({ ...input, params: {} }).model, features));
    // The noise alone is 1.
    expect(process).toBeLessThan(2.5);
    expect(process).toBeLessThan(0.7 * trees);
  });

  it('answers what its equations say', () => {
    const rows = rowsOf(0, 20);
    const alpha = 0.2;
    const linear_scale = 0.5;
    const { model } = gaussianProcess.fit({ ...input, rows, params: { alpha, gamma_scale: 0.7, linear_scale } });
    const answers = gaussianProcess.predict(model, features);
    const vector = (row: number) => [
      ...features.numeric.map(({ values }) => values[row] as number),
      ...[1, 2, 3].map((code) => Number(features.categorical[0]?.codes[row] === code)),
    ];
    const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, j) => sum + value * (q[j] as number), 0);
    const all = [...rows].flatMap(vector);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
    const gamma = 0.7 / (5 * variance);
    const meanLength = [...rows].reduce((sum, row) => sum + dot(vector(row), vector(row)), 0) / rows.length;
    const kernel = (r: number, s: number): number => {
      const apart = vector(r).map((value, j) => value - (vector(s)[j] as number));
      return Math.exp(-gamma * dot(apart, apart)) + (linear_scale / meanLength) * dot(vector(r), vector(s));
    };
    // The answers f for the rows learned from satisfy (K + alpha I) a = y and f = K a, so y - f = alpha a and K (y - f) = alpha f.
    const center = [...rows].reduce((sum, row) => sum + (y[row] as number), 0) / rows.length;
    for (const row of rows) {
      const left = [...rows].reduce(
        (sum, other) => sum + kernel(row, other) * ((y[other] as number) - (answers[other] as number)),
        0,
      );
      expect(left).toBeCloseTo(alpha * ((answers[row] as number) - center), 3);
    }
  });

  it('takes a row of weight 0 for none, and one of great weight at its word', () => {
    const weights = Float64Array.from(y, (_, row) => (row < 10 ? 0 : row === 10 ? 1e6 : 1));
    const without = gaussianProcess.fit({ ...input, rows: rowsOf(10, 60), weights }).model;
    const withNone = gaussianProcess.fit({ ...input, rows: rowsOf(0, 60), weights }).model;
    expect(gaussianProcess.predict(withNone, features)).toEqual(gaussianProcess.predict(without, features));
    expect(gaussianProcess.predict(without, features)[10]).toBeCloseTo(y[10] as number, 2);
  });

  it('refuses more rows than its equations bear, in a sentence', () => {
    const many = wave(3001);
    expect(() =>
      gaussianProcess.fit({
        ...input,
        features: many.features,
        target: { task: 'regression', y: many.y },
        rows: rowsOf(0, 3001),
      }),
    ).toThrow('GaussianProcess keeps its training rows, so it learns from 1 to 3000 of them; there are 3001 with weight.');
  });
});
