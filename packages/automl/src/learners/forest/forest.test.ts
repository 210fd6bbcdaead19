import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { decisionTree } from '../decision-tree.ts';
import { extraTrees } from '../extra-trees.ts';
import type { FitInput } from '../learner.ts';
import { randomForest } from '../random-forest.ts';

const rowsOf = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

/** Two of six features decide, by their product. */
function checkerboard(rowCount: number): { features: FeatureMatrix; y: Int32Array } {
  const random = createRandom(11);
  const columns = Array.from({ length: 6 }, () => Float32Array.from({ length: rowCount }, () => random.nextNormal()));
  const numeric = columns.map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values }));
  const [a, b] = columns as [Float32Array, Float32Array];
  const y = Int32Array.from(a, (value, row) => (value * (b[row] as number) + 0.3 * random.nextNormal() > 0 ? 1 : 0));
  return { features: { rowCount, numeric, categorical: [] }, y };
}

describe('forests', () => {
  const { features, y } = checkerboard(3000);
  const input: FitInput = {
    features,
    target: { task: 'classification', classes: [0, 1], y },
    rows: rowsOf(0, 2000),
    params: {},
    seed: 1,
  };
  const accuracy = (probabilities: Float64Array) => {
    const test = rowsOf(2000, 3000);
    return test.filter((row) => ((probabilities[2 * row + 1] as number) > 0.5 ? 1 : 0) === y[row]).length / test.length;
  };

  it('of many trees beat one', () => {
    const one = accuracy(decisionTree.predict(decisionTree.fit(input).model, features));
    for (const learner of [randomForest, extraTrees]) {
      const many = accuracy(learner.predict(learner.fit(input).model, features));
      expect(many).toBeGreaterThan(0.8);
      expect(many).toBeGreaterThan(one);
    }
  });

  it('answer the mean of a leaf: one tree of whole leaves returns what it learned', () => {
    const { model } = decisionTree.fit({ ...input, params: { max_leaf_nodes: 4000 }, rows: rowsOf(0, 50) });
    const learned = decisionTree.predict(model, features);
    for (const row of rowsOf(0, 50)) expect(learned[2 * row + 1]).toBeCloseTo(y[row] as number, 6);
  });

  it('answer shares that sum to 1 for three classes', () => {
    const three = Int32Array.from(y, (label, row) => (row % 3 === 0 ? 2 : label));
    const { model } = randomForest.fit({
      ...input,
      target: { task: 'classification', classes: ['a', 'b', 'c'], y: three },
      params: { n_estimators: 5 },
    });
    const shares = randomForest.predict(model, features);
    expect(shares).toHaveLength(3 * 3000);
    for (let row = 0; row < 3000; row++)
      expect((shares[3 * row] as number) + (shares[3 * row + 1] as number) + (shares[3 * row + 2] as number)).toBeCloseTo(1, 12);
  });

  it('end between trees when told to, and answer with those they have', () => {
    let asked = 0;
    const { model } = randomForest.fit({ ...input, shouldStop: () => ++asked > 7 });
    expect(model.trees.length).toBe(8);
    expect(accuracy(randomForest.predict(model, features))).toBeGreaterThan(0.7);
  });
});
