import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ClassLabel, Target } from '../learners/learner.ts';
import { detectPurpose } from '../purpose/index.ts';
import { createRandom } from '../random.ts';
import { type Column, numericColumn, stringColumn, type Table, takeRows } from '../table/table.ts';
import { haveRecordings, needsRecordings, recording, recordingPath } from '../testing/recordings.ts';
import { chooseValidation } from '../validation/index.ts';
import type { GuardrailInput } from './guardrail.ts';
import { runGuardrails, verifierResults } from './guardrails.ts';

type Fault = { type: string; result: string; parameters: Record<string, string>[] };

/** The target from labels, classes sorted as Azure sorts them. */
function targetOf(labels: readonly string[]): Target {
  const classes: ClassLabel[] = [...new Set(labels)].sort();
  return { task: 'classification', classes, y: Int32Array.from(labels, (label) => classes.indexOf(label)) };
}

function problem(columns: readonly Column[], target: Target, rest: Partial<GuardrailInput> = {}): GuardrailInput {
  const features: Table = { rowCount: target.y.length, columns };
  const classes = target.task === 'classification' ? target.y : undefined;
  return {
    features,
    purposes: columns.map(detectPurpose),
    target,
    validation: chooseValidation({ rowCount: features.rowCount, classes, seed: 0 }),
    featurized: true,
    settings: { imputations: {} },
    seed: 0,
    ...rest,
  };
}

function findingOf(type: string, input: GuardrailInput) {
  return runGuardrails(input).find((guardrail) => guardrail.type === type);
}

/** A finding in the recorded form. */
function faultOf(type: string, input: GuardrailInput): Fault | undefined {
  const finding = findingOf(type, input);
  return finding && { type: finding.type, result: finding.result, parameters: finding.parameters };
}

const halves = (rows: number) => Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 'a' : 'b'));
const noise = (rows: number, seed = 9) => {
  const random = createRandom(seed);
  return numericColumn(
    'noise',
    Array.from({ length: rows }, () => random.nextNormal()),
  );
};

type Recorded = {
  splits?: { task: string; rows: number; faults: Fault[]; classes_all?: Record<string, number> }[];
  class_balancing?: { counts: number[]; fault: Fault }[];
  missing_and_cardinality?: { case: string; purposes: Record<string, string>; faults: Fault[] }[];
  types?: Record<string, { name: string; states: string[]; parameters: Record<string, string> }>;
};

