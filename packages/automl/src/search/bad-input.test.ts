/** What a demanding user brings: each is refused with a sentence, or told and then learned from; nothing crashes, nothing is silently wrong. */
import type { AutoMLSpec } from '@malachite/core';
import { checkModel, decodeModel } from '@malachite/onnx';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { type Column, numericColumn, stringColumn, type Table } from '../table/table.ts';
import type { AutoMLEvent } from './api.ts';
import { automl } from './automl.ts';

const classes: AutoMLSpec = { task: 'classification', targetColumnName: 'y' };
const numbers: AutoMLSpec = { task: 'regression', targetColumnName: 'y' };

/** So many rows of a number and a word, and a target that follows from both: as labels and as numbers. */
function rowsOf(count: number) {
  const random = createRandom(count);
  const x = Array.from({ length: count }, () => random.nextNormal());
  const word = Array.from({ length: count }, () => 'abc'[random.nextInt(3)] as string);
  const value = x.map((number, row) => number + (word[row] === 'a' ? 1 : 0) + 0.3 * random.nextNormal());
  const label = value.map((number) => (number > 0.4 ? 'yes' : 'no'));
  return { x: numericColumn('x', x), word: stringColumn('word', word), value, label };
}

const table = (...columns: Column[]): Table => ({
  rowCount: columns[0]?.kind === 'numeric' ? columns[0].values.length : (columns[0]?.codes.length ?? 0),
  columns,
});
const labels = (values: readonly (string | null)[]) => stringColumn('y', values);
const targets = (values: readonly (number | null)[]) => numericColumn('y', values);
const filled = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);

async function run(given: Table, spec: AutoMLSpec, validation?: Table, test?: Table) {
  const events: AutoMLEvent[] = [];
  const limits = { maxTrials: 3 };
  const allowedTrainingAlgorithms =
    spec.task === 'regression' ? ['DecisionTree', 'ElasticNet'] : ['DecisionTree', 'LogisticRegression'];
  const unwanted = { enableModelExplainability: false, enableVoteEnsemble: false, enableStackEnsemble: false };
  const training = { allowedTrainingAlgorithms, ...unwanted };
  const request = {
    table: given,
    ...(validation ? { validation } : {}),
    ...(test ? { test } : {}),
    jobName: 'job',
    spec: { limits, training, ...spec },
  };
  const outcome = await automl({ ...request, onEvent: (event) => events.push(event) });
  const logged = events.flatMap((event) => (event.type === 'log' && event.level === 'warning' ? [event.message] : []));
  const alerted = outcome.result.guardrails.filter(({ result }) => result !== 'passed').map(({ type }) => type);
  return { ...outcome, logged, alerted };
}

const hundred = rowsOf(100);
const yes = labels(hundred.label);

