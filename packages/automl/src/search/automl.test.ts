import type { AutoMLSpec, Trial } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { dropColumns, numericColumn, stringColumn, type Table } from '../table/table.ts';
import type { AutoMLEvent, TrialRecord } from './api.ts';
import { automl } from './automl.ts';
import { exampleTable } from './example-table.ts';
import { loadPredictor } from './runtime.ts';

const classification: AutoMLSpec = {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent'] },
  nCrossValidations: 3,
};
const table = exampleTable(400);

async function run(
  spec: AutoMLSpec,
  more: { table?: Table; finished?: TrialRecord[]; signal?: AbortSignal; onEvent?: (event: AutoMLEvent) => void } = {},
) {
  const events: AutoMLEvent[] = [];
  const { onEvent = () => {}, ...rest } = more;
  const outcome = await automl({
    table,
    spec,
    jobName: 'job',
    onEvent: (event) => {
      events.push(event);
      onEvent(event);
    },
    ...rest,
  });
  const records = events.flatMap((event) => (event.type === 'trial' ? [event.record] : []));
  return { ...outcome, events, records };
}

/** What must not depend on the machine: no times. */
const essence = (trials: readonly Trial[]) =>
  trials.map(({ iteration, algorithm, preprocessor, parameters, score, metrics, work, onnxBytes, ensemble }) => ({
    ...{ iteration, algorithm, preprocessor, parameters, score, metrics, work, onnxBytes, ensemble },
  }));

describe('a search', () => {
  it('learns, beats the baseline, and proves every exported model equal to the trained one', async () => {
    const { result, records, best } = await run({ ...classification, limits: { maxTrials: 6 } });
    expect(
      records
        .map(({ trial }) => trial.iteration)
        .slice(0, 5)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4]);
    for (const { trial, onnx } of records) {
      expect(trial.status).toBe('Completed');
      expect(trial.parity).toMatchObject({ rows: 400, labelFlips: 0, withinTolerance: true });
      expect(onnx?.length).toBe(trial.onnxBytes);
    }
    const baseline = result.trials.find((trial) => trial.algorithm === 'Prior');
    expect(baseline?.score).toBeCloseTo(0.5);
    expect(best.trial.score).toBeGreaterThan(0.8);
    expect(result.bestTrial).toBe(result.trials[0]?.name);
    expect(result.validation).toContain('3 folds');
    expect(
      result.explanation?.features
        .slice(0, 3)
        .map((feature) => feature.name)
        .sort(),
    ).toEqual(['age', 'home.town', 'income']);
    expect(result.guardrails.map((guardrail) => guardrail.type)).toContain('_missing_value');
  });

  it('does regression, and lower is better where the metric says so', async () => {
    const spec: AutoMLSpec = {
      task: 'regression',
      targetColumnName: 'spent',
      featurization: { dropColumns: ['bought'] },
      limits: { maxTrials: 4 },
    };
    const { result } = await run(spec);
    const scores = result.trials.map((trial) => trial.score as number);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(result.trials.at(-1)?.algorithm).toBe('Prior');
    expect(result.primaryMetric).toBe('normalized_root_mean_squared_error');
  });

  it('gives the same leaderboard with one worker and with two, when work is the budget', async () => {
    // A hold-out, so that the members of the ensembles are weighed by all rows and fitted once more on them.
    const training = { enableModelExplainability: false };
    const spec = { ...classification, training, nCrossValidations: undefined, validationDataSize: 0.25, seed: 5 };
    const one = await run({ ...spec, limits: { maxTrials: 12, maxConcurrentTrials: 1 } });
    const two = await run({ ...spec, limits: { maxTrials: 12, maxConcurrentTrials: 2 } });
    expect(essence(two.result.trials)).toEqual(essence(one.result.trials));
    expect(one.result.trials.filter((trial) => trial.ensemble).map((trial) => trial.algorithm)).toContain('StackEnsemble');
    expect(one.events).toContainEqual({ type: 'log', level: 'info', message: expect.stringContaining('weighed by all rows') });
    const units = one.records.slice(0, 4).reduce((sum, { trial }) => sum + trial.work, 0);
    const limits = { workUnits: Math.max(1, Math.round(units)) };
    const workOne = await run({ ...spec, limits: { ...limits, maxConcurrentTrials: 1 } });
    const workTwo = await run({ ...spec, limits: { ...limits, maxConcurrentTrials: 2 } });
    expect(essence(workTwo.result.trials)).toEqual(essence(workOne.result.trials));
    expect(workOne.result.stopReason).toContain('work budget');
  });

  it('gives up at the same trial with one worker and with two, when nothing improves', async () => {
    const training = {
      allowedTrainingAlgorithms: ['DecisionTree', 'BernoulliNaiveBayes'],
      enableVoteEnsemble: false,
      enableStackEnsemble: false,
      enableModelExplainability: false,
    };
    const small = exampleTable(120);
    const [one, two] = [1, 2].map((maxConcurrentTrials) =>
      run({ ...classification, training, limits: { maxTrials: 200, maxConcurrentTrials } }, { table: small }),
    );
    const first = (await one)!.result;
    expect(first.stopReason).toContain('No scores improved');
    expect(essence((await two)!.result.trials)).toEqual(essence(first.trials));
  });

  it('goes on from finished trials and ends where it would have ended', async () => {
    const spec = { ...classification, limits: { maxTrials: 7 } };
    const whole = await run(spec);
    const finished = whole.records.filter(({ trial }) => [0, 1, 3].includes(trial.iteration));
    const rest = await run(spec, { finished });
    expect(essence(rest.result.trials)).toEqual(essence(whole.result.trials));
    expect(rest.records.map(({ trial }) => trial.iteration)).not.toContain(1);
  });

  it('stops when it is told to, and has told the trials that were finished', async () => {
    const controller = new AbortController();
    const told: string[] = [];
    const ended = run(
      { ...classification, limits: { maxTrials: 500, enableEarlyTermination: false } },
      {
        signal: controller.signal,
        onEvent(event) {
          if (event.type !== 'trial') return;
          told.push(event.record.trial.name);
          if (told.length === 2) controller.abort();
        },
      },
    );
    await expect(ended).rejects.toMatchObject({ code: 'Canceled' });
    expect(told).toHaveLength(2);
  });

  it('says so when the time was too short for anything', async () => {
    const ended = run({ ...classification, limits: { timeoutMinutes: 0.0001 } });
    await expect(ended).rejects.toMatchObject({ code: 'Failed', message: expect.stringContaining('Give more time.') });
  });

  it('stops at the exit score', async () => {
    const { result } = await run({ ...classification, limits: { exitScore: 0.6, maxTrials: 100 } });
    expect(result.stopReason).toContain('exit score 0.6');
    expect(result.trials.length).toBeLessThan(20);
  });

  it('answers new rows through ONNX Runtime: unseen categories, holes, and columns by their raw names', async () => {
    const { best } = await run({ ...classification, limits: { maxTrials: 3 } });
    const predictor = await loadPredictor(best.onnx as Uint8Array);
    const rows: Table = {
      rowCount: 2,
      columns: [
        numericColumn('income', [null, 4800.5]),
        numericColumn('age', [30, 75]),
        stringColumn('home.town', ['Atlantis', 'Cork']),
        stringColumn('customer id', ['x', 'y']),
        numericColumn('always', [7, 7]),
      ],
    };
    const [, low, , high] = await predictor.predict(rows);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    await predictor.close();
  });

  it('skips algorithms it lacks aloud, and refuses names that Azure does not know', async () => {
    const { events } = await run({
      ...classification,
      limits: { maxTrials: 2 },
      training: { allowedTrainingAlgorithms: ['light_gbm', 'TabnetClassifier'] },
    });
    expect(events).toContainEqual({
      type: 'log',
      level: 'warning',
      message: 'TabnetClassifier is skipped: this engine has no TabnetClassifier.',
    });
    await expect(run({ ...classification, training: { blockedTrainingAlgorithms: ['LightGBN'] } })).rejects.toThrow(
      '"LightGBN" is not a classification algorithm',
    );
  });
});

