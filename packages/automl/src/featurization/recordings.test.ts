/** Our features beside those that Azure ML's engine made from the same tables (facts that the repository does not hold). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Column, numericColumn, stringColumn, type Table } from '../table/table.ts';
import { haveRecordings, needsRecordings, recording, recordingPath } from '../testing/recordings.ts';
import type { FeatureMatrix } from './features.ts';
import { fitFeaturization, transformFeatures } from './featurization.ts';
import { featurizerNamed, isSupervised } from './featurizers.ts';
import { HASH_SEED } from './hash-one-hot.ts';
import { murmurHash3 } from './murmur-hash3.ts';
import type { FeaturizerName } from './plan.ts';
import { featurizationSummary } from './summary.ts';

/** The feature columns of a CSV without line breaks in its cells; `text` names columns that hold text even where it looks like numbers. */
function csvTable(path: string, target: string | undefined, text: ReadonlySet<string>, rows: number): Table {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const cellsOf = (line: string) =>
    Array.from(line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g), ([, quoted, plain]) => quoted ?? plain ?? '');
  const cells = lines.slice(0, rows).map(cellsOf);
  const columns = cellsOf(header).flatMap((name, j): Column[] => {
    const texts = cells.map((row) => row[j] ?? '');
    if (name === target) return [];
    const isNumber =
      !text.has(name) && texts.some((text) => text !== '') && texts.every((text) => text === '' || Number.isFinite(Number(text)));
    return [
      isNumber
        ? numericColumn(
            name,
            texts.map((text) => (text === '' ? null : Number(text))),
          )
        : stringColumn(name, texts),
    ];
  });
  return { rowCount: cells.length, columns };
}

type Recorded = {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly dtype: string }[];
  readonly summary: readonly { readonly TypeDetected: string }[];
  readonly feature_names: readonly string[];
  readonly first_rows_transformed: readonly (readonly number[])[];
  readonly first_rows_input: readonly (readonly (string | number | boolean | null)[])[];
};

type RecordedDates = {
  readonly date_features: { readonly input: string[]; readonly names: string[]; readonly pipeline: number[][] };
  readonly hash_one_hot: { readonly seed: number; readonly values: string[]; readonly columns: Record<string, number[]> };
};

/** The features as Azure ML numbers them: one-hot columns one by one, by name. */
function spreadOut(matrix: FeatureMatrix): Map<string, (row: number) => number> {
  const features = new Map<string, (row: number) => number>();
  for (const { name, values } of matrix.numeric) features.set(name, (row) => values[row] as number);
  for (const { name, codes, labels } of matrix.categorical) {
    for (const [i] of labels.entries()) features.set(`${name}_${i}`, (row) => Number(codes[row] === i + 1));
  }
  return features;
}

function featuresOf(name: FeaturizerName, column: Column, rowCount: number): Map<string, (row: number) => number> {
  const featurizer = featurizerNamed(name);
  if (isSupervised(featurizer)) throw new Error(`${name} needs a target`);
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  const plan = {
    name: column.name,
    purpose: 'Text',
    featurizers: [name],
    told: [name],
    imputation: { strategy: 'mode' },
  } as const;
  const fitted = featurizer.fit([{ column, plan }], rows);
  return spreadOut({ rowCount, ...featurizer.transform(fitted, { rowCount, columns: [column] }) });
}

/** Each of some features beside the recorded values; float32 beside float64, rounded to nine digits. */
function expectValues(
  recorded: Recorded,
  names: readonly string[],
  features: ReadonlyMap<string, (row: number) => number>,
): void {
  const indexOf = new Map(recorded.feature_names.map((name, j) => [name, j]));
  recorded.first_rows_transformed.forEach((row, i) => {
    for (const name of names) {
      const theirs = row[indexOf.get(name) as number] as number;
      const ours = features.get(name)?.(i) ?? Number.NaN;
      expect(Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs)), `${name}, row ${i}: ${ours} is not ${theirs}`).toBeLessThan(
        1e-6,
      );
    }
  });
}

describe.skipIf(!haveRecordings)(`Azure ML's recorded featurization${needsRecordings}`, () => {
  it('makes the same ten numbers, of the same names, from a date', () => {
    const { input, names, pipeline } = recording<RecordedDates>('engine/featurization/dates_and_hash.json').date_features;
    const features = featuresOf('DateTimeTransformer', stringColumn('when', input), input.length);
    expect([...features.keys()]).toEqual(names);
    pipeline.forEach((expected, row) => {
      expect([...features.values()].map((feature) => feature(row))).toEqual(expected);
    });
  });

  it('hashes every value into the same column', () => {
    const { seed, values, columns } = recording<RecordedDates>('engine/featurization/dates_and_hash.json').hash_one_hot;
    expect(seed).toBe(HASH_SEED);
    for (const [width, expected] of Object.entries(columns)) {
      expect(values.map((value) => murmurHash3(value, seed) % Number(width))).toEqual(expected);
    }
  });

  it.each([
    ['bank', 'data/bankmarketing_train.csv', 'y'],
    ['bank_onnx', 'data/bankmarketing_train.csv', 'y'],
    ['heart', 'data/heart_failure.csv', 'DEATH_EVENT'],
    ['heart_onnx', 'data/heart_failure.csv', 'DEATH_EVENT'],
    ['machine', 'data/machine_performance.csv', 'ERP'],
    ['taxi', 'data/taxi_fare.csv', 'fare_amount'],
    ['taxi_onnx', 'data/taxi_fare.csv', 'fare_amount'],
    ['mixed_onnx', 'engine/featurization/mixed_table.csv', undefined],
  ])('%s: the same summary, names and values', (name, file, target) => {
    const recorded = recording<Recorded>(`engine/featurization/${name}.json`);
    const text = new Set(recorded.columns.filter(({ dtype }) => dtype === 'object').map((column) => column.name));
    const table = csvTable(recordingPath(file), target, text, recorded.rows);
    const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
    const fitted = fitFeaturization({ table, rows, family: 'linear' });
    const ours = featurizationSummary(fitted);
    expect(ours.featurizationSummary.map(({ DroppedReason: _, Reason: __, ...row }) => row)).toEqual(recorded.summary);
    expect(ours.engineeredFeatureNames).toEqual(recorded.feature_names);
    expectValues(recorded, recorded.feature_names, spreadOut(transformFeatures(fitted, table)));
  });

  // Azure leaves character n-grams out where the model is to be exported, as all of ours are.
  it.each(['mixed', 'mixed_regression', 'mixed_datetime64'])('%s: the same, and from characters too', (name) => {
    const recorded = recording<Recorded>(`engine/featurization/${name}.json`);
    const text = new Set(recorded.columns.filter(({ dtype }) => dtype === 'object').map((column) => column.name));
    const table = csvTable(recordingPath('engine/featurization/mixed_table.csv'), undefined, text, recorded.rows);
    const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
    const fitted = fitFeaturization({ table, rows, family: 'linear' });
    const comment = table.columns.find((column) => column.name === 'comment') as Column;
    const characters = featuresOf('CharGramTfIdf', comment, table.rowCount);
    const { engineeredFeatureNames } = featurizationSummary(fitted);
    const isOfCharacters = (feature: string) => feature.includes('_CharGramTfIdf_');
    expect([...characters.keys()]).toEqual(recorded.feature_names.filter(isOfCharacters));
    expect(engineeredFeatureNames).toEqual(recorded.feature_names.filter((feature) => !isOfCharacters(feature)));
    expectValues(recorded, recorded.feature_names, new Map([...spreadOut(transformFeatures(fitted, table)), ...characters]));
  });
});