describe.skipIf(!haveRecordings)(`guardrails equal those of Azure's engine${needsRecordings}`, () => {
  const {
    splits = [],
    class_balancing = [],
    missing_and_cardinality = [],
    types = {},
  } = recording<Recorded>('engine/guardrails.json');

  test.each(splits.map((split) => [`${split.task} of ${split.rows} rows`, split] as const))('validation: %s', (_, split) => {
    const counts = Object.entries(split.classes_all ?? { a: Math.ceil(split.rows / 2), b: Math.floor(split.rows / 2) });
    const labels = counts.flatMap(([label, count]) => new Array<string>(count).fill(label));
    const target: Target =
      split.task === 'classification' ? targetOf(labels) : { task: 'regression', y: new Float64Array(split.rows) };
    const input = problem([noise(split.rows)], target);
    const [fault] = split.faults;
    expect(faultOf(fault!.type, input)).toEqual(fault);
    const other = fault!.type === '_cross_validation' ? '_train_test_split' : '_cross_validation';
    expect(faultOf(other, input)).toBeUndefined();
  });

  test.each(class_balancing.map(({ counts, fault }) => [counts.join(':'), counts, fault] as const))(
    'classes %s',
    (_, counts, fault) => {
      const labels = counts.flatMap((count, k) => new Array<string>(count).fill('abc'[k]!));
      expect(faultOf('_class_balancing', problem([noise(labels.length)], targetOf(labels)))).toEqual(fault);
    },
  );

  test.each(missing_and_cardinality.map((one) => [one.case, one] as const))(
    'columns: %s',
    (_, { case: name, purposes, faults }) => {
      const rows = 1000;
      const counts = new Map(
        faults.flatMap(({ parameters }) => parameters.map((one) => [one.column_name, one.missing_value_count] as const)),
      );
      const columns = Object.entries(purposes).map(([column, purpose]) => {
        const silent = name.endsWith(' missing') && ['CategoricalHash', 'Text', 'Hashes'].includes(purpose); // holed, but not imputed
        const holes = Number(counts.get(column) ?? (silent || name === 'all kinds missing' ? 92 : 0));
        return columnOf(column, purpose, rows, holes, name === 'empty strings' ? '' : null);
      });
      const input = problem(columns, targetOf(halves(rows)));
      expect(Object.fromEntries(input.purposes.map((one) => [one.name, one.purpose]))).toEqual(purposes);
      for (const fault of faults) expect(faultOf(fault.type, input)).toEqual(fault);
    },
  );

  test('names and headings are Azure’s', () => {
    const input = problem([noise(200)], targetOf(halves(200)));
    for (const { type, friendlyType } of runGuardrails(input)) if (type in types) expect(friendlyType).toBe(types[type]!.name);
  });

  test('the stored file is the recorded one, word for word', () => {
    const recorded = recording<{ faults: { type: string }[] }>('answers/03_console/verifier_results.json');
    const input = problem([noise(500)], targetOf(halves(500)));
    const ours = verifierResults(runGuardrails(input));
    const azure = new Set(recorded.faults.map(({ type }) => type));
    expect({ ...ours, faults: ours.faults.filter(({ type }) => azure.has(type)) }).toEqual(recorded);
  });
});

/** A column of that purpose with so many holes. */
function columnOf(name: string, purpose: string, rows: number, holes: number, hole: null | ''): Column {
  const texts = (text: (row: number) => string) =>
    stringColumn(
      name,
      Array.from({ length: rows }, (_, row) => (row < holes ? hole : text(row))),
    );
  switch (purpose) {
    case 'Numeric':
      return numericColumn(
        name,
        Array.from({ length: rows }, (_, row) => (row < holes ? null : Math.sin(row * 12.9898))),
      );
    case 'Categorical':
      return texts((row) => `c${row % 4}`);
    case 'CategoricalHash':
      return texts((row) => `c${row % 300}`);
    case 'Text':
      return texts((row) => `some words about ${row}`);
    case 'DateTime':
      return texts((row) => `2024-01-${String(1 + (row % 28)).padStart(2, '0')}`);
    case 'Hashes':
      return texts((row) => `h${row}`);
    case 'AllNan':
      return texts(() => '');
    default:
      return texts(() => 'same');
  }
}

describe('what the user decided is not commented on', () => {
  test('own validation, and classes that have weights', () => {
    const labels = [...new Array<string>(90).fill('a'), ...new Array<string>(10).fill('b')];
    const target = targetOf(labels);
    const validation = chooseValidation({ rowCount: 100, nCrossValidations: 4, seed: 0 });
    const input = problem([noise(100)], target, { validation, weights: new Float64Array(100).fill(1) });
    const types = runGuardrails(input).map(({ type }) => type);
    expect(types).not.toContain('_cross_validation');
    expect(types).not.toContain('_class_balancing');
  });

  test('missing values are alerted when featurization is off, for nothing is imputed then', () => {
    const column = columnOf('x', 'Numeric', 100, 10, null);
    const input = problem([column], targetOf(halves(100)), { featurized: false });
    expect(faultOf('_missing_value', input)).toMatchObject({
      result: 'alerted',
      parameters: [{ column_name: 'x', missing_value_count: '10' }],
    });
  });
});

test('what is told of imputation is what the job asked for', () => {
  const columns = [columnOf('x', 'Numeric', 100, 10, null), columnOf('c', 'Categorical', 100, 5, null)];
  const settings = { imputations: { x: { strategy: 'median' }, c: { strategy: 'constant', fillValue: 'none' } } } as const;
  expect(faultOf('_missing_value', problem(columns, targetOf(halves(100)), { settings }))?.parameters).toEqual([
    { column_name: 'x', missing_value_count: '10', imputation_type: 'median' },
    { column_name: 'c', missing_value_count: '5', imputation_type: 'constant' },
  ]);
});

