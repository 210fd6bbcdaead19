/** What a job may set about validation, weights, tests and limits: each setting changes what it says it changes. */
import type { AutoMLSpec } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { type Column, columnNamed, numericColumn, stringColumn, type Table, takeRows } from '../table/table.ts';
import { automl } from './automl.ts';
import { openBudget, reasonToStop } from './budget.ts';
import { exampleTable } from './example-table.ts';
import { defineProblem } from './problem.ts';
import { runTrial } from './trial.ts';

const table = exampleTable(400);
const spec: AutoMLSpec = {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent'] },
  limits: { maxTrials: 2 },
  training: { enableModelExplainability: false },
};
const withColumn = (name: string, value: (row: number) => number | null): Table => ({
  rowCount: table.rowCount,
  columns: [
    ...table.columns,
    numericColumn(
      name,
      Array.from({ length: table.rowCount }, (_, row) => value(row)),
    ),
  ],
});
const run = (asked: AutoMLSpec, more: { table?: Table; test?: Table } = {}) =>
  automl({ table, spec: asked, jobName: 'job', onEvent() {}, ...more });

describe('cvSplitColumnNames', () => {
  const asked = { ...spec, cvSplitColumnNames: ['a', 'b'] };
  const split: Table = {
    rowCount: table.rowCount,
    columns: [
      ...withColumn('a', (row) => Number(row % 4 !== 0)).columns,
      withColumn('b', (row) => Number(row >= 50)).columns.at(-1) as Column,
    ],
  };

  it('makes a fold of each column, 1 to train on and 0 to validate by, and learns from none of them', () => {
    const { validation, features } = defineProblem(split, undefined, asked);
    expect(validation.folds.map((fold) => [fold.train.length, fold.validation.length])).toEqual([
      [300, 100],
      [350, 50],
    ]);
    expect([...(validation.folds[0]?.validation.slice(0, 3) ?? [])]).toEqual([0, 4, 8]);
    expect(features.columns.map((column) => column.name)).not.toContain('a');
    expect(validation.reason).toBe('2 folds were given by the columns a, b.');
  });

  it('is refused with other values, without rows to judge by, beside another wish, and for a column that is not there', () => {
    const refusal =
      (given: Table, more: Partial<AutoMLSpec> = {}) =>
      () =>
        defineProblem(given, undefined, { ...spec, cvSplitColumnNames: ['a'], ...more });
    expect(refusal(withColumn('a', (row) => row % 3))).toThrow('must hold 1 (train) or 0 (validate) in every row');
    expect(refusal(withColumn('a', () => 1))).toThrow('has no row to validate by');
    expect(
      refusal(
        withColumn('a', (row) => row % 2),
        { nCrossValidations: 3 },
      ),
    ).toThrow('nCrossValidations and cvSplitColumnNames');
    expect(refusal(table)).toThrow('no column "a"');
  });
});

describe('validation', () => {
  it('follows nCrossValidations, and draws the folds of the rule anew on small tables', () => {
    expect(defineProblem(table, undefined, { ...spec, nCrossValidations: 4 }).validation.folds).toHaveLength(4);
    const { folds, foldsOfRepeat, reason } = defineProblem(table, undefined, spec).validation;
    expect([folds.length, foldsOfRepeat]).toEqual([20, 10]);
    expect(reason).toContain('10 folds (Azure');
    expect(reason).toContain('drawn 2 times');
    for (const round of [folds.slice(0, 10), folds.slice(10)]) {
      const rows = round.flatMap((fold) => [...fold.validation]).sort((a, b) => a - b);
      expect(rows).toEqual(Array.from({ length: 400 }, (_, row) => row));
    }
    expect(folds[0]?.validation).not.toEqual(folds[10]?.validation);
  });

  it('holds validationDataSize of the rows out', () => {
    const { folds } = defineProblem(table, undefined, { ...spec, validationDataSize: 0.3 }).validation;
    expect(folds.map((fold) => fold.validation.length)).toEqual([120]);
  });
});

