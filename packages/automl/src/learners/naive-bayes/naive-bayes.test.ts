/** Naive Bayes by its definition: the product of the shares within each class, computed row by row. */
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { bernoulliNaiveBayes } from '../bernoulli-naive-bayes.ts';
import type { Target } from '../learner.ts';
import { multinomialNaiveBayes } from '../multinomial-naive-bayes.ts';

const rowCount = 200;
const random = createRandom(9);
const x = Float32Array.from({ length: rowCount }, () => random.nextInt(5));
const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(3));
const features: FeatureMatrix = {
  rowCount,
  numeric: [{ name: 'x', raw: 'x', values: x }],
  categorical: [{ name: 'c', raw: 'c', codes, labels: ['a', 'b'] }],
};
const y = Int32Array.from(x, (value, row) => (value + (codes[row] as number) + random.nextInt(4)) % 3);
const target: Target = { task: 'classification', classes: [0, 1, 2], y };
const weights = Float64Array.from({ length: rowCount }, () => random.nextFloat());
const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
const column = (row: number) => [x[row] as number, Number(codes[row] === 1), Number(codes[row] === 2)];
const weightOf = (k: number, of: (row: number) => number) =>
  rows.reduce((sum, row) => sum + (y[row] === k ? (weights[row] as number) * of(row) : 0), 0);

function expectShares(answers: Float64Array, likelihood: (row: number, k: number) => number): void {
  for (const row of rows) {
    const mine = [0, 1, 2].map((k) => likelihood(row, k));
    const total = mine.reduce((sum, value) => sum + value, 0);
    mine.forEach((value, k) => {
      expect(answers[3 * row + k]).toBeCloseTo(value / total, 10);
    });
  }
}

describe('naive Bayes', () => {
  it('of set columns multiplies the shares of rows where they are set', () => {
    const { model } = bernoulliNaiveBayes.fit({ features, target, rows, weights, params: { alpha: 0.5, binarize: 1 }, seed: 1 });
    const bits = (row: number) => [Number((x[row] as number) > 1), ...column(row).slice(1)];
    expectShares(bernoulliNaiveBayes.predict(model, features), (row, k) =>
      bits(row).reduce(
        (product, bit, j) => {
          const share = (weightOf(k, (other) => bits(other)[j] as number) + 0.5) / (weightOf(k, () => 1) + 1);
          return product * (bit === 1 ? share : 1 - share);
        },
        weightOf(k, () => 1),
      ),
    );
  });

  it('of counts multiplies the shares of the whole count, to the power of the count', () => {
    const { model } = multinomialNaiveBayes.fit({
      features,
      target,
      rows,
      weights,
      params: { alpha: 2, fit_prior: false },
      seed: 1,
    });
    expectShares(multinomialNaiveBayes.predict(model, features), (row, k) => {
      const counts = [0, 1, 2].map((j) => weightOf(k, (other) => column(other)[j] as number) + 2);
      const total = counts.reduce((sum, count) => sum + count, 0);
      return column(row).reduce((product, value, j) => product * ((counts[j] as number) / total) ** value, 1);
    });
  });

  it('of counts refuses negative numbers, naming the feature and the way out', () => {
    const negative = { ...features, numeric: [{ name: 'debt', raw: 'debt', values: x.map((value) => value - 1) }] };
    expect(() => multinomialNaiveBayes.fit({ features: negative, target, rows, params: {}, seed: 1 })).toThrow(
      /"debt".*MinMaxScaler/,
    );
  });
});
