import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../featurization/features.ts';
import { createRandom } from '../random.ts';
import type { FitInput, LearnerParams } from './learner.ts';
import { lightGbm } from './lightgbm.ts';

const rowsOf = (count: number) => Int32Array.from({ length: count }, (_, row) => row);
const numeric = (name: string, values: ArrayLike<number>) => ({ name, raw: name, values: Float32Array.from(values) });

function regressionOf(features: FeatureMatrix, y: Float64Array, params: FitInput['params'], extra: Partial<FitInput> = {}) {
  const input: FitInput = {
    features,
    target: { task: 'regression', y },
    rows: rowsOf(features.rowCount),
    params,
    seed: 1,
    ...extra,
  };
  const { model, ...rest } = lightGbm.fit(input);
  return { predictions: lightGbm.predict(model, features), model, ...rest };
}

/** A noisy table: x decides, the rest is noise. */
function noisyTable(rows: number, seed = 5): { features: FeatureMatrix; y: Float64Array } {
  const random = createRandom(seed);
  const x = Float32Array.from({ length: rows }, () => random.nextFloat());
  const noise = Float32Array.from({ length: rows }, () => random.nextFloat());
  const y = Float64Array.from(x, (value) => Math.sin(6 * value) + random.nextNormal());
  return { features: { rowCount: rows, numeric: [numeric('x', x), numeric('noise', noise)], categorical: [] }, y };
}

