import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import type { FitInput, Target } from '../learner.ts';
import { mlp } from '../mlp.ts';
import { rowDesignOf } from '../sgd/row-design.ts';
import { logisticLoss, softmaxLoss, squaredLoss } from './answer-loss.ts';
import { backward, forward, networkOf, roomFor, startParameters } from './network.ts';

const rowCount = 900;
const random = createRandom(12);
const x = Array.from({ length: 2 }, () => Float32Array.from({ length: rowCount }, () => random.nextNormal()));
const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(4));
const features: FeatureMatrix = {
  rowCount,
  numeric: x.map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values })),
  categorical: [{ name: 'c', raw: 'c', codes, labels: ['a', 'b', 'c'] }],
};
const rowsOf = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
const design = rowDesignOf(features, rowsOf(0, rowCount));

it.each([
  ['logistic', logisticLoss, 1],
  ['softmax', softmaxLoss, 3],
  ['squared', squaredLoss, 1],
] as const)('the gradient of %s loss is the derivative by every parameter', (_, loss, outputs) => {
  const network = networkOf([design.width, 4, 3, outputs]);
  const parameters = startParameters(network, createRandom(3)).map((value) => value + 0.1 * random.nextNormal());
  const given = roomFor(network);
  const answer = given.at(-1) as Float64Array;
  const lossAt = (row: number): number => {
    forward(network, parameters, design, row, given);
    return loss(answer, 1);
  };
  for (const row of [0, 1, 2, 3]) {
    lossAt(row);
    const gradient = new Float64Array(network.parameterCount);
    backward(network, parameters, design, row, given, [...roomFor(network).slice(0, -1), answer], gradient);
    gradient.forEach((slope, j) => {
      const before = parameters[j] as number;
      parameters[j] = before + 1e-6;
      const above = lossAt(row);
      parameters[j] = before - 1e-6;
      const below = lossAt(row);
      parameters[j] = before;
      expect(slope).toBeCloseTo((above - below) / 2e-6, 5);
    });
  }
});

describe('MLP', () => {
  const product = Float64Array.from(rowsOf(0, rowCount), (row) => (x[0]?.[row] as number) * (x[1]?.[row] as number));
  const effect = product.map((value, row) => value + (codes[row] === 2 ? 1 : 0));
  const target: Target = { task: 'classification', classes: [0, 1], y: Int32Array.from(effect, (value) => Number(value > 0.3)) };
  const input: FitInput = { features, target, rows: rowsOf(0, 600), params: {}, seed: 1 };
  const wrong = (probabilities: Float64Array) =>
    rowsOf(600, rowCount).filter((row) => Number((probabilities[2 * row + 1] as number) > 0.5) !== target.y[row]).length / 300;

  it('learns what no linear model can, classes and values', () => {
    expect(wrong(mlp.predict(mlp.fit(input).model, features))).toBeLessThan(0.12);
    const y = effect.map((value) => 1e6 + 1e3 * value);
    const values = mlp.predict(mlp.fit({ ...input, target: { task: 'regression', y } }).model, features);
    const error = rowsOf(600, rowCount).reduce((sum, row) => sum + ((values[row] as number) - (y[row] as number)) ** 2, 0) / 300;
    const mean = y.reduce((sum, value) => sum + value, 0) / rowCount;
    expect(error).toBeLessThan((0.15 * y.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / rowCount);
  });

  it('is the same for the same seed, another for another', () => {
    const short = { ...input, params: { max_iter: 2 } };
    const { parameters } = mlp.fit(short).model as { parameters: Float64Array };
    expect((mlp.fit(short).model as { parameters: Float64Array }).parameters).toEqual(parameters);
    expect((mlp.fit({ ...short, seed: 2 }).model as { parameters: Float64Array }).parameters).not.toEqual(parameters);
  });

  it('learns nothing from rows of weight 0, and ends when told to', () => {
    // Every other row is mislabelled, and counts for nothing.
    const y = Int32Array.from(target.y, (label, row) => (row % 2 ? 1 - label : label));
    const weights = Float64Array.from({ length: rowCount }, (_, row) => 1 - (row % 2));
    const mislabelled = { ...input, target: { ...target, y } as Target };
    expect(wrong(mlp.predict(mlp.fit({ ...mislabelled, weights }).model, features))).toBeLessThan(0.2);
    expect(wrong(mlp.predict(mlp.fit(mislabelled).model, features))).toBeGreaterThan(0.25);
    let asked = 0;
    expect(mlp.fit({ ...input, shouldStop: () => ++asked > 5 }).work).toBe(0);
    expect(asked).toBe(6);
  });
});
