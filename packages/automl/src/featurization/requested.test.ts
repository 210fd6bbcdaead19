/** What a job's `featurization` block does to a table, and what it is told when it asks for what cannot be. */
import type { ColumnTransformer, Featurization } from '@malachite/core';
import { GraphBuilder } from '@malachite/onnx';
import { describe, expect, it } from 'vitest';
import { numericColumn, stringColumn, type Table } from '../table/table.ts';
import { emitFeatures, fitFeaturization, transformFeatures } from './featurization.ts';
import { requestedFeaturization } from './requested.ts';
import { featurizationSummary } from './summary.ts';

const rowCount = 400;
const each = <T>(value: (row: number) => T): T[] => Array.from({ length: rowCount }, (_, row) => value(row));
const table: Table = {
  rowCount,
  columns: [
    numericColumn(
      'age',
      each((row) => (row % 10 === 0 ? null : 20.5 + (row % 40))),
    ),
    numericColumn(
      'rooms',
      each((row) => row % 4),
    ),
    stringColumn(
      'city',
      each((row) => (row % 9 === 0 ? null : ['Oslo', 'Lima', 'Quito'][row % 3])),
    ),
    stringColumn(
      'zip',
      each((row) => String(10_000 + (row % 90))),
    ),
    stringColumn(
      'opened',
      each((row) => (row === 7 ? 'unknown' : `2023-0${1 + (row % 9)}-1${row % 10}`)),
    ),
    stringColumn(
      'note',
      each((row) => `all is well with number${row} and word${row % 7}`),
    ),
    stringColumn(
      'town',
      each((row) => (row % 9 === 0 ? null : ['Oslo', 'Lima', 'Quito'][row % 3])),
    ),
  ],
};
const rows = Int32Array.from({ length: rowCount }, (_, row) => row);

/** The summary's rows by column, and the linear learner's features. */
function made(asked: Featurization, family: 'linear' | 'trees' = 'linear') {
  const { features, purposes, settings, notes } = requestedFeaturization(table, asked);
  const fitted = fitFeaturization({ table: features, rows, family, purposes, settings, task: 'classification' });
  const { featurizationSummary: summary, engineeredFeatureNames: names } = featurizationSummary(fitted);
  const matrix = transformFeatures(fitted, features);
  return { notes, names, matrix, of: (name: string) => summary.find((row) => row.RawFeatureName === name) };
}

