import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { decisionTree } from '../decision-tree.ts';
import { extraTrees } from '../extra-trees.ts';
import { leavesOfRows, type Tree } from '../gbdt/tree.ts';
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

  it('draw random thresholds evenly between the extremes of a leaf, whatever its values', () => {
    const values = Float32Array.from({ length: 110 }, (_, row) => 2 ** (row % 11));
    const powers: FeatureMatrix = { rowCount: 110, numeric: [{ name: 'x', raw: 'x', values }], categorical: [] };
    const target = { task: 'regression', y: Float64Array.from(values) } as const;
    const { model } = extraTrees.fit({ features: powers, target, rows: rowsOf(0, 110), params: { n_estimators: 500 }, seed: 2 });
    const roots = model.trees.map(({ threshold }) => threshold[0] as number);
    const mean = roots.reduce((sum, threshold) => sum + threshold, 0) / roots.length;
    // The mean of numbers drawn evenly from 1 to 1024, within four standard errors.
    expect(Math.abs(mean - 512.5)).toBeLessThan((4 * 1023) / Math.sqrt(12 * 500));
    expect(roots.every((threshold) => threshold >= 1 && threshold < 1024)).toBe(true);
  });

  it.each([randomForest, extraTrees, decisionTree])('$name: no leaf has fewer rows than it may', (learner) => {
    const { model } = learner.fit({ ...input, params: { min_samples_leaf: 30, max_leaf_nodes: 4000 }, seed: 3 });
    const leaves = new Int32Array(features.rowCount);
    leavesOfRows(model.trees[0] as Tree, features, leaves);
    const counts = new Map<number, number>();
    for (const row of input.rows) counts.set(leaves[row] as number, (counts.get(leaves[row] as number) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(5);
    // Rows that were not drawn come on top of those that were.
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(30);
  });

  it('split missing and infinite values as any others', () => {
    const odd = Float32Array.from({ length: 90 }, (_, row) => [Number.NaN, Number.POSITIVE_INFINITY, row][row % 3] as number);
    const matrix: FeatureMatrix = { rowCount: 90, numeric: [{ name: 'x', raw: 'x', values: odd }], categorical: [] };
    const y = Float64Array.from(odd, (_, row) => [0, 5, 2][row % 3] as number);
    const target = { task: 'regression', y } as const;
    for (const learner of [randomForest, extraTrees, decisionTree]) {
      const { model } = learner.fit({ features: matrix, target, rows: rowsOf(0, 90), params: {}, seed: 1 });
      const errors = learner.predict(model, matrix).map((answer, row) => Math.abs(answer - (y[row] as number)));
      expect(errors.reduce((sum, error) => sum + error, 0) / 90).toBeLessThan(0.1);
    }
  });
});