describe('target leakage', () => {
  test('a copy of the target is found in any disguise, noise is not', () => {
    const rows = 2000;
    const labels = halves(rows);
    const copy = stringColumn(
      'copy',
      labels.map((label) => (label === 'a' ? 'left' : 'right')),
    );
    const number = numericColumn(
      'number',
      labels.map((label, row) => (label === 'a' ? 1 : 2) + (row % 7) / 10),
    );
    const finding = findingOf('_target_leakage', problem([noise(rows), copy, number], targetOf(labels)));
    expect(finding?.parameters.map(({ column_name }) => column_name)).toEqual(['copy', 'number']);
    expect(findingOf('_target_leakage', problem([noise(rows)], targetOf(labels)))?.result).toBe('passed');
  });

  test('a column of nothing but different words is not mistaken for knowledge', () => {
    const rows = 400;
    const names = stringColumn(
      'name',
      Array.from({ length: rows }, (_, row) => `n${row % 250}`),
    );
    expect(findingOf('_target_leakage', problem([names], targetOf(halves(rows))))?.result).toBe('passed');
  });

  test('regression: a rescaled target is found by its R²', () => {
    const y = noise(1000).values;
    const target: Target = { task: 'regression', y: Float64Array.from(y) };
    const finding = findingOf(
      '_target_leakage',
      problem(
        [
          numericColumn(
            'cents',
            y.map((value) => 100 * value),
          ),
        ],
        target,
      ),
    );
    expect(finding?.parameters).toMatchObject([{ column_name: 'cents', metric: 'r2_score' }]);
  });

  test('regression: of a target with few very large values, a copy is found by its ranks', () => {
    const y = noise(1000).values.map((value) => Math.exp(3 * value));
    const tax = numericColumn(
      'tax',
      y.map((value) => 0.2 * value),
    );
    const finding = findingOf('_target_leakage', problem([noise(1000, 4), tax], { task: 'regression', y }));
    expect(finding?.parameters).toMatchObject([{ column_name: 'tax', metric: 'r2_score of ranks' }]);
  });

  test.skipIf(!haveRecordings)(`Bank Marketing: the duration of the call is known only after it${needsRecordings}`, () => {
    const { columns, target } = readCsv('data/bankmarketing_train.csv', 'y');
    const finding = findingOf('_target_leakage', problem(columns, target));
    expect(finding).toMatchObject({
      result: 'alerted',
      parameters: [{ column_name: 'duration', why: expect.stringContaining('after the fact') }],
    });
  });
});

test('a row number is ID-like by its steps or its span, another number by its name, a measurement not', () => {
  const rows = 300;
  const scattered = Array.from({ length: rows }, (_, row) => (row * 7919) % 100_003);
  const columns = [
    numericColumn(
      'n',
      Array.from({ length: rows }, (_, row) => 1000 + row),
    ),
    numericColumn('customer_id', scattered),
    numericColumn('orderId', scattered),
    numericColumn('width', scattered),
    numericColumn(
      'shuffled',
      Array.from({ length: rows }, (_, row) => (row * 7) % rows),
    ),
    numericColumn(
      'client_id',
      Array.from({ length: rows }, (_, row) => 5000 + (row % 120)),
    ),
    numericColumn(
      'shop_id',
      Array.from({ length: rows }, (_, row) => 5000 + (row % 20)),
    ),
  ];
  const input = problem(columns, targetOf(halves(rows)));
  const finding = findingOf('_id_like_column', { ...input, purposes: input.purposes.toReversed() });
  expect(finding?.parameters.map(({ column_name }) => column_name)).toEqual([
    ...['n', 'customer_id', 'orderId', 'shuffled', 'client_id'],
  ]);
});

