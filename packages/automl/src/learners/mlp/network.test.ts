import { describe, expect, it } from 'vitest';
import { compileKernels } from '../../../scripts/build-kernels.ts';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import type { FitInput, Target } from '../learner.ts';
import { mlp } from '../mlp.ts';
import { rowDesignOf } from '../sgd/row-design.ts';
import { logisticLoss, softmaxLoss, squaredLoss } from './answer-loss.ts';
import { openBatchNetwork } from './batch-network.ts';
import { forward, networkOf, roomFor, startParameters } from './network.ts';
import { networkBase64 } from './network-binary.ts';

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
] as const)(
  'a batch answers as row after row does, and its gradient of %s loss is the derivative by every parameter',
  (_, loss, outputs) => {
    const network = networkOf([design.width, 11, 3, outputs]);
    // Numbers of float32, as a batch works with.
    const parameters = startParameters(network, createRandom(3)).map((value) => Math.fround(value + 0.1 * random.nextNormal()));
    const given = roomFor(network);
    const answer = given.at(-1) as Float64Array;
    const rows = Int32Array.of(0, 7, 2, 3, 5);
    const lossNow = () =>
      rows.reduce((sum, row) => {
        forward(network, parameters, design, row, given);
        return sum + loss(answer, 1);
      }, 0);

    const batches = openBatchNetwork(network, design, 6);
    batches.load(parameters);
    expect(batches.read()).toEqual(parameters);
    const answers = batches.forward(rows);
    rows.forEach((row, b) => {
      forward(network, parameters, design, row, given);
      const mine = Float64Array.from(answers.subarray(b * batches.answerStride, b * batches.answerStride + outputs));
      mine.forEach((value, k) => {
        expect(value).toBeCloseTo(answer[k] as number, 5);
      });
      loss(mine, 1);
      answers.set(mine, b * batches.answerStride);
    });
    batches.backward();
    batches.gradient().forEach((slope, j) => {
      const before = parameters[j] as number;
      parameters[j] = before + 1e-6;
      const above = lossNow();
      parameters[j] = before - 1e-6;
      const below = lossNow();
      parameters[j] = before;
      expect(slope).toBeCloseTo((above - below) / 2e-6, 4);
    });
  },
);

it('Adam moves every parameter by the learning rate at first, against its slope', () => {
  const network = networkOf([design.width, 5, 1]);
  const parameters = startParameters(network, createRandom(3));
  const batches = openBatchNetwork(network, design, 4);
  batches.load(parameters);
  batches.forward(Int32Array.of(0, 1, 2, 3)).fill(1);
  batches.backward();
  batches.step(0.01, 0);
  const gradient = batches.gradient();
  batches.read().forEach((value, j) => {
    if (Math.abs(gradient[j] as number) > 1e-4)
      expect(value - (parameters[j] as number)).toBeCloseTo(-0.01 * Math.sign(gradient[j] as number), 5);
  });
});

it('the binary is compiled from the source', async () => {
  expect(Buffer.from(await compileKernels('network')).toString('base64')).toBe(networkBase64);
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
    expect(mlp.fit({ ...input, shouldStop: () => ++asked > 3 }).work).toBe(0);
    expect(asked).toBe(4);
  });
});
