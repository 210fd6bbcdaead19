/** Every algorithm name of Azure ML is understood, in both of Azure's spellings. */
import { algorithmsWithoutEngine, azureAlgorithms } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { chooseAlgorithms } from './algorithms.ts';
import { propose } from './proposals.ts';

/** As YAML has it: `LightGBM` is `light_gbm`, `XGBoostRegressor` is `xg_boost_regressor`. */
const inYaml = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase();

describe.each(['classification', 'regression'] as const)('%s', (task) => {
  it.each(azureAlgorithms[task])('allows %s, or says why it is skipped', (name) => {
    const fallback = name === 'DecisionTree' ? 'RandomForest' : 'DecisionTree';
    for (const spelling of [name, inYaml(name), name.toLowerCase()]) {
      const { spaces, notes } = chooseAlgorithms(task, 100, [spelling, fallback]);
      const searched = new Set(spaces.map(({ algorithm }) => algorithm));
      if (algorithmsWithoutEngine.includes(name)) {
        expect([...searched]).toEqual([fallback]);
        expect(notes).toEqual([`${name} is skipped: this engine has no ${name}.`]);
      } else {
        expect(searched).toEqual(new Set([name, fallback]));
        const alone = chooseAlgorithms(task, 100, [spelling]);
        expect(propose(1, 0, alone.portfolio, alone.spaces, []).algorithm).toBe(name);
        expect(notes).toEqual([]);
      }
    }
  });

  it.each(azureAlgorithms[task])('blocks %s', (name) => {
    const { spaces, portfolio, notes } = chooseAlgorithms(task, 100, undefined, [inYaml(name)]);
    expect([...spaces, ...portfolio].map(({ algorithm }) => algorithm)).not.toContain(name);
    expect(notes).toEqual([]);
  });

  it('refuses to run nothing', () => {
    const lacking = azureAlgorithms[task].filter((name) => algorithmsWithoutEngine.includes(name));
    expect(() => chooseAlgorithms(task, 100, lacking)).toThrow('None of the allowed algorithms is left to try');
  });
});

it('algorithms that keep their rows are skipped on large tables, with the reason', () => {
  const { notes } = chooseAlgorithms('classification', 1_000_000, ['KNN', 'SVM', 'LightGBM']);
  expect(notes).toHaveLength(2);
  for (const note of notes) expect(note).toMatch(/is skipped: it keeps its training rows, and is for at most 5000 of them/);
});