describe('refused', () => {
  it.each<[string, Table, AutoMLSpec, string]>([
    ['three rows', table(rowsOf(3).x, labels(['a', 'b', 'a'])), classes, 'Only 3 rows have a value'],
    [
      'too few rows to hold out both classes',
      table(rowsOf(12).x, labels([...filled(9, 'a'), 'b', 'b', 'b'])),
      { ...classes, validationDataSize: 0.01 },
      'AUC_weighted is not defined on 1 validation rows, all of class',
    ],
    [
      'folds of one row',
      table(rowsOf(20).x, labels(rowsOf(20).label)),
      { ...classes, nCrossValidations: 20 },
      'AUC_weighted is not defined on 20 validation rows in 20 folds',
    ],
    [
      'one row of the second class, held out or not',
      table(hundred.x, labels([...filled(99, 'common'), 'rare'])),
      classes,
      'AUC_weighted is not defined',
    ],
    ['the same target in every row', table(hundred.x, targets(filled(100, 3))), numbers, 'has the same value, 3, in every row'],
    [
      'columns without a value',
      table(numericColumn('a', filled(100, null)), stringColumn('b', filled(100, null)), yes),
      classes,
      'No column is left to learn from beside the target "y". a: ',
    ],
    ['columns of one value', table(numericColumn('a', filled(100, 7)), yes), classes, 'a: Every value is the same.'],
    ['two columns of one name', table(hundred.x, { ...hundred.word, name: 'x' }, yes), classes, 'both named "x"'],
    ['two targets', table(hundred.x, yes, yes), classes, 'both named "y"'],
    ['words for regression', table(hundred.x, yes), numbers, 'holds text, such as'],
    [
      'truth values for regression',
      table(
        hundred.x,
        stringColumn(
          'y',
          hundred.label.map((label) => (label === 'yes' ? 'True' : 'False')),
          'boolean',
        ),
      ),
      numbers,
      'regression needs numbers',
    ],
    [
      'dates for regression',
      table(
        hundred.x,
        stringColumn(
          'y',
          hundred.label.map((_, row) => `2024-01-0${1 + (row % 9)}`),
          'date',
        ),
      ),
      numbers,
      'such as "2024-01-01"; regression needs numbers',
    ],
    [
      'a measurement as classes',
      table(hundred.x, targets(hundred.value)),
      classes,
      'has 100 classes in 100 rows; a class needs two rows at the very least. Did you mean task regression?',
    ],
    [
      'an identifier as classes',
      table(hundred.x, labels(hundred.label.map((_, row) => `id-${row}`))),
      classes,
      'Is it an identifier?',
    ],
    [
      'labels that are no longer told apart',
      table(hundred.x, targets(hundred.label.map((label) => (label === 'yes' ? 2 ** 60 : 2 ** 60 + 4096)))),
      classes,
      'has labels beyond 2^53, such as 1152921504606',
    ],
    [
      'a target beyond float32',
      table(hundred.x, targets(hundred.value.map((value) => 1e300 * value))),
      numbers,
      'models answer in float32, which ends at',
    ],
    [
      'a target below float32',
      table(hundred.x, targets(hundred.value.map((value) => 1e-300 * value))),
      numbers,
      'models answer in float32, which begins at',
    ],
    [
      'a target finer than float32 beside its offset',
      table(hundred.x, targets(hundred.value.map((value) => 1e9 + value))),
      numbers,
      'Subtract a constant.',
    ],
    [
      'negative weights',
      table(hundred.x, numericColumn('w', hundred.value), yes),
      { ...classes, weightColumnName: 'w' },
      'must hold a number of at least 0 in every row',
    ],
    [
      'missing weights',
      table(
        hundred.x,
        numericColumn(
          'w',
          hundred.value.map((_, row) => (row % 3 ? 1 : null)),
        ),
        yes,
      ),
      { ...classes, weightColumnName: 'w' },
      'must hold a number of at least 0 in every row',
    ],
    [
      'weights of zero',
      table(hundred.x, numericColumn('w', filled(100, 0)), yes),
      { ...classes, weightColumnName: 'w' },
      'sum to 0; the sum must be above 0',
    ],
    [
      'weights beyond all measure',
      table(hundred.x, numericColumn('w', filled(100, 1e308)), yes),
      { ...classes, weightColumnName: 'w' },
      'sum to Infinity',
    ],
    [
      'weights that silence a class',
      table(
        hundred.x,
        numericColumn(
          'w',
          hundred.label.map((label) => Number(label === 'yes')),
        ),
        yes,
      ),
      { ...classes, weightColumnName: 'w' },
      'AUC_weighted is not defined',
    ],
    [
      'the target as weights',
      table(hundred.x, targets(hundred.label.map((label) => Number(label === 'yes')))),
      { ...classes, weightColumnName: 'y' },
      '"y" is both the target and the weight column',
    ],
    [
      'no such weight column',
      table(hundred.x, yes),
      { ...classes, weightColumnName: 'w' },
      'no weight column "w". Columns: x, y.',
    ],
    [
      'a NUL character',
      table(
        stringColumn(
          't',
          hundred.label.map((label) => `${label}\0`),
        ),
        yes,
      ),
      classes,
      'Column "t" holds a NUL character, in "no\\u0000"',
    ],
    [
      'half of a character',
      table(
        stringColumn(
          't',
          hundred.label.map((label) => `${label}\ud800`),
        ),
        yes,
      ),
      classes,
      'lone surrogate',
    ],
    [
      'more folds than rows',
      table(hundred.x, yes),
      { ...classes, nCrossValidations: 101 } as AutoMLSpec,
      'there are only 100 rows',
    ],
    [
      'a column to drop that is not there',
      table(hundred.x, yes),
      { ...classes, featurization: { dropColumns: ['z'] } },
      'no column "z"',
    ],
  ])('%s', async (_, given, spec, sentence) => {
    await expect(run(given, spec)).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringContaining(sentence) });
  });

  const twenty = rowsOf(20);
  it.each<[string, Table, string]>([
    ['without a column of the training data', table(twenty.word, labels(twenty.label)), 'The validation data has no column "x".'],
    ['without the target', table(twenty.x, twenty.word), 'The validation data has no column "y".'],
    [
      'with text where training has numbers',
      table({ ...twenty.word, name: 'x' }, labels(twenty.label)),
      'holds text in the validation data and numbers in the training data',
    ],
    [
      'without rows',
      table(numericColumn('x', []), stringColumn('word', []), labels([])),
      'The validation data has no row with a target.',
    ],
    [
      'of one class',
      table(twenty.x, twenty.word, labels(filled(20, 'yes'))),
      'AUC_weighted is not defined on 20 validation rows, all of class "yes"',
    ],
  ])('validation data %s', async (_, validation, sentence) => {
    const given = validation.columns.some(({ name }) => name === 'word')
      ? table(hundred.x, hundred.word, yes)
      : table(hundred.x, yes);
    await expect(run(given, classes, validation)).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining(sentence),
    });
  });
});