test('rows that stand on both sides of the split are counted', () => {
  const once: Table = { rowCount: 200, columns: [noise(200), stringColumn('kind', halves(200))] };
  const twice = takeRows(
    once,
    Array.from({ length: 400 }, (_, row) => row % 200),
  );
  const labels = Array.from({ length: 400 }, (_, row) => (row % 3 === 0 ? 'a' : 'b'));
  const same = (row: number) => labels[row % 200]!;
  const target = targetOf(labels.map((_, row) => same(row)));
  const finding = findingOf('_duplicate_rows', problem(twice.columns, target));
  expect(finding?.result).toBe('alerted');
  expect(Number(finding?.parameters[0]?.percentage)).toBeGreaterThan(80); // a twin is on the same side in one fold of ten
  expect(findingOf('_duplicate_rows', problem(once.columns, targetOf(halves(200))))?.result).toBe('passed');
});

test('rows that are equal for want of different values are not called copies', () => {
  const rows = 500;
  const few = (name: string, values: number) =>
    numericColumn(
      name,
      Array.from({ length: rows }, (_, row) => (row * 7919) % values),
    );
  const holed = numericColumn(
    'holed',
    Array.from({ length: rows }, (_, row) => (row % 3 ? null : row / 7)),
  );
  const finding = findingOf('_duplicate_rows', problem([few('a', 3), few('b', 5), holed], targetOf(halves(rows))));
  expect(finding?.result).toBe('passed');
});

/** A plain CSV without quotes. */
function readCsv(path: string, targetName: string): { columns: Column[]; target: Target } {
  const [header = '', ...lines] = readFileSync(recordingPath(path), 'utf8').trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  const columns = header.split(',').map((name, i) => {
    const texts = cells.map((row) => row[i]!);
    return texts.every((text) => text !== '' && !Number.isNaN(Number(text)))
      ? numericColumn(name, texts.map(Number))
      : stringColumn(name, texts);
  });
  const labels = cells.map((row) => row[header.split(',').indexOf(targetName)]!);
  return { columns: columns.filter(({ name }) => name !== targetName), target: targetOf(labels) };
}

test('columns of one value or none are told as left out', () => {
  const columns = [noise(100), columnOf('same', 'Ignore', 100, 10, null), columnOf('nothing', 'AllNan', 100, 0, null)];
  expect(faultOf('_constant_column', problem(columns, targetOf(halves(100))))).toEqual({
    type: '_constant_column',
    result: 'done',
    parameters: [
      { column_name: 'same', missing_value_count: '10' },
      { column_name: 'nothing', missing_value_count: '100' },
    ],
  });
  expect(findingOf('_constant_column', problem([noise(100)], targetOf(halves(100))))?.result).toBe('passed');
});

test('equal columns are paired, with holes and however their texts are counted; likeness is not equality', () => {
  const holed = [1.5, null, 2, 7, 7, null, 3, 1];
  const words = ['a', 'b', 'b', null, 'c', 'a', 'a', 'c'];
  const longer: Table = { rowCount: 10, columns: [stringColumn('coded', ['c', 'b', ...words])] };
  const [coded] = takeRows(longer, [2, 3, 4, 5, 6, 7, 8, 9]).columns;
  const columns = [
    numericColumn('number', holed),
    numericColumn('copy', holed),
    numericColumn('other', [1.5, 0, 2, 7, 7, null, 3, 1]),
    stringColumn('word', words),
    coded as Column,
    stringColumn(
      'renamed',
      words.map((word) => word && `${word}${word}`),
    ),
  ];
  const finding = findingOf('_duplicate_column', problem(columns, targetOf(halves(8))));
  expect(finding?.parameters).toEqual([
    { column_name: 'copy', same_as: 'number' },
    { column_name: 'coded', same_as: 'word' },
  ]);
});

test('ten thousand constant columns are told in a few lines', () => {
  const columns = Array.from({ length: 10_000 }, (_, i) => numericColumn(`c${i}`, [7, 7, 7, 7, 7, 7, 7, 7, 7, 7]));
  const finding = findingOf('_constant_column', problem([noise(10), ...columns], targetOf(halves(10))));
  expect(finding?.parameters).toHaveLength(51);
  expect(finding?.parameters.at(-1)).toEqual({ column_name: 'and 9950 more' });
});

