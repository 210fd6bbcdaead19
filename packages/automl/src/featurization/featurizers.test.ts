/** Every featurizer, fitted on random rows: the graph that it emits answers exactly as `transform` does, on missing and unseen values too. */
import { decodeModel, type EmbeddedColumn, encodeModel, GraphBuilder } from '@malachite/onnx';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Target } from '../learners/learner.ts';
import { randomProblem } from '../pipeline/random-table.ts';
import { createRandom } from '../random.ts';
import { feedsOf } from '../search/runtime.ts';
import { type Column, numericColumn, stringColumn, type Table } from '../table/table.ts';
import type { FeatureGroup } from './featurizer.ts';
import { featurizerNamed, isSupervised } from './featurizers.ts';
import { type ColumnPlan, type FeaturizerName, featurizerNames } from './plan.ts';
import { describeRawColumns, rawInputs } from './raw-inputs.ts';

/** Which columns of `randomProblem` each featurizer is tried on, and how they are planned. */
const trials: Readonly<Record<FeaturizerName, readonly (readonly [string, Partial<ColumnPlan>])[]>> = {
  Numbers: [
    ['age', {}],
    ['emp.var.rate', {}],
    ['emp_var_rate', {}],
  ],
  Imputer: [
    ['age', {}],
    ['emp.var.rate', { imputation: { strategy: 'median' } }],
    ['emp_var_rate', { imputation: { strategy: 'constant', fillValue: -7.5 } }],
    ['rating', { imputation: { strategy: 'mode' } }],
  ],
  ImputationMarker: [
    ['age', {}],
    ['emp.var.rate', {}],
  ],
  LabelEncoder: [
    ['contact type', {}],
    ['flag', { imputation: { strategy: 'constant', fillValue: 'True' } }],
  ],
  CharGramCountVectorizer: [
    ['job', {}],
    ['zip', { imputation: { strategy: 'mode' } }],
    ['contact type', { imputation: { strategy: 'constant', fillValue: 'pigeon' } }],
    ['rating', {}],
    ['emp.var.rate', {}],
  ],
  DateTimeTransformer: [
    ['signup', {}],
    ['renewal', { imputation: { strategy: 'mode' } }],
  ],
  DateSpans: [
    ['signup', {}],
    ['renewal', {}],
  ],
  CharGramTfIdf: [
    ['comment', {}],
    ['job', { tfIdf: { use_idf: true } }],
  ],
  WordGramTfIdf: [
    ['comment', {}],
    ['job', { tfIdf: { norm: 'l1', use_idf: true, min_df: 1 } }],
  ],
  WordTfIdf: [['comment', { tfIdf: { norm: 'none' } }]],
  TextTruncatedSVD: [['comment', {}]],
  HashOneHotEncoder: [
    ['zip', { hashColumns: 64 }],
    ['job', { hashColumns: 2 }],
  ],
  CountEncoder: [
    ['zip', {}],
    ['rating', {}],
    ['emp.var.rate', {}],
  ],
  CatTargetEncoder: [
    ['zip', {}],
    ['job', {}],
    ['rating', {}],
  ],
  WoETargetEncoder: [
    ['zip', {}],
    ['emp.var.rate', {}],
  ],
  TextTargetEncoder: [['comment', {}]],
};

/** The columns of a random table, one more date, and text as nobody expects it. */
function columnsOf(table: Table, seed: number): Map<string, Column> {
  const random = createRandom(seed + 100);
  const odd = ['', ' ', '\n', '0', 'nan', 'NaN', '𝒳 𝒳 𝒳', 'a_b a_b', '2024-02-30', '99999-1-1', 'é e\u0301', 'a\tb'];
  const renewal = Array.from({ length: table.rowCount }, () =>
    random.nextFloat() < 0.2
      ? odd[random.nextInt(odd.length)]
      : `20${10 + random.nextInt(20)}-0${1 + random.nextInt(9)}-${10 + random.nextInt(18)} ${random.nextInt(24)}:00`,
  );
  const shaken = table.columns.map((column): Column => {
    if (column.kind === 'numeric') return column;
    const texts = Array.from(column.codes, (code) =>
      random.nextFloat() < 0.1 ? odd[random.nextInt(odd.length)] : column.dictionary[code],
    );
    return stringColumn(column.name, texts, column.source);
  });
  return new Map([...shaken, stringColumn('renewal', renewal)].map((column) => [column.name, column]));
}

type Case = { readonly training: FeatureGroup; readonly ours: FeatureGroup; readonly theirs: FeatureGroup };

