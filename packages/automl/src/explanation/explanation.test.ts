import { describe, expect, test } from 'vitest';
import { blendScore } from '../ensemble/index.ts';
import { createRandom } from '../random.ts';
import { columnNamed, type NumericColumn, numericColumn, type StringColumn, stringColumn, type Table } from '../table/table.ts';
import { haveRecordings, needsRecordings, recording } from '../testing/recordings.ts';
import { explanationFiles } from './explanation-files.ts';
import { permutationImportance } from './permutation-importance.ts';

const rows = 500;
const random = createRandom(1);
const strong = Array.from({ length: rows }, () => random.nextNormal());
const weak = Array.from({ length: rows }, () => random.nextNormal());
const kinds = Array.from({ length: rows }, () => (random.nextFloat() < 0.5 ? 'a' : 'b'));
const table: Table = {
  rowCount: rows,
  columns: [
    numericColumn('unread', strong),
    numericColumn('weak', weak),
    numericColumn('strong', strong),
    stringColumn('kind', kinds),
  ],
};

/** A model that is the truth: 10 · strong + weak + (kind b: 5). */
function predict(given: Table): Float64Array {
  const big = (columnNamed(given, 'strong') as NumericColumn).values;
  const small = (columnNamed(given, 'weak') as NumericColumn).values;
  const { codes, dictionary } = columnNamed(given, 'kind') as StringColumn;
  return Float64Array.from(big, (value, row) => 10 * value + small[row]! + (dictionary[codes[row]!] === 'b' ? 5 : 0));
}

const score = blendScore({ task: 'regression', trueValues: predict(table) }, 'normalized_root_mean_squared_error');

describe('permutation importance', () => {
  test('ranks columns by what the model loses without them, and an unread column at nothing', async () => {
    const importances = await permutationImportance({ table, predict, score, seed: 4 });
    expect(importances.map(({ name }) => name)).toEqual(['strong', 'kind', 'weak', 'unread']);
    expect(importances[3]).toEqual({ name: 'unread', importance: 0, std: 0, repeats: 5 });
    const [first, second, third] = importances.map(({ importance }) => importance) as [number, number, number];
    // Shuffling x changes c·x by √2·c·σ: 10√2 for the strong one, √2 for the weak one, 5·√½ for the kind.
    expect(first / third).toBeGreaterThan(8);
    expect(first / third).toBeLessThan(12);
    expect(second / third).toBeCloseTo(2.5, 0);
  });

  test('is the same for the same seed, and leaves the table as it was', async () => {
    const before = JSON.stringify(Array.from((columnNamed(table, 'strong') as NumericColumn).values));
    const once = await permutationImportance({ table, predict, score, seed: 4 });
    expect(await permutationImportance({ table, predict, score, seed: 4 })).toEqual(once);
    expect(await permutationImportance({ table, predict, score, seed: 5 })).not.toEqual(once);
    expect(JSON.stringify(Array.from((columnNamed(table, 'strong') as NumericColumn).values))).toBe(before);
  });

  test('shuffles only what the model reads, and each of those at least once when told to stop', async () => {
    let predictions = 0;
    const counted = (given: Table) => {
      predictions++;
      return predict(given);
    };
    const columns = ['strong', 'kind'];
    const importances = await permutationImportance({ table, predict: counted, score, columns, seed: 4, shouldStop: () => true });
    expect(predictions).toBe(1 + 2);
    expect(importances.map(({ name, repeats }) => [name, repeats])).toEqual([
      ['strong', 1],
      ['kind', 1],
      ['unread', 0],
      ['weak', 0],
    ]);
  });

  test('leaves out a round that it could not finish, so that all columns are measured equally often', async () => {
    let predictions = 0;
    const counted = (given: Table) => {
      predictions++;
      return predict(given);
    };
    const stopAfter = 1 + 2 * 4 + 2; // the model as it is, two rounds of four columns, half of the third
    const stopped = await permutationImportance({
      table,
      predict: counted,
      score,
      seed: 4,
      shouldStop: () => predictions >= stopAfter,
    });
    expect(predictions).toBe(stopAfter);
    expect(stopped).toEqual(await permutationImportance({ table, predict, score, seed: 4, repeats: 2 }));
  });
});

describe('explanation files', () => {
  const explanation = {
    method: 'permutation importance',
    metric: 'AUC_weighted',
    rows,
    features: [
      { name: 'b', importance: 0.4, std: 0.01 },
      { name: 'a', importance: 0.1, std: 0.01 },
    ],
  };
  const target = { task: 'classification', classes: ['no', 'yes'], y: new Int32Array() } as const;
  const nameOf = (path: string) => path.replace(/^explanation\/[0-9a-f]{8}\//, '');

  test('ranks are places in the list of features', () => {
    const files = explanationFiles({ explanation, target, featureNames: ['a', 'b'] });
    const byName = Object.fromEntries(Object.entries(files).map(([path, content]) => [nameOf(path), content]));
    expect(byName).toMatchObject({
      'features.interpret.json': ['a', 'b'],
      'classes.interpret.json': ['no', 'yes'],
      'global_names/0.interpret.json': ['b', 'a'],
      'global_rank/0.interpret.json': [1, 0],
      'global_values/0.interpret.json': [0.4, 0.1],
    });
  });

  test.skipIf(!haveRecordings)(`are among those of a recorded run, with the same metadata${needsRecordings}`, () => {
    const recorded = recording<Record<string, string>>('answers/05_explanation/classification_a73b9283.json');
    const known = new Map(Object.entries(recorded).map(([path, content]) => [nameOf(path), content]));
    const names = JSON.parse(known.get('features.interpret.json')!) as string[];
    const values = JSON.parse(known.get('global_values/0.interpret.json')!) as number[];
    const order = JSON.parse(known.get('global_names/0.interpret.json')!) as string[];
    const features = order.map((name, i) => ({ name, importance: values[i]!, std: 0 }));
    const files = explanationFiles({ explanation: { ...explanation, features }, target, featureNames: names });
    for (const [path, content] of Object.entries(files)) {
      const name = nameOf(path);
      expect([...known.keys()]).toContain(name);
      if (/^global|^features/.test(name)) expect(content, name).toEqual(JSON.parse(known.get(name)!));
    }
    const ours = Object.entries(files).find(([path]) => path.includes('rich_metadata'))?.[1] as Record<string, unknown>;
    const theirs = known.get('rich_metadata.interpret.json')!;
    for (const [name, entry] of Object.entries(ours)) expect(theirs).toContain(`${JSON.stringify(name)}: ${spaced(entry)}`);
  });
});

/** JSON as Python writes it. */
function spaced(value: unknown): string {
  return JSON.stringify(value).replaceAll(':', ': ').replaceAll(',', ', ');
}