test('infinite values are counted', () => {
  const values = Array.from({ length: 50 }, (_, row) =>
    row % 10 === 0 ? Number.POSITIVE_INFINITY : row === 1 ? Number.NEGATIVE_INFINITY : row / 7,
  );
  const input = problem([noise(50), numericColumn('ratio', values)], targetOf(halves(50)));
  expect(findingOf('_infinite_value', input)?.parameters).toEqual([{ column_name: 'ratio', infinite_value_count: '6' }]);
});

test('numbers among words are told with the words; digits as categories, and texts with numbers in them, are not', () => {
  const texts = (name: string, text: (row: number) => string) =>
    stringColumn(
      name,
      Array.from({ length: 100 }, (_, row) => text(row)),
    );
  const columns = [
    texts('price', (row) => (row === 7 ? 'oops' : row % 20 === 0 ? '12 EUR' : String(row / 8))),
    texts('grade', (row) => (row % 5 === 0 ? 'none' : String(row % 4))),
    texts('street', (row) => `Street ${row}`),
    texts('code', (row) => `0${row}`),
  ];
  const finding = findingOf('_mixed_type_column', problem(columns, targetOf(halves(100))));
  expect(finding).toMatchObject({
    result: 'alerted',
    parameters: [{ column_name: 'price', number_count: '94', word_count: '6', words: '"12 EUR", "oops"' }],
  });
});

test('numbers in a dress are told: currencies, thousands, percents; codes and texts are not', () => {
  const column = (name: string, text: (row: number) => string) =>
    stringColumn(
      name,
      Array.from({ length: 60 }, (_, row) => text(row)),
    );
  const columns = [
    column('price', (row) => `$${row},250.50`),
    column('share', (row) => `${row / 4} %`),
    column('point', (row) => `${row},5`),
    column('phone', (row) => `0${row} 555 123`),
    column('size', (row) => `${row} m`),
  ];
  const names = findingOf('_mixed_type_column', problem(columns, targetOf(halves(60))))?.parameters.map(
    ({ column_name: name }) => name,
  );
  expect(names).toEqual(['price', 'share', 'point']);
});

test('labels that differ in case or blanks only, and words for a missing value, are told', () => {
  const labels = [...new Array<string>(30).fill('yes'), ...new Array<string>(30).fill('no'), ' Yes', 'NA', 'NA', 'none'];
  const finding = findingOf('_label_spelling', problem([noise(labels.length)], targetOf(labels)));
  expect(finding?.parameters).toEqual([
    { class_name: ' Yes', rows: '1', why: 'differs from "yes" in case or blanks only' },
    { class_name: 'NA', rows: '2', why: 'may stand for a missing value' },
    { class_name: 'yes', rows: '30', why: 'differs from " Yes" in case or blanks only' },
  ]);
  expect(findingOf('_label_spelling', problem([noise(100)], targetOf(halves(100))))?.result).toBe('passed');
});

describe('small classes', () => {
  test('a class of few rows is told with where they are', () => {
    const labels = [...halves(100), 'rare', 'rare', 'rare'];
    const finding = findingOf('_small_class', problem([noise(103)], targetOf(labels)));
    expect(finding?.result).toBe('alerted');
    expect(finding?.parameters).toMatchObject([{ class_name: 'rare', rows: '3' }]);
    expect(findingOf('_small_class', problem([noise(100)], targetOf(halves(100))))?.result).toBe('passed');
  });

  test('a class that only the validation data has cannot be learned', () => {
    const labels = [...halves(100), ...new Array<string>(20).fill('new')];
    const validation = chooseValidation({ rowCount: 120, firstValidationRow: 90, seed: 0 });
    const finding = findingOf('_small_class', problem([noise(120)], targetOf(labels), { validation }));
    expect(finding?.parameters).toEqual([{ class_name: 'new', rows: '20', training_rows: '0', validation_rows: '20' }]);
  });
});

