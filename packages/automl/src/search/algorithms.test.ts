/** Every algorithm name of Azure ML is understood, in both of Azure's spellings. */
import { algorithmsWithoutEngine, azureAlgorithms, type PrimaryMetric } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { chooseAlgorithms } from './algorithms.ts';
import { type Loss, lossesFor } from './losses.ts';
import { propose } from './proposals.ts';

/** As YAML has it: `LightGBM` is `light_gbm`, `XGBoostRegressor` is `xg_boost_regressor`. */
const inYaml = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase();

const small = { rows: 100, columns: 5, outputs: 1, losses: [] };

describe.each(['classification', 'regression'] as const)('%s', (task) => {
  it.each(azureAlgorithms[task])('allows %s, or says why it is skipped', (name) => {
    const fallback = name === 'DecisionTree' ? 'RandomForest' : 'DecisionTree';
    for (const spelling of [name, inYaml(name), name.toLowerCase()]) {
      const { spaces, notes } = chooseAlgorithms(task, small, [spelling, fallback]);
      const searched = new Set(spaces.map(({ algorithm }) => algorithm));
      if (algorithmsWithoutEngine.includes(name)) {
        expect([...searched]).toEqual([fallback]);
        expect(notes).toEqual([`${name} is skipped: this engine has no ${name}.`]);
      } else {
        expect(searched).toEqual(new Set([name, fallback]));
        const alone = chooseAlgorithms(task, small, [spelling]);
        expect(propose(1, 0, alone.portfolio, alone.spaces, []).algorithm).toBe(name);
        expect(notes).toEqual([]);
      }
    }
  });

  it.each(azureAlgorithms[task])('blocks %s', (name) => {
    const { spaces, portfolio, notes } = chooseAlgorithms(task, small, undefined, [inYaml(name)]);
    expect([...spaces, ...portfolio].map(({ algorithm }) => algorithm)).not.toContain(name);
    expect(notes).toEqual([]);
  });

  it('refuses to run nothing', () => {
    const lacking = azureAlgorithms[task].filter((name) => algorithmsWithoutEngine.includes(name));
    expect(() => chooseAlgorithms(task, small, lacking)).toThrow('None of the allowed algorithms is left to try');
  });
});

it('algorithms that keep their rows are skipped on large tables, with the reason', () => {
  const { notes } = chooseAlgorithms('classification', { ...small, rows: 1_000_000 }, ['KNN', 'SVM', 'LightGBM']);
  expect(notes).toHaveLength(2);
  for (const note of notes) expect(note).toMatch(/is skipped: it keeps its training rows, and is for at most 5000 of them/);
});

it.each([
  { ...small, rows: 500, columns: 10_000 },
  { ...small, columns: 16, rows: 900, outputs: 200 },
])('tries quick models first where boosting is slow to learn: %o', (facts) => {
  const slow = chooseAlgorithms('classification', facts, undefined);
  const plain = chooseAlgorithms('classification', { ...small, rows: 10_000 }, undefined);
  expect(slow.portfolio.map(({ algorithm }) => algorithm).slice(0, 3)).toEqual([
    'Prior',
    'ExtremeRandomTrees',
    'BernoulliNaiveBayes',
  ]);
  expect(slow.portfolio).toEqual(expect.arrayContaining([...plain.portfolio]));
});

it('tries what answers for all classes at once before more of boosting, where there are many', () => {
  const kinds = (outputs: number) =>
    chooseAlgorithms('classification', { ...small, rows: 10_000, outputs }, undefined).portfolio.map(
      ({ algorithm }) => algorithm,
    );
  expect(kinds(1).slice(0, 5)).toEqual(['Prior', 'LightGBM', 'LightGBM', 'LogisticRegression', 'XGBoostClassifier']);
  expect(kinds(9).slice(0, 6)).toEqual(['Prior', 'LightGBM', 'LogisticRegression', 'MLP', 'ExtremeRandomTrees', 'RandomForest']);
  expect(kinds(9).toSorted()).toEqual(kinds(1).toSorted());
});

it('tries smooth models of several penalties first where the table is small', () => {
  const early = (task: 'classification' | 'regression', rows: number) =>
    chooseAlgorithms(task, { ...small, rows }, undefined).portfolio.slice(2, 5);
  expect(early('regression', 100).map(({ algorithm }) => algorithm)).toEqual([
    'GaussianProcess',
    'GaussianProcess',
    'ElasticNet',
  ]);
  expect(early('classification', 100).flatMap(({ params: { C } }) => C ?? [])).toEqual([0.1, 30]);
  expect(new Set(early('regression', 10_000).map(({ algorithm }) => algorithm))).not.toContain('GaussianProcess');
});

it('tries every loss that suits the target early, and searches them', () => {
  const tried = (losses: readonly Loss[]) => {
    const { portfolio, spaces } = chooseAlgorithms('regression', { ...small, losses }, ['LightGBM', 'XGBoostRegressor']);
    const searched = Array.from(
      { length: 50 },
      (_, i) => propose(portfolio.length + i, 0, portfolio, spaces, []).params.objective,
    );
    return { early: portfolio.slice(0, 4).flatMap(({ params }) => params.objective ?? []), searched: new Set(searched) };
  };
  const regression = (y: readonly number[], metric: PrimaryMetric) =>
    tried(lossesFor({ task: 'regression', y: Float64Array.from(y) }, metric));
  expect(regression([0, 1, 5], 'r2_score')).toEqual({
    early: ['poisson'],
    searched: new Set(['regression', 'poisson', 'reg:squarederror', 'count:poisson']),
  });
  expect(regression([-1, 1, 5], 'normalized_mean_absolute_error')).toEqual({
    early: ['regression_l1'],
    searched: new Set(['regression', 'regression_l1', 'reg:squarederror', 'reg:absoluteerror']),
  });
  expect(regression([-1, 1, 5], 'r2_score')).toEqual({ early: [], searched: new Set([undefined]) });
});