async function tryOut(name: FeaturizerName, seed: number, task: 'classification' | 'regression'): Promise<Case> {
  const { table, target, unseen } = randomProblem(seed, task, seed % 2 ? ['no', 'yes'] : ['a', 'b', 'c']);
  const known = columnsOf(table, seed);
  const planned = trials[name].map(([columnName, options]) => {
    const plan: ColumnPlan = { name: columnName, purpose: 'Text', featurizers: [name], told: [name], ...options };
    return { column: known.get(columnName) as Column, plan };
  });
  const columns = planned.map(({ column }) => column);
  const rows = Int32Array.from({ length: 500 }, (_, i) => i + 50);
  const featurizer = featurizerNamed(name);
  const supervision = { target: target as Target, seed: 1 };
  const { fitted, training } = isSupervised(featurizer)
    ? featurizer.fitOutOfFold(planned, rows, supervision)
    : {
        fitted: featurizer.fit(planned, rows),
        training: featurizer.transform(featurizer.fit(planned, rows), { ...table, columns }),
      };
  const later = columnsOf(unseen, seed + 1);
  const scored = { rowCount: unseen.rowCount, columns: columns.map((column) => later.get(column.name) as Column) };
  // What is posted to a thread and back is the same.
  const ours = featurizer.transform(structuredClone(fitted), scored);
  const raw = describeRawColumns(columns);
  const graph = new GraphBuilder();
  const inputs = new Map(raw.map((column) => [column.name, graph.input(column.onnxName, column.type, [null, 1])]));
  const emitted = featurizer.emit(fitted, graph, rawInputs(graph, raw, inputs));
  // An encoder that found nothing to tell emits nothing.
  if (emitted.numeric === undefined && emitted.categorical.length === 0) {
    return { training, ours, theirs: { numeric: [], categorical: [] } };
  }
  if (emitted.numeric !== undefined) graph.output(emitted.numeric, 'numeric', 'float', [null, null]);
  for (const [c, codes] of emitted.categorical.entries()) graph.output(codes, `codes${c}`, 'int64', [null, 1]);
  const onnx = encodeModel(graph.toModel({ graphName: name, producerName: 'test', producerVersion: '1' }));
  decodeModel(onnx);
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 });
  const signature = raw.map(
    ({ name: column, onnxName, type, example }): EmbeddedColumn => ({
      name: column,
      input: onnxName,
      type: type === 'int64' ? 'integer' : type === 'float' ? 'number' : 'string',
      example,
    }),
  );
  const answer = await session.run(feedsOf(scored, signature));
  await session.release();
  const numbers = answer.numeric?.data as Float32Array | undefined;
  const width = (answer.numeric?.dims[1] as number | undefined) ?? 0;
  const theirs: FeatureGroup = {
    numeric: Array.from({ length: width }, (_, j) => ({
      name: '',
      raw: '',
      values: Float32Array.from({ length: unseen.rowCount }, (__, row) => (numbers as Float32Array)[row * width + j] as number),
    })),
    categorical: emitted.categorical.map((_, c) => ({
      name: '',
      raw: '',
      labels: [],
      codes: Int32Array.from(answer[`codes${c}`]?.data as BigInt64Array, Number),
    })),
  };
  return { training, ours, theirs };
}

it('every featurizer is tried', () => {
  expect(Object.keys(trials).sort()).toEqual([...featurizerNames].sort());
});

describe.each(featurizerNames)('%s', (name) => {
  it.each(['classification', 'regression'] as const)('the graph answers exactly as transform does: %s', async (task) => {
    let made = 0;
    for (const seed of [1, 2, 3]) {
      const { training, ours, theirs } = await tryOut(name, seed, task);
      expect(training.numeric.map((feature) => feature.name)).toEqual(ours.numeric.map((feature) => feature.name));
      expect(theirs.numeric).toHaveLength(ours.numeric.length);
      for (const [j, { values, name: feature }] of ours.numeric.entries()) {
        expect(theirs.numeric[j]?.values, `${feature}, seed ${seed}`).toEqual(new Float32Array(values));
      }
      for (const [c, { codes, labels, name: feature }] of ours.categorical.entries()) {
        expect(theirs.categorical[c]?.codes, `${feature}, seed ${seed}`).toEqual(new Int32Array(codes));
        expect(Math.max(...codes)).toBeLessThanOrEqual(labels.length);
      }
      made += ours.numeric.length + ours.categorical.length;
    }
    if (name !== 'WoETargetEncoder' || task === 'classification') expect(made).toBeGreaterThan(0);
  });
});

