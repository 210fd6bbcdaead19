/** Learners that only decide answer probabilities that are true: of the rows told 70 %, about 70 % are of the class. */
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { averagedPerceptronClassifier } from '../averaged-perceptron.ts';
import type { FitInput, Learner, LearnerParams, Target } from '../learner.ts';
import { linearSvm } from '../linear-svm.ts';
import { sgd } from '../sgd.ts';
import { svm } from '../svm.ts';
import { calibrate } from './calibrate.ts';

const rowCount = 2000;
const random = createRandom(31);
const x = Array.from({ length: 2 }, () => Float32Array.from({ length: rowCount }, () => random.nextNormal()));
const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(4));
const features: FeatureMatrix = {
  rowCount,
  numeric: x.map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values })),
  categorical: [{ name: 'c', raw: 'c', codes, labels: ['a', 'b', 'c'] }],
};
/** The truth: the share of class 1 among rows like this one. */
const share = Float64Array.from(
  { length: rowCount },
  (_, row) => 1 / (1 + Math.exp(-(2 * (x[0]?.[row] as number) - (x[1]?.[row] as number) + (codes[row] === 2 ? 2 : -0.5)))),
);
const y = Int32Array.from(share, (p) => Number(random.nextFloat() < p));
const rows = Int32Array.from({ length: 1200 }, (_, row) => row);
const input: FitInput = { features, target: { task: 'classification', classes: [0, 1], y }, rows, params: {}, seed: 4 };
const learners: readonly [string, Learner<unknown>, LearnerParams][] = [
  ['LinearSVM', linearSvm, {}],
  ['SVM', svm, {}],
  ['SGD with hinge loss', sgd, { average: true, alpha: 0.001 }],
  ['SGD with modified Huber loss', sgd, { loss: 'modified_huber', average: true, alpha: 0.001 }],
  ['SGD with logistic loss', sgd, { loss: 'log_loss', average: true, alpha: 0.001 }],
  ['AveragedPerceptronClassifier', averagedPerceptronClassifier, {}],
];

describe.each(learners)('%s', (_, learner, params) => {
  it('answers the true share of the class on rows it never saw', () => {
    const answers = answersOf({ ...input, params });
    let apart = 0;
    for (let row = 1200; row < rowCount; row++)
      apart += Math.abs((answers[2 * row + 1] as number) - (share[row] as number)) / 800;
    expect(apart).toBeLessThan(0.08);
  });

  it('answers shares that sum to 1 for three classes, and finds the one that stands apart', () => {
    const three = Int32Array.from(y, (label, row) => (codes[row] === 3 ? 2 : label));
    const target: Target = { task: 'classification', classes: ['a', 'b', 'c'], y: three };
    const answers = answersOf({ ...input, target, params });
    for (let row = 1200; row < rowCount; row++) {
      const mine = answers.subarray(3 * row, 3 * row + 3);
      expect(mine[0]! + mine[1]! + mine[2]!).toBeCloseTo(1, 12);
      expect((mine[2] as number) > 0.5).toBe(codes[row] === 3);
    }
  });

  it('learns nothing from rows of weight 0', () => {
    const weights = Float64Array.from({ length: rowCount }, (_unused, row) => row % 2);
    const nonsense = Int32Array.from(y, (label, row) => (row % 2 ? label : 1 - label));
    const target: Target = { task: 'classification', classes: [0, 1], y: nonsense };
    const answers = answersOf({ ...input, target, weights, params });
    let apart = 0;
    for (let row = 1200; row < rowCount; row++)
      apart += Math.abs((answers[2 * row + 1] as number) - (share[row] as number)) / 800;
    expect(apart).toBeLessThan(0.1);
  });

  function answersOf(given: FitInput): Float64Array {
    return learner.predict(learner.fit(given).model, features);
  }
});

it('every row is decided once, by a model that did not see it; told to stop, the folds so far do', () => {
  const asked: number[] = [];
  const decide = (train: Int32Array, wanted: Int32Array) => {
    expect(wanted.some((row) => train.includes(row))).toBe(false);
    expect(train.length + wanted.length).toBe(rows.length);
    asked.push(...wanted);
    return [Float64Array.from(wanted, (row) => x[0]?.[row] as number)];
  };
  const [sigmoid] = calibrate(input, decide);
  expect(asked.sort((a, b) => a - b)).toEqual([...rows]);
  expect(sigmoid?.slope).toBeGreaterThan(1);
  asked.length = 0;
  calibrate({ ...input, shouldStop: () => true }, decide);
  expect(asked.length).toBeLessThan(rows.length / 2);
});