describe('weightColumnName', () => {
  it('weighs rows in the fit and in the metrics: a row of weight 0 is as good as absent', async () => {
    // Rows of weight 0 have the wrong label: a fit or a metric that looked at them would show it.
    const target = columnNamed(table, 'bought');
    if (target?.kind !== 'string') throw new Error('The target of the example is text.');
    const labels = Array.from(target.codes, (code, row) => target.dictionary[row % 2 === 0 ? code : 1 - code] as string);
    const wrong = stringColumn('bought', labels);
    const columns = withColumn('weight', (row) => Number(row % 2 === 0)).columns;
    const spoiled: Table = {
      rowCount: table.rowCount,
      columns: columns.map((column) => (column.name === 'bought' ? wrong : column)),
    };
    const limited: AutoMLSpec = {
      ...spec,
      nCrossValidations: 3,
      training: { ...spec.training, allowedTrainingAlgorithms: ['LogisticRegression'] },
    };
    const weighed = await run({ ...limited, weightColumnName: 'weight' }, { table: spoiled });
    const unweighed = await run({ ...limited, featurization: { dropColumns: ['spent', 'weight'] } }, { table: spoiled });
    expect(weighed.best.trial.score).toBeGreaterThan(0.75);
    expect(unweighed.result.trials.find((trial) => trial.algorithm === 'LogisticRegression')?.score).toBeLessThan(0.65);
  });
});

describe('test data', () => {
  it('of a share of the rows is never seen by the search, and scored by the best model', async () => {
    const { result } = await run({ ...spec, testDataSize: 0.25 });
    expect(result.test?.rows).toBe(100);
    expect(result.test?.metrics.AUC_weighted).toBeGreaterThan(0.75);
    expect(result.validation).toContain('300 rows');
  });

  it("of the caller's own is scored where it has a target; columns that only training needs may be missing", async () => {
    const [train, test] = [
      takeRows(table, [...Array(300).keys()]),
      takeRows(
        table,
        Array.from({ length: 100 }, (_, i) => 300 + i),
      ),
    ];
    const { result } = await run(spec, {
      table: train,
      test: { ...test, columns: test.columns.filter(({ name }) => name !== 'spent') },
    });
    expect(result.test?.rows).toBe(100);
    expect(result.test?.metrics.accuracy).toBeGreaterThan(0.6);
    expect((await run(spec, { table: train })).result.test).toBeNull();
  });

  it('is read before the search: what is wrong with it costs no trial', async () => {
    const told: string[] = [];
    const search = (test: Table) =>
      automl({
        table,
        test,
        spec,
        jobName: 'job',
        onEvent: (event) => event.type === 'trial' && told.push(event.record.trial.name),
      });
    const maybe = stringColumn(
      'bought',
      Array.from({ length: table.rowCount }, () => 'maybe'),
    );
    const columns = table.columns.map((column) => (column.name === 'bought' ? maybe : column));
    await expect(search({ ...table, columns })).rejects.toThrow(
      'the label "maybe" in "bought", which the training data does not',
    );
    const lacking = table.columns.filter(({ name }) => name !== table.columns[0]?.name);
    await expect(search({ ...table, columns: lacking })).rejects.toThrow(
      `lacks the training data's columns ${table.columns[0]?.name}`,
    );
    expect(told).toEqual([]);
  });

  it('is refused twice over', async () => {
    await expect(run({ ...spec, testDataSize: 0.2 }, { test: table })).rejects.toThrow(
      'testDataSize and testData are both given',
    );
  });
});