describe('encoders that look at the target', () => {
  const rowCount = 2000;
  const random = createRandom(5);
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  const noise: Target = { task: 'classification', classes: ['no', 'yes'], y: Int32Array.from(rows, () => random.nextInt(2)) };
  /** A class that is likelier in every other group of ten values. */
  const signal: Target = { ...noise, y: Int32Array.from(rows, (row) => Number(random.nextFloat() < (row % 2 ? 0.8 : 0.2))) };
  const encoders = [
    ['CatTargetEncoder', (row: number) => `v${row % 100}`],
    ['WoETargetEncoder', (row: number) => `v${row % 100}`],
    ['CountEncoder', (row: number) => `v${row % 100}`],
    ['TextTargetEncoder', (row: number) => `w${row % 100} and x${(row * 7) % 50}`],
  ] as const;
  const fitOn = (name: FeaturizerName, column: Column, target: Target, weights?: Float64Array) => {
    const plan: ColumnPlan = { name: 'c', purpose: 'CategoricalHash', featurizers: [name], told: [name] };
    const encoder = featurizerNamed(name);
    if (!isSupervised(encoder)) throw new Error(`${name} does not look at the target`);
    return { encoder, ...encoder.fitOutOfFold([{ column, plan }], rows, { target, seed: 3, ...(weights ? { weights } : {}) }) };
  };

  it.each(encoders)('%s makes nothing of values that say nothing', (name, text) => {
    expect(fitOn(name, stringColumn('c', Array.from(rows, text)), noise).training.numeric).toEqual([]);
  });

  it.each(encoders)('%s tells no row its own target', (name, text) => {
    const column = stringColumn('c', Array.from(rows, text));
    const before = fitOn(name, column, signal).training.numeric[0]?.values as Float32Array;
    expect(new Set(before).size).toBeGreaterThan(name === 'CountEncoder' ? 0 : 10);
    for (const row of [3, 500, 1999]) {
      const flipped = signal.task === 'classification' ? signal.y.slice() : new Int32Array(0);
      flipped[row] = 1 - (flipped[row] as number);
      const after = fitOn(name, column, { ...noise, y: flipped }).training.numeric[0]?.values as Float32Array;
      // The mean of all rows has moved by one in two thousand; what the row's own value is thought to say has not.
      expect(Math.abs((after[row] as number) - (before[row] as number))).toBeLessThan(0.01);
    }
  });

  it.each(['CatTargetEncoder', 'CountEncoder'] as const)(
    '%s adds nothing of several classes where values have many rows: trees split on them',
    (name) => {
      const y = Int32Array.from(rows, (row) => (random.nextFloat() < 0.7 ? row % 3 : random.nextInt(3)));
      const three: Target = { task: 'classification', classes: ['a', 'b', 'c'], y };
      const made = (values: number) => {
        const column = stringColumn(
          'c',
          Array.from(rows, (row) => `v${row % values}`),
        );
        return fitOn(name, column, three).training.numeric.length;
      };
      expect(made(60)).toBe(0);
      expect(made(99)).toBe(name === 'CountEncoder' ? 1 : 3);
    },
  );

  it('an encoding is the mean, drawn toward that of all rows where few rows speak; weights count', () => {
    const column = stringColumn(
      'c',
      Array.from(rows, (row) => (row < 4 ? 'rare' : `v${row % 100}`)),
    );
    const y = signal.task === 'classification' ? signal.y.slice().fill(1, 0, 4) : new Int32Array(0);
    const weights = Float64Array.from(rows, (row) => (row < 4 ? 1 : 2));
    const { encoder, fitted } = fitOn('CatTargetEncoder', column, { ...noise, y }, weights);
    const scored = { rowCount: 4, columns: [stringColumn('c', ['rare', 'new', 'v11', null])] };
    const [rare = 0, unseen = 0, common = 0, missing = 0] = encoder.transform(fitted, scored).numeric[0]?.values ?? [];
    const prior = rows.reduce((sum, row) => sum + (weights[row] as number) * (y[row] as number), 0) / (4 + 2 * (rowCount - 4));
    const own = [...rows].filter((row) => row >= 4 && row % 100 === 11);
    const mean = own.reduce((sum, row) => sum + (y[row] as number), 0) / own.length;
    expect(unseen).toBeCloseTo(prior, 6);
    expect(missing).toBeCloseTo(prior, 6);
    expect(rare).toBeGreaterThan(prior);
    expect(rare).toBeLessThan(0.95);
    expect(Math.abs(common - mean)).toBeLessThan(Math.abs(rare - 1));
  });
});

it('imputers fill in mean, median, mode and constant', () => {
  const column = numericColumn('x', [1, 2, 2, 7, null, Number.POSITIVE_INFINITY]);
  const rows = Int32Array.from({ length: 6 }, (_, row) => row);
  const fills = (['mean', 'median', 'mode', 'constant'] as const).map((strategy) => {
    const featurizer = featurizerNamed('Imputer');
    if (isSupervised(featurizer)) throw new Error('Imputer does not look at the target');
    const imputation = strategy === 'constant' ? { strategy, fillValue: 9 } : { strategy };
    const plan: ColumnPlan = { name: 'x', purpose: 'Numeric', featurizers: ['Imputer'], told: ['Imputer'], imputation };
    const { numeric } = featurizer.transform(featurizer.fit([{ column, plan }], rows), { rowCount: 6, columns: [column] });
    return [numeric[0]?.name, numeric[0]?.values[4], numeric[0]?.values[5]];
  });
  expect(fills).toEqual([
    ['x_MeanImputer', 3, 3],
    ['x_MedianImputer', 2, 2],
    ['x_ModeImputer', 2, 2],
    ['x_ConstantImputer', 9, 9],
  ]);
});