describe('bad input is refused with a sentence', () => {
  const withTarget = (values: (string | null)[]): Table => ({
    rowCount: values.length,
    columns: [
      numericColumn(
        'x',
        values.map((_, i) => i),
      ),
      stringColumn('y', values),
    ],
  });
  const spec: AutoMLSpec = { task: 'classification', targetColumnName: 'y', limits: { maxTrials: 1 } };
  const regression: AutoMLSpec = { ...spec, task: 'regression', targetColumnName: 'x' };
  const yesNo = Array.from({ length: 40 }, (_, i) => (i % 2 ? 'yes' : 'no'));

  it.each<[string, Table, AutoMLSpec, string]>([
    ['no rows', withTarget([]), spec, 'has no rows'],
    ['no such target', withTarget(yesNo), { ...spec, targetColumnName: 'z' }, 'no column "z". Columns: x, y.'],
    ['one class', withTarget(yesNo.map(() => 'no')), spec, 'one class only, "no"'],
    ['a target of holes', withTarget(yesNo.map(() => null)), spec, 'Only 0 rows have a value in the target column "y"'],
    ['text for regression', withTarget(yesNo), { ...spec, task: 'regression' }, 'holds text, such as "no"'],
    [
      'a metric of the other task',
      withTarget(yesNo),
      { ...spec, primaryMetric: 'r2_score' },
      'primaryMetric "r2_score" is not one of classification',
    ],
    ['nothing to learn from', dropColumns(withTarget(yesNo), new Set(['x'])), spec, 'No column is left to learn from'],
    ['a weight column of text', withTarget(yesNo), { ...regression, weightColumnName: 'y' }, 'must hold a number'],
    [
      'text with featurization off',
      withTarget(yesNo),
      { ...spec, targetColumnName: 'x', featurization: { mode: 'off' } },
      'these columns hold text: y',
    ],
  ])('%s', async (_, given, asked, sentence) => {
    await expect(run(asked, { table: given })).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining(sentence),
    });
  });

  it('rows without a target are left out, and said', async () => {
    const { events } = await run(spec, { table: withTarget([...yesNo, null, null]) });
    expect(events).toContainEqual({ type: 'log', level: 'warning', message: '2 rows have no value in "y" and are left out.' });
  });
});