describe('featurization as a job asks for it', () => {
  it('says of every column what it is and why, and leaves a duplicate out', () => {
    const { of } = made({});
    expect(of('rooms')).toMatchObject({
      TypeDetected: 'Categorical',
      Reason: 'Whole numbers: only 4 distinct values in 400 rows.',
    });
    expect(of('town')).toMatchObject({ Dropped: 'Yes', DroppedReason: 'It holds the same as "city" in every row.' });
  });

  it('imputes as transformer_params say, column by column', () => {
    const imputer: ColumnTransformer[] = [
      { fields: ['age'], parameters: { strategy: 'median' } },
      { fields: ['city'], parameters: { strategy: 'constant', fill_value: 'nowhere' } },
    ];
    const { of, names, matrix } = made({ transformerParams: { Imputer: imputer } });
    expect(of('age')?.Transformations).toEqual(['MedianImputer', 'ImputationMarker']);
    expect(matrix.numeric.find(({ name }) => name === 'age_MedianImputer')?.values[0]).toBe(40.5);
    expect(matrix.categorical.find(({ raw }) => raw === 'city')?.labels).toEqual(['Lima', 'Oslo', 'Quito', 'nowhere']);
    expect(names).toContain('age_MedianImputer');
    // What the job asks for is done for trees too, which otherwise see that a value is missing.
    const trees = made({ transformerParams: { Imputer: [{ parameters: { strategy: 'constant', fill_value: -1 } }] } }, 'trees');
    expect(trees.matrix.numeric.find(({ name }) => name === 'age_ConstantImputer')?.values[0]).toBe(-1);
  });

  it('hashes into 2^number_of_bits columns, cuts words as TfIdf says', () => {
    const { of } = made({
      columnNameAndTypes: { zip: 'CategoricalHash' },
      blockedTransformers: ['WoETargetEncoder'],
      transformerParams: {
        HashOneHotEncoder: [{ parameters: { number_of_bits: 3 } }],
        TfIdf: [{ fields: ['note'], parameters: { max_features: 5, max_df: 0.5 } }],
      },
    });
    expect(of('zip')).toMatchObject({ EngineeredFeatureCount: 8, Transformations: ['StringCast-HashOneHotEncoder'] });
    expect(of('note')).toMatchObject({ EngineeredFeatureCount: 5, Transformations: ['StringCast-WordGramTfIdf'] });
  });

  it('reads columns as column_name_and_types say', () => {
    const types = { zip: 'Numeric', rooms: 'Numeric', opened: 'DateTime', note: 'Ignore', age: 'Categorical' } as const;
    const { of, matrix } = made({ columnNameAndTypes: types });
    expect(matrix.numeric.find(({ name }) => name === 'zip_MeanImputer')?.values[1]).toBe(10_001);
    expect(of('rooms')?.Transformations).toEqual(['MeanImputer']);
    expect(of('opened')).toMatchObject({ TypeDetected: 'DateTime', EngineeredFeatureCount: 10 });
    expect(of('note')).toMatchObject({ Dropped: 'Yes', TypeDetected: 'Ignore' });
    expect(of('note')?.DroppedReason).toMatch(/The job says so; it looks like Text/);
    expect(of('age')).toMatchObject({ TypeDetected: 'Categorical', EngineeredFeatureCount: 37 });
  });

  it('uses no blocked transformer: the next best one, or none and says so', () => {
    const counted = made({ blockedTransformers: ['CountVectorizer'] }).of('city');
    expect(counted?.Transformations).not.toContain('StringCast-CharGramCountVectorizer');
    const { of } = made({ blockedTransformers: ['TfIdf', 'TextTargetEncoder'] });
    expect(of('note')).toMatchObject({ Dropped: 'Yes', DroppedReason: 'Every transformer for Text is blocked: TfIdf.' });
    const trees = made({ blockedTransformers: ['TextTargetEncoder', 'TfIdf'] }, 'trees');
    expect(trees.of('note')?.DroppedReason).toBe('Every transformer for Text is blocked: TfIdf, TextTargetEncoder.');
  });

  it('off reads numbers as they are, and says what it then does not look at', () => {
    const numbers = { rowCount, columns: table.columns.filter((column) => column.kind === 'numeric') };
    const { purposes, notes } = requestedFeaturization(numbers, { mode: 'off', blockedTransformers: ['TfIdf'] });
    expect(Object.values(purposes).map(({ purpose }) => purpose)).toEqual(['Numeric', 'Numeric']);
    expect(notes).toEqual(['featurization.mode is off: blockedTransformers are not looked at. Set mode custom to use them.']);
    expect(() => requestedFeaturization(table, { mode: 'off' })).toThrow(/off, but these columns hold text: city, zip/);
  });

  it('says what is not there', () => {
    const { notes } = requestedFeaturization(table, { enableDnnFeaturization: true, blockedTransformers: ['WordEmbedding'] });
    expect(notes).toEqual([expect.stringMatching(/no neural text features/), expect.stringMatching(/WordEmbedding is not used/)]);
  });
});

it('says which parameters no transformer reads, and that a language changes nothing', () => {
  const { notes } = made({
    datasetLanguage: 'deu',
    transformerParams: {
      HashOneHotEncoder: [{ fields: ['city', 'zip'], parameters: { number_of_bits: 3 } }],
      Imputer: [{ fields: ['note', 'age'], parameters: { strategy: 'constant', fill_value: 0 } }],
    },
  });
  expect(notes).toEqual([
    'datasetLanguage: words are told apart by their letters alone, in any language.',
    expect.stringMatching(
      /^transformerParams\.Imputer has no effect on column "note": it is Text, not Numeric, Categorical, CategoricalHash or DateTime\.$/,
    ),
    expect.stringMatching(
      /^transformerParams\.HashOneHotEncoder has no effect on column "city": it is Categorical, not CategoricalHash\.$/,
    ),
  ]);
});

