import type { AutoMLSpec } from '@malachite/core';
import { expect, it, onTestFinished } from 'vitest';
import { fitPipeline, predictPipeline } from '../pipeline/index.ts';
import { takeRows } from '../table/table.ts';
import type { TrialRecord } from './api.ts';
import { votingTrial } from './ensembles.ts';
import { trialEvidence } from './evidence.ts';
import { exampleTable } from './example-table.ts';
import { defineProblem, type Problem } from './problem.ts';
import { recordTrial } from './records.ts';
import { costOfRefits, openRefits } from './refits.ts';
import { runTrial } from './trial.ts';
import { startWorkers } from './workers.ts';

const spec: AutoMLSpec = {
  task: 'regression',
  targetColumnName: 'spent',
  featurization: { dropColumns: ['bought', 'customer id'] },
};
const clock = { now: () => performance.now() / 1000, deadline: Number.POSITIVE_INFINITY, isStopped: () => false };
const pipeline = { algorithm: 'LightGBM', preprocessor: '', params: { n_estimators: 200, early_stopping_round: 20 } };

async function judged(more: Partial<AutoMLSpec>, tried = pipeline): Promise<{ problem: Problem; record: TrialRecord }> {
  const problem = defineProblem(exampleTable(300), undefined, { ...spec, ...more });
  const record = await recordTrial(problem, 'job', tried, { iteration: 1, fit: runTrial(problem, tried, 1, clock) }, 1);
  return { problem, record };
}

function workersOf(problem: Problem) {
  const workers = startWorkers(1, problem);
  onTestFinished(() => workers.close());
  return workers;
}

it('fits a model that a hold-out judged once more on all rows, with the rounds that it settled on', async () => {
  const { problem, record } = await judged({ validationDataSize: 0.3 });
  const refits = openRefits(problem, workersOf(problem), Number.POSITIVE_INFINITY);
  const [final] = await refits.finalModels([record], 60);
  const errorOf = (predictions: Float64Array | undefined, rows: Int32Array): number =>
    rows.reduce((sum, row) => sum + ((predictions?.[row] as number) - (problem.target.y[row] as number)) ** 2, 0) / rows.length;
  const heldOut = problem.validation.folds[0]?.validation as Int32Array;
  // It has learned from the rows that were held out, which the judged model had not.
  expect(errorOf(final?.parityPredictions, heldOut)).toBeLessThan(0.9 * errorOf(record.parityPredictions, heldOut));
  expect(record.trial.parameters.n_estimators).toBeLessThan(200);
  expect(final?.work).toBeGreaterThan(0);
  const { fitSeconds: seconds, work } = record.trial;
  expect(costOfRefits(problem, [record], 1, 60)).toEqual({ seconds, work });
  expect(costOfRefits(problem, [record], 1, 0.5 * seconds)).toEqual({ seconds: 0, work: 0 });
});

it('keeps the judged model where time or work does not suffice; work that is used is used', async () => {
  const { problem, record } = await judged({ validationDataSize: 0.3 });
  const workers = workersOf(problem);
  const other = { ...record, trial: { ...record.trial, iteration: 2 } };
  const asJudged = { onnx: record.onnx, parityPredictions: record.parityPredictions, work: 0 };
  expect(await openRefits(problem, workers, Number.POSITIVE_INFINITY).finalModels([record], 0)).toEqual([asJudged]);
  const refits = openRefits(problem, workers, 1.5 * record.trial.work);
  const [first, second] = await refits.finalModels([record, other], 60);
  expect(first?.work).toBeGreaterThan(0);
  expect(second).toEqual(asJudged);
  expect(await refits.finalModels([other, record], 60)).toEqual([asJudged, first]);
});

it('exports the average of ten folds, which is the mean of their predictions, and nothing is left to fit', async () => {
  const fixed = { ...pipeline, params: { n_estimators: 30, early_stopping_round: 0 } };
  const { problem, record } = await judged({ nCrossValidations: 10 }, fixed);
  const table = takeRows(problem.features, problem.parityRows);
  const shared = { table: problem.features, target: problem.target, columnPurposes: problem.purposes };
  const mean = new Float64Array(problem.parityRows.length);
  problem.validation.folds.forEach(({ train: rows }, fold) => {
    const fitted = fitPipeline({ ...shared, spec: fixed, rows, seed: 1 + fold });
    predictPipeline(fitted, table).forEach((value, i) => {
      mean[i] = (mean[i] as number) + value / 10;
    });
  });
  mean.forEach((value, i) => {
    expect(Math.abs((record.parityPredictions[i] as number) - value) / Math.abs(value)).toBeLessThan(1e-5);
  });
  expect(record.trial.parity?.withinTolerance).toBe(true);
  expect(costOfRefits(problem, [record], 1, 60)).toEqual({ seconds: 0, work: 0 });
});

it('makes an ensemble of a single winner after a hold-out: the same model, fitted on all rows; none of folds, which did so already', async () => {
  const joined = async (more: Partial<AutoMLSpec>, seconds: number) => {
    const { problem, record } = await judged(more);
    const evidence = trialEvidence(problem, [record]);
    const workers = workersOf(problem);
    const refits = openRefits(problem, workers, Number.POSITIVE_INFINITY);
    const made = votingTrial({ problem, name: 'job_2', iteration: 2, evidence, refits, workers, seconds, elapsed: () => 2 });
    return { record, voting: await made };
  };
  const { record, voting } = await joined({ validationDataSize: 0.3 }, 60);
  expect(voting?.trial).toMatchObject({
    algorithm: 'VotingEnsemble',
    ensemble: [{ iteration: 1, weight: 1 }],
    score: record.trial.score,
    parity: { withinTolerance: true },
  });
  expect(voting?.parityPredictions).not.toEqual(record.parityPredictions);
  expect((await joined({ validationDataSize: 0.3 }, 0.3)).voting).toBeUndefined();
  expect((await joined({ nCrossValidations: 3 }, 60)).voting).toBeUndefined();
});