describe('drift between training and validation', () => {
  const own = (rows: number, first: number) => ({
    validation: chooseValidation({ rowCount: rows, firstValidationRow: first, seed: 0 }),
  });
  const driftOf = (columns: readonly Column[], target: Target, first: number) =>
    findingOf('_validation_drift', problem(columns, target, own(target.y.length, first)));

  test('a shifted number, a changed mix of categories and a changed target are found, the others not', () => {
    const rows = 3000;
    const random = createRandom(4);
    const late = (row: number) => row >= 2000;
    const shifted = Array.from({ length: rows }, (_, row) => random.nextNormal() + (late(row) ? 0.5 : 0));
    const mixed = Array.from({ length: rows }, (_, row) => (random.nextFloat() < (late(row) ? 0.6 : 0.3) ? 'new' : 'old'));
    const steady = Array.from({ length: rows }, () => 'abc'[random.nextInt(3)] as string);
    const columns = [
      noise(rows),
      numericColumn('shifted', shifted),
      stringColumn('mixed', mixed),
      stringColumn('steady', steady),
    ];
    const finding = driftOf(columns, targetOf(halves(rows)), 2000);
    expect(finding?.result).toBe('alerted');
    expect(finding?.parameters.map(({ column_name }) => column_name)).toEqual(['shifted', 'mixed']);
    const labels = halves(rows).map((label, row) => (late(row) && row % 4 === 0 ? 'b' : label));
    expect(driftOf([noise(rows)], targetOf(labels), 2000)?.parameters).toMatchObject([{ column_name: '(the target)' }]);
  });

  test('rows of later dates are found, although no date comes twice', () => {
    const day = (row: number): string => new Date(Date.UTC(2020, 0, 1) + row * 86_400_000).toISOString().slice(0, 10);
    const dates = stringColumn(
      'date',
      Array.from({ length: 900 }, (_, row) => day(row)),
    );
    expect(driftOf([dates], targetOf(halves(900)), 700)?.parameters).toMatchObject([{ column_name: 'date', AUC: '1.000' }]);
  });

  test('random splits raise no alarm, whatever their size, in two hundred columns', () => {
    for (const [rows, first] of [
      [60, 45],
      [300, 270],
      [1000, 800],
      [4000, 3900],
    ] as const) {
      const columns = Array.from({ length: 50 }, (_, i): Column => {
        const random = createRandom(1000 * rows + i);
        return i % 2
          ? numericColumn(
              `x${i}`,
              Array.from({ length: rows }, () => Math.exp(random.nextNormal())),
            )
          : stringColumn(
              `s${i}`,
              Array.from({ length: rows }, () => `v${random.nextInt(2 + i)}`),
            );
      });
      expect(driftOf(columns, targetOf(halves(rows)), first)?.result).toBe('passed');
    }
  });

  test.skipIf(!haveRecordings)(
    `Bank Marketing: the recorded split is random, the calls of the last months are not${needsRecordings}`,
    () => {
      const { columns, target } = readCsv('data/bankmarketing_train.csv', 'y');
      expect(findingOf('_validation_drift', problem(columns, target))?.result).toBe('passed');
      const features: Table = { rowCount: target.y.length, columns };
      const rate = columns.find(({ name }) => name === 'euribor3m');
      if (rate?.kind !== 'numeric') throw new Error('There is no euribor3m.');
      const order = Array.from(target.y.keys()).sort((a, b) => (rate.values[b] as number) - (rate.values[a] as number));
      const sorted = takeRows(features, order);
      const y = Int32Array.from(order, (row) => target.y[row] as number);
      const finding = findingOf('_validation_drift', problem(sorted.columns, { ...target, y } as Target, own(y.length, 30_000)));
      expect(finding?.parameters.map(({ column_name }) => column_name)).toEqual(
        expect.arrayContaining(['euribor3m', 'emp.var.rate', 'month', '(the target)']),
      );
    },
  );
});