describe('what is wrong is named, with what is allowed', () => {
  const params = (
    name: 'Imputer' | 'TfIdf' | 'HashOneHotEncoder',
    fields: string[],
    parameters: Record<string, string | number | null>,
  ) => ({
    transformerParams: { [name]: [{ fields, parameters }] },
  });
  it.each([
    [{ columnNameAndTypes: { aeg: 'Numeric' } }, /columnNameAndTypes: there is no feature column "aeg"\. Columns: age, rooms/],
    [{ columnNameAndTypes: { city: 'Numeric' } }, /column "city" cannot be Numeric\. "Lima" is no number/],
    [{ columnNameAndTypes: { city: 'DateTime' } }, /column "city" cannot be DateTime\. None of its values is a date/],
    [{ columnNameAndTypes: { age: 'Text' } }, /column "age" cannot be Text\. It holds numbers/],
    [params('Imputer', ['nowhere'], {}), /Imputer\[0\]\.fields: there is no feature column "nowhere"/],
    [
      params('Imputer', ['age'], { strategy: 'guess' }),
      /strategy is "guess"; it must be one of mean, median, mode, constant, most_frequent/,
    ],
    [params('Imputer', ['age'], { stragety: 'mean' }), /there is no parameter "stragety"\. Parameters: strategy, fill_value/],
    [params('Imputer', ['city'], { strategy: 'mean' }), /column "city" holds text, which has no mean/],
    [params('Imputer', ['age'], { strategy: 'constant', fill_value: 'none' }), /fill_value is "none"; it must be a number/],
    [params('HashOneHotEncoder', [], { number_of_bits: 40 }), /number_of_bits is 40; it must be a whole number from 1 to 16/],
    [params('TfIdf', ['note'], { norm: 'l3' }), /norm is "l3"; it must be l1, l2 or null/],
    [params('TfIdf', ['note'], { max_df: 1.5 }), /max_df is 1\.5; it must be a share/],
  ] as [Featurization, RegExp][])('%j', (asked, sentence) => {
    expect(() => requestedFeaturization(table, asked)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
    expect(() => requestedFeaturization(table, asked)).toThrow(sentence);
  });

  it('two columns of one name, or one without', () => {
    const twice = {
      rowCount,
      columns: [
        ...table.columns,
        numericColumn(
          'age',
          each((row) => row),
        ),
      ],
    };
    expect(() => requestedFeaturization(twice, {})).toThrow(/Columns 1 and 8 are both named "age"/);
    const nameless = {
      rowCount,
      columns: [
        numericColumn(
          '',
          each((row) => row),
        ),
      ],
    };
    expect(() => requestedFeaturization(nameless, {})).toThrow(/Column 1 has no name/);
  });
});

it.each(['linear', 'trees'] as const)('ten thousand columns of odd names and holes are featurized and emitted: %s', (family) => {
  const odd = ['a b', 'a.b', 'a_b', 'ä', '名前', '1', 'label', '#', '"', 'a\nb', 'nothing'];
  const columns = Array.from({ length: 10_000 }, (_, j) => {
    const name = odd[j] ?? `x ${j}`;
    const at = (row: number) => ((row * 7919 + j * 31) % 97) / 9;
    if (name === 'nothing') return numericColumn(name, Array(40).fill(null));
    if (j % 3 > 0)
      return numericColumn(
        name,
        Array.from({ length: 40 }, (__, row) => (at(row) > 9 ? null : at(row))),
      );
    return stringColumn(
      name,
      Array.from({ length: 40 }, (__, row) => `v${Math.floor(at(row)) % 2}`),
    );
  });
  const wide = { rowCount: 40, columns };
  const { features, purposes, settings } = requestedFeaturization(wide);
  const everyRow = Int32Array.from({ length: 40 }, (_, row) => row);
  const fitted = fitFeaturization({ table: features, rows: everyRow, family, purposes, settings, task: 'classification' });
  const matrix = transformFeatures(fitted, features);
  const graph = new GraphBuilder();
  const inputs = new Map(fitted.columns.map(({ name, onnxName, type }) => [name, graph.input(onnxName, type, [null, 1])]));
  const emitted = emitFeatures(fitted, graph, inputs);
  expect(emitted.categorical).toHaveLength(matrix.categorical.length);
  expect(fitted.plans.find(({ name }) => name === 'nothing')?.droppedBecause).toBe('None of 40 rows has a value.');
  const { featurizationSummary: summary, engineeredFeatureNames: names } = featurizationSummary(fitted);
  expect(summary).toHaveLength(10_000);
  expect(new Set(names).size).toBe(names.length);
});