describe('positiveLabel', () => {
  it('is what the binary metrics are about; another label than the target has is refused', () => {
    const measured = (positiveLabel?: string) => {
      const problem = defineProblem(table, undefined, { ...spec, nCrossValidations: 2, positiveLabel });
      const pipeline = { algorithm: 'LogisticRegression', preprocessor: '', params: {} };
      return runTrial(problem, pipeline, 1, { now: () => 0, deadline: 1, isStopped: () => false }).metrics;
    };
    const { recall_score_binary: second, recall_score_macro: mean } = measured();
    const { recall_score_binary: first } = measured('NO');
    expect(measured('yes').recall_score_binary).toBe(second);
    expect(first).not.toBe(second);
    expect(((first as number) + (second as number)) / 2).toBeCloseTo(mean as number, 12);
    expect(() => measured('maybe')).toThrow('positiveLabel is "maybe", which is no label of "bought". Labels: no, yes.');
    const regression: AutoMLSpec = {
      ...spec,
      task: 'regression',
      targetColumnName: 'spent',
      featurization: {},
      positiveLabel: '1',
    };
    expect(() => defineProblem(table, undefined, regression)).toThrow('regression has no labels');
  });
});

describe('limits', () => {
  const better = (a: number, b: number): boolean => a > b;
  const trials = Array.from({ length: 30 }, (_, i) => ({ score: i === 4 ? 0.9 : 0.5, work: 10, finishedAtSeconds: i }));

  it('gives up after twenty fruitless trials; with a time budget not before a fruitless minute; and not at all where it is switched off', () => {
    const fruitless = 'No scores improved over last 20 iterations, so experiment stopped early.';
    expect(reasonToStop(trials, {}, better)).toBe(fruitless);
    expect(reasonToStop(trials.slice(0, 24), {}, better)).toBeUndefined();
    expect(reasonToStop(trials, {}, better, { elapsed: 30 })).toBeUndefined();
    expect(reasonToStop(trials, {}, better, { elapsed: 64 })).toBe(fruitless);
    expect(reasonToStop(trials, { enableEarlyTermination: false }, better)).toBeUndefined();
  });

  it('gives a trial its timeout and at most a quarter of the whole time, and keeps time for fits on all rows', () => {
    const at = (seconds: number, limits: Parameters<typeof openBudget>[0]) => openBudget(limits, 2, seconds, () => 1000);
    expect(at(0, { timeoutMinutes: 1 }).trialSeconds(50)).toBe(15);
    expect(at(0, { timeoutMinutes: 1 }).trialSeconds(4)).toBe(4);
    expect(at(0, { timeoutMinutes: 1, trialTimeoutMinutes: 0.1 }).trialSeconds(50)).toBeCloseTo(6);
    expect(at(0, { maxTrials: 3 }).trialSeconds(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    const budget = at(10, { timeoutMinutes: 1 });
    const cost = (seconds: number) => ({ seconds, work: 0 });
    const laterOf = (refits: number, least: number, most: number, proofSeconds = 60) => ({
      ...{ refits: cost(refits), crossFits: { least: cost(least), most: cost(most) }, proofSeconds },
    });
    const left = (refits: number, least = 0, most = least) => budget.searchSeconds(true, laterOf(refits, least, most));
    expect(left(0) - left(5)).toBe(5);
    expect(left(0) - left(1000)).toBe(12);
    expect(left(0) - left(0, 5, 10)).toBe(10);
    expect(left(0) - left(0, 5, 1000)).toBe(15);
    // Where there is no time for the fewest cross-fits, none is kept.
    expect(left(0)).toBe(left(0, 16, 1000));
    // Without a model yet, the time of ensembles and explanation is the first model's.
    expect(budget.searchSeconds(false, laterOf(0, 0, 0))).toBeGreaterThan(left(0) + 7);
    // Models that are proved and explained quickly leave more to the search: a second and a twentieth of the time are kept.
    expect(budget.searchSeconds(true, laterOf(0, 0, 0, 0.5))).toBe(50 - 4.5);
  });

  it('where work decides, lets the fits that follow do half the work of the trials, or a little where those did little', () => {
    const later = (refits: number, least: number, most: number) => {
      const cost = (work: number) => ({ seconds: 1, work });
      return { refits: cost(refits), crossFits: { least: cost(least), most: cost(most) }, proofSeconds: 0 };
    };
    const open = (limits: Parameters<typeof openBudget>[0], ensembles = 2) => openBudget(limits, ensembles, 0, () => 0);
    const { laterWork } = open({ maxTrials: 10 });
    expect(laterWork(later(300, 200, 400), 1000)).toEqual({ crossFits: 250, refits: 250, planned: 500 });
    expect(laterWork(later(300, 251, 400), 1000)).toEqual({ crossFits: 0, refits: 500, planned: 300 });
    expect(laterWork(later(300, 90, 90), 10)).toEqual({ crossFits: 90, refits: 110, planned: 200 });
    expect(open({ workUnits: 60 }).laterWork(later(300, 90, 90), 1)).toEqual({ crossFits: 0, refits: 20, planned: 20 });
    expect(open({ maxTrials: 10 }, 0).laterWork(later(300, 90, 90), 1000).planned).toBe(0);
    expect(open({ timeoutMinutes: 1 }).laterWork(later(1, 1, 1), 1).refits).toBe(Number.POSITIVE_INFINITY);
    // The search ends when trials and what follows have used the work units.
    expect(reasonToStop(trials.slice(0, 10), { workUnits: 150 }, better)).toBeUndefined();
    expect(reasonToStop(trials.slice(0, 10), { workUnits: 150 }, better, { laterWork: 50 })).toContain(
      'work budget of 150 units',
    );
  });

  it('exports the models that had the time they needed, where others were cut short', () => {
    const problem = defineProblem(table, undefined, { ...spec, nCrossValidations: 6 });
    const pipeline = { algorithm: 'LightGBM', preprocessor: '', params: { n_estimators: 40 } };
    const whole = runTrial(problem, pipeline, 1, { now: () => 0, deadline: 1, isStopped: () => false });
    // The first fold starts late, as on a busy machine, and ends without a tree; the others have time.
    let looks = 0;
    const late = { now: () => (looks++ === 0 ? 0 : looks < 4 ? 20 : 1), deadline: 70, isStopped: () => false };
    const cut = runTrial(problem, pipeline, 1, late);
    const away = cut.parityPredictions.map((value, i) => Math.abs(value - (whole.parityPredictions[i] as number)));
    expect(Math.max(...away)).toBeLessThan(0.15);
    expect(cut.onnx.length).toBeLessThan(whole.onnx.length);
    expect(cut.onnx.length).toBeGreaterThan(0.5 * whole.onnx.length);
  });

  it.each([
    ...['LightGBM', 'XGBoostClassifier', 'LogisticRegression', 'LinearSVM', 'SVM', 'SGD', 'MLP'],
    'AveragedPerceptronClassifier',
  ])('fails a trial of %s that is ended before its first step, instead of giving a constant model', (algorithm) => {
    const problem = defineProblem(table, undefined, { ...spec, nCrossValidations: 3 });
    const stopped = { now: () => 0, deadline: 1, isStopped: () => true };
    expect(() => runTrial(problem, { algorithm, preprocessor: '', params: {} }, 1, stopped)).toThrow(
      'There was not enough time: the fit was ended before its first step.',
    );
    const baseline = runTrial(problem, { algorithm: 'Prior', preprocessor: '', params: {} }, 1, stopped);
    expect(baseline.metrics.AUC_weighted).toBe(0.5);
  });

  it('ends every fold of a trial in its share of the time, with what it has', () => {
    const problem = defineProblem(table, undefined, { ...spec, nCrossValidations: 3 });
    const pipeline = { algorithm: 'LightGBM', preprocessor: '', params: { n_estimators: 500, learning_rate: 0.01 } };
    // A clock that each look moves on: sixty looks for three folds and what follows.
    let time = 0;
    const fit = runTrial(problem, pipeline, 1, { now: () => time++, deadline: 60, isStopped: () => false });
    expect(fit.parameters.n_estimators).toBeLessThan(30);
    expect(fit.parameters.n_estimators).toBeGreaterThan(5);
    expect(fit.metrics.AUC_weighted).toBeGreaterThan(0.7);
  });
});
