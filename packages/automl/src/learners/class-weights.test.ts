import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../featurization/features.ts';
import { createRandom } from '../random.ts';
import type { FitInput, Target } from './learner.ts';
import { learners, requireLearner } from './learners.ts';

const random = createRandom(3);
const rowCount = 400;
const values = Float32Array.from({ length: rowCount }, () => random.nextNormal());
const features: FeatureMatrix = { rowCount, numeric: [{ name: 'x', raw: 'x', values }], categorical: [] };
// One row in eight is of the second class, and x tells it badly.
const y = Int32Array.from(values, (value) => (value + 1.5 * random.nextNormal() > 2.2 ? 1 : 0));
const target: Target = { task: 'classification', classes: ['no', 'yes'], y };
const rows = Int32Array.from(values, (_, row) => row);
const input = (extra: Partial<FitInput>): FitInput => ({ features, target, rows, params: {}, seed: 1, ...extra });
const meanShare = (name: string, extra: Partial<FitInput>) => {
  const learner = requireLearner(name);
  const shares = learner.predict(learner.fit(input(extra)).model, features).filter((_, i) => i % 2 === 1);
  return shares.reduce((sum, share) => sum + share, 0) / rowCount;
};

// Multinomial naive Bayes of one column knows nothing but the classes' shares, and refuses numbers below 0.
// A leaf of one row answers with its class, whatever the row weighs.
const largeLeaves = ['RandomForest', 'ExtremeRandomTrees', 'DecisionTree'];
const paramsOf = (name: string): FitInput['params'] => (largeLeaves.includes(name) ? { min_samples_leaf: 40 } : {});
const classifiers = learners.filter(({ name, tasks }) => tasks.includes('classification') && !/^(Prior|Multinomial)/.test(name));

describe('class_weight balanced', () => {
  it.each(classifiers.map(({ name }) => name))('%s: the rare class counts as much as the other', (name) => {
    const params = paramsOf(name);
    const plain = meanShare(name, { params });
    const balanced = meanShare(name, { params: { ...params, class_weight: 'balanced' } });
    expect(balanced).toBeGreaterThan(plain + 0.05);
    const positives = y.reduce((sum, label) => sum + label, 0);
    const weights = Float64Array.from(y, (label) => rowCount / (2 * (label === 1 ? positives : rowCount - positives)));
    expect(balanced).toBeCloseTo(meanShare(name, { params, weights }), 10);
  });

  it('refuses what it is not', () => {
    expect(() => meanShare('LightGBM', { params: { class_weight: 'auto' } })).toThrow(/one of none, balanced/);
  });
});