describe('LightGBM', () => {
  it('with one tree of two leaves predicts the two means', () => {
    const x = [...Array(30).fill(1), ...Array(30).fill(2)];
    const y = Float64Array.from(x, (value, i) => (value === 1 ? 10 : 20) + (i % 2 ? 1 : -1));
    const features = { rowCount: 60, numeric: [numeric('x', x)], categorical: [] };
    const { predictions } = regressionOf(features, y, { num_iterations: 1, num_leaves: 2, learning_rate: 1 });
    predictions.forEach((prediction, i) => {
      expect(prediction).toBeCloseTo(x[i] === 1 ? 10 : 20, 5);
    });
  });

  it('weights rows: a row of weight 3 is three rows', () => {
    const { features, y } = noisyTable(200);
    const weights = Float64Array.from(y, (_, i) => (i % 4 === 0 ? 3 : 1));
    const repeated = [...rowsOf(200)].flatMap((row) => Array<number>(weights[row] as number).fill(row));
    const longer = {
      rowCount: repeated.length,
      numeric: features.numeric.map((feature) =>
        numeric(
          feature.name,
          repeated.map((row) => feature.values[row] as number),
        ),
      ),
      categorical: [],
    };
    const params = { num_iterations: 5, min_child_samples: 0, min_data_in_bin: 1 };
    const weighted = regressionOf(features, y, params, { weights }).predictions;
    const again = regressionOf(
      longer,
      Float64Array.from(repeated, (row) => y[row] as number),
      params,
    ).predictions;
    repeated.forEach((row, i) => {
      expect(again[i]).toBeCloseTo(weighted[row] as number, 5);
    });
  });

  it('learns the side of missing values', () => {
    const x = Float32Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? Number.NaN : i % 4));
    // Missing behaves like the largest value, then like the smallest.
    for (const like of [3, 1]) {
      const y = Float64Array.from(x, (value) => ((Number.isNaN(value) ? like : value) >= 2.5 ? 5 : 0));
      const { predictions } = regressionOf({ rowCount: 400, numeric: [numeric('x', x)], categorical: [] }, y, {
        num_iterations: 1,
        num_leaves: 2,
        learning_rate: 1,
      });
      predictions.forEach((value, i) => {
        expect(value).toBeCloseTo(y[i] as number, 5);
      });
    }
  });

  it('splits twenty categories into two sets at once', () => {
    const codes = Int32Array.from({ length: 4000 }, (_, i) => 1 + (i % 20));
    const high = new Set([2, 3, 7, 11, 19]);
    const y = Float64Array.from(codes, (code) => (high.has(code) ? 1 : 0));
    const labels = Array.from({ length: 20 }, (_, i) => `c${i + 1}`);
    const features = { rowCount: 4000, numeric: [], categorical: [{ name: 'c', raw: 'c', codes, labels }] };
    const { model, predictions } = regressionOf(features, y, { num_iterations: 1, num_leaves: 2, learning_rate: 1, cat_l2: 0 });
    expect(model.boosted.trees[0]?.leafCount).toBe(2);
    predictions.forEach((value, i) => {
      expect(value).toBeCloseTo(y[i] as number, 5);
    });
  });

  it('stops early where the validation rows are predicted best, and not later', () => {
    const { features, y } = noisyTable(600);
    const [rows, validationRows] = [rowsOf(400), rowsOf(600).subarray(400)];
    const loss = (predictions: Float64Array) =>
      validationRows.reduce((sum, row) => sum + ((predictions[row] as number) - (y[row] as number)) ** 2, 0);
    const early = regressionOf(features, y, { num_iterations: 500, early_stopping_round: 20 }, { rows, validationRows });
    expect(early.rounds).toBeLessThan(500);
    const all = [early.rounds as number, (early.rounds as number) + 10, 500].map((num_iterations) =>
      loss(regressionOf(features, y, { num_iterations }, { rows }).predictions),
    );
    expect(loss(early.predictions)).toBeCloseTo(all[0] as number, 8);
    expect(all[0]).toBeLessThan(all[1] as number);
    expect(all[0]).toBeLessThan(all[2] as number);
  });

  it('stays finite where a class of two hundred is certain: a tree that cannot be split adds nothing', () => {
    const random = createRandom(3);
    const y = Int32Array.from({ length: 2000 }, (_, row) => row % 200);
    const place = Float32Array.from(y, (k) => k + 0.3 * random.nextNormal());
    const features = { rowCount: 2000, numeric: [numeric('place', place)], categorical: [] };
    const target = { task: 'classification', classes: Array.from({ length: 200 }, (_, k) => k), y } as const;
    const { model } = lightGbm.fit({ features, target, rows: rowsOf(2000), params: { num_iterations: 25 }, seed: 0 });
    expect(model.boosted.trees.some((tree) => tree.leafCount === 1)).toBe(true);
    expect(lightGbm.predict(model, features).every(Number.isFinite)).toBe(true);
  });

  it('gives the same model for the same seed, another for another', () => {
    const { features, y } = noisyTable(500);
    const params = { num_iterations: 10, bagging_fraction: 0.5, bagging_freq: 1, feature_fraction: 0.5 };
    const [a, b, c] = [1, 1, 2].map((seed) => regressionOf(features, y, params, { seed }).predictions);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('keeps its limits: leaves, depth, rows a leaf', () => {
    const { features, y } = noisyTable(500);
    const treesOf = (params: FitInput['params']) =>
      regressionOf(features, y, { num_iterations: 3, ...params }).model.boosted.trees;
    expect(treesOf({ num_leaves: 5 }).map(({ leafCount }) => leafCount)).toEqual([5, 5, 5]);
    expect(treesOf({ max_depth: 2 }).map(({ leafCount }) => leafCount)).toEqual([4, 4, 4]);
    for (const { leafCount } of treesOf({ min_child_samples: 100 })) {
      expect(leafCount).toBeGreaterThan(1);
      expect(leafCount).toBeLessThanOrEqual(5);
    }
  });

  it('ends between rounds when it is told to', () => {
    const { features, y } = noisyTable(100);
    let asked = 0;
    const { rounds } = regressionOf(features, y, { num_iterations: 100 }, { shouldStop: () => ++asked > 3 });
    expect(rounds).toBe(3);
  });

  it('refuses a parameter that LightGBM does not have, and a value out of range', () => {
    const { features, y } = noisyTable(50);
    expect(() => regressionOf(features, y, { leafs: 3 })).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
    expect(() => regressionOf(features, y, { num_leaves: 1 })).toThrow(/num_leaves/);
    expect(() => regressionOf(features, y, { num_leaves: 7.5 })).toThrow(/num_leaves.*whole/);
    expect(() => regressionOf(features, y, { lambda_l2: -1 })).toThrow(/lambda_l2/);
  });

  it.each<LearnerParams>([
    { boosting: 'dart' },
    { boosting_type: 'rf' },
    { boosting: 'goss' },
    { data_sample_strategy: 'goss' },
    { linear_tree: true },
    { extra_trees: true },
    { path_smooth: 1 },
    { monotone_constraints: '1,0' },
    { max_delta_step: 1 },
    { feature_fraction_bynode: 0.5 },
    { drop_rate: 0.2 },
    { top_rate: 0.3 },
  ])('refuses rather than ignores %o', (params) => {
    const { features, y } = noisyTable(50);
    expect(() => regressionOf(features, y, params)).toThrow(Object.keys(params)[0]);
  });

  it('takes the names of what it does anyway', () => {
    const { features, y } = noisyTable(50);
    const plain = regressionOf(features, y, { num_iterations: 3 });
    expect(regressionOf(features, y, { num_iterations: 3, boosting_type: 'gbdt', device_type: 'cpu' })).toEqual(plain);
  });
});