describe('told and learned from', () => {
  /** Every trial came through with its proof, and something was learned. */
  function expectLearned({ result }: Awaited<ReturnType<typeof run>>): void {
    for (const trial of result.trials)
      expect([trial.algorithm, trial.error, trial.parity?.withinTolerance]).toEqual([trial.algorithm, undefined, true]);
    expect(result.conclusions?.baseline?.isBeaten).toBe(true);
    expect(result.conclusions?.sentences[0]).toContain('is better than predicting');
  }
  const many = rowsOf(400);
  const infinite = numericColumn(
    'z',
    many.value.map((value, row) => (row % 7 ? value : row % 2 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)),
  );

  it.each<[string, Table, AutoMLSpec, string[]]>([
    [
      'columns without a value, beside one that has',
      table(many.x, numericColumn('none', filled(400, null)), labels(many.label)),
      classes,
      ['_constant_column'],
    ],
    ['infinities', table(many.x, infinite, labels(many.label)), classes, ['_infinite_value']],
    ['infinities in regression', table(many.x, infinite, targets(many.value)), numbers, ['_infinite_value']],
    [
      'numbers near the ends of float64',
      table(
        many.x,
        numericColumn(
          'h',
          many.value.map((v) => 1e300 * v),
        ),
        numericColumn(
          't',
          many.value.map((v) => 1e-300 * v),
        ),
        labels(many.label),
      ),
      classes,
      [],
    ],
    [
      'numbers that float32 does not tell apart',
      table(
        many.x,
        numericColumn(
          'offset',
          many.value.map((v) => 1e9 + v),
        ),
        labels(many.label),
      ),
      classes,
      ['_coarse_number_column'],
    ],
    ['a target of 1e9', table(many.x, many.word, targets(many.value.map((value) => 1e9 + 1e8 * value))), numbers, []],
    [
      'one text column',
      table(
        stringColumn(
          't',
          many.label.map((label, row) => (row % 9 ? label : 'x')),
        ),
        labels(many.label),
      ),
      classes,
      [],
    ],
    [
      'a class of three rows',
      table(many.x, many.word, labels(many.label.map((label, row) => (row % 150 === 0 ? 'rare' : label)))),
      classes,
      ['_small_class'],
    ],
    [
      'weights of zero for some rows',
      table(
        many.x,
        numericColumn(
          'w',
          many.value.map((_, row) => row % 3),
        ),
        labels(many.label),
      ),
      { ...classes, weightColumnName: 'w' },
      [],
    ],
    [
      'weights of next to nothing',
      table(
        many.x,
        numericColumn(
          'w',
          many.value.map((_, row) => 1e-30 * (1 + (row % 3))),
        ),
        labels(many.label),
      ),
      { ...classes, weightColumnName: 'w' },
      [],
    ],
    [
      'truth values as target',
      table(
        many.x,
        stringColumn(
          'y',
          many.label.map((label) => (label === 'yes' ? 'True' : 'False')),
          'boolean',
        ),
      ),
      classes,
      [],
    ],
    [
      'dates as classes',
      table(
        many.x,
        stringColumn(
          'y',
          many.label.map((label) => (label === 'yes' ? '2024-01-01' : '2024-02-01')),
          'date',
        ),
      ),
      classes,
      [],
    ],
    [
      'fractions as classes',
      table(many.x, targets(many.label.map((label, row) => (label === 'yes' ? 0.5 : row % 2 ? 0 : -0)))),
      classes,
      [],
    ],
    [
      'labels that differ by a blank',
      table(many.x, labels(many.label.map((label, row) => (label === 'yes' && row % 2 ? 'yes ' : label)))),
      classes,
      [],
    ],
  ])('%s', async (_, given, spec, guardrails) => {
    const ran = await run(given, spec);
    expectLearned(ran);
    expect(ran.alerted).toEqual(expect.arrayContaining(guardrails));
  });

  it('test data with values in a column that has none in the training data', async () => {
    const given = table(many.x, stringColumn('none', filled(400, null)), labels(many.label));
    const test = table(hundred.x, numericColumn('none', filled(100, 7)), yes);
    const ran = await run(given, classes, undefined, test);
    expectLearned(ran);
    expect(ran.result.test?.rows).toBe(100);
  });

  it('a target with holes and infinities: those rows are left out and counted', async () => {
    const holed = many.value.map((value, row) => (row % 10 === 0 ? null : row % 10 === 1 ? Number.POSITIVE_INFINITY : value));
    const ran = await run(table(many.x, many.word, targets(holed)), numbers);
    expectLearned(ran);
    expect(ran.logged).toContainEqual(expect.stringMatching(/^80 rows have no finite number in "y"/));
  });

  it('validation data with unknown classes, unknown words and a column more', async () => {
    const twenty = rowsOf(60);
    const validation = table(
      twenty.x,
      stringColumn(
        'word',
        twenty.label.map((_, row) => (row % 2 ? 'unheard' : 'a')),
      ),
      numericColumn('more', twenty.value),
      labels(twenty.label.map((label, row) => (row < 3 ? 'new' : label))),
    );
    const ran = await run(table(many.x, many.word, labels(many.label)), classes, validation);
    expect(ran.alerted).toEqual(expect.arrayContaining(['_small_class', '_validation_drift']));
    for (const trial of ran.result.trials) expect(trial.parity?.withinTolerance).toBe(true);
  });

  it('names with spaces, dots, quotes, other scripts, and words that programs use', async () => {
    const odd = [
      'a b.c',
      'a_b_c',
      'é 漢字 😀',
      ' ',
      '1/2"\'<b>',
      'output_label',
      'probabilities',
      '__proto__',
      'constructor',
      'x\ny',
    ];
    const columns = odd.map((name, i) =>
      numericColumn(
        name,
        many.value.map((value, row) => value + ((row * (i + 3)) % 11)),
      ),
    );
    const ran = await run(table(...columns, labels(many.label)), classes);
    expectLearned(ran);
    expect(checkModel(decodeModel(ran.best.onnx as Uint8Array))).toEqual([]);
  });

  it('two hundred classes', async () => {
    const random = createRandom(3);
    const place = Array.from({ length: 1000 }, (_, row) => row % 200);
    const near = numericColumn(
      'near',
      place.map((k) => k + 0.3 * random.nextNormal()),
    );
    const ran = await run(table(near, labels(place.map((k) => `k${k}`))), {
      ...classes,
      nCrossValidations: 2,
      training: { allowedTrainingAlgorithms: ['DecisionTree', 'KNN'], enableModelExplainability: false },
    });
    expectLearned(ran);
    expect(ran.alerted).toContain('_small_class');
  });
});
