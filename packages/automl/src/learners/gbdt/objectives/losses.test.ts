import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../../featurization/features.ts';
import { fixture } from '../../../testing/recordings.ts';
import type { LearnerParams, Target } from '../../learner.ts';
import { lightGbm } from '../../lightgbm.ts';

type Losses = {
  readonly numbers: Readonly<Record<string, readonly (number | null)[]>>;
  readonly codes: Readonly<Record<string, readonly number[]>>;
  readonly targets: Readonly<Record<string, readonly number[]>>;
  readonly weights: readonly number[];
  readonly growth: LearnerParams;
  readonly cases: readonly {
    readonly target: string;
    readonly params: LearnerParams;
    readonly weighted: boolean;
    readonly predictions: readonly number[];
  }[];
};

const losses = fixture<Losses>('lightgbm/losses.json');
const rowCount = losses.weights.length;
const features: FeatureMatrix = {
  rowCount,
  numeric: Object.entries(losses.numbers).map(([name, values]) => ({
    name,
    raw: name,
    values: Float32Array.from(values, (value) => value ?? Number.NaN),
  })),
  categorical: Object.entries(losses.codes).map(([name, codes]) => ({
    name,
    raw: name,
    labels: Array.from({ length: Math.max(...codes) }, (_, i) => `${name} ${i + 1}`),
    codes: Int32Array.from(codes),
  })),
};

function targetOf(name: string): Target {
  const y = losses.targets[name] as readonly number[];
  if (name === 'two' || name === 'four')
    return { task: 'classification', classes: [...new Set(y)].sort(), y: Int32Array.from(y) };
  return { task: 'regression', y: Float64Array.from(y) };
}

const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
const fit = (target: Target, params: LearnerParams, weights?: Float64Array) =>
  lightGbm.fit({ features, target, rows, params: { ...losses.growth, ...params }, seed: 1, weights }).model;

describe('with equal parameters our predictions are those of LightGBM (fixtures/lightgbm/record.py)', () => {
  it.each(losses.cases)('$target $params weighted: $weighted', ({ target: name, params, weighted, predictions: theirs }) => {
    const target = targetOf(name);
    const model = fit(target, params, weighted ? Float64Array.from(losses.weights) : undefined);
    const all = lightGbm.predict(model, features);
    const stride = all.length / rowCount;
    // LightGBM tells the second of two classes only, and leaves one-against-rest shares unnormalised.
    const mine = target.task === 'classification' && target.classes.length === 2 ? all.filter((_, i) => i % 2 === 1) : all;
    theirs.forEach((told, i) => {
      const first = i - (i % stride);
      const sum = theirs.slice(first, first + stride).reduce((total, share) => total + share, 0);
      const expected = params.objective === 'multiclassova' ? told / sum : told;
      expect(Math.abs((mine[i] as number) - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-5);
    });
  });
});

describe('an objective', () => {
  const counts = targetOf('count');
  const negative: Target = { task: 'regression', y: Float64Array.from(counts.y, (y) => y - 1) };
  const zeros: Target = { task: 'regression', y: new Float64Array(rowCount) };
  it.each([
    [negative, { objective: 'poisson' }, /poisson needs targets of at least 0; the data has -1/],
    [negative, { objective: 'tweedie' }, /tweedie needs targets of at least 0/],
    [counts, { objective: 'gamma' }, /gamma needs targets above 0; the data has 0/],
    [zeros, { objective: 'poisson' }, /all targets are 0/],
    [counts, { objective: 'binary' }, /binary is not for regression; these are: regression, /],
    [targetOf('two'), { objective: 'mae' }, /regression_l1 is not for classification/],
    [targetOf('four'), { objective: 'binary' }, /for two classes; the target has 4/],
    [targetOf('four'), { scale_pos_weight: 2 }, /neither is_unbalance nor scale_pos_weight/],
    [targetOf('two'), { scale_pos_weight: 2, is_unbalance: true }, /not both/],
    [counts, { objective: 'quantile', alpha: 1.5 }, /alpha between 0 and 1; it is 1.5/],
    [counts, { objective: 'mape' }, /"mape" is not one of: regression, /],
    [counts, { objective: 'tweedie', tweedie_variance_power: 2.5 }, /"tweedie_variance_power" is 2.5/],
  ] satisfies [Target, LearnerParams, RegExp][])('refuses what it has no loss for: %#', (target, params, sentence) => {
    expect(() => fit(target, params)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
    expect(() => fit(target, params)).toThrow(sentence);
  });
});
