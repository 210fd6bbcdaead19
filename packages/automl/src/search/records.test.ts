import { expect, it } from 'vitest';
import { exampleTable } from './example-table.ts';
import { defineProblem } from './problem.ts';
import { recordTrial } from './records.ts';
import { runTrial } from './trial.ts';

const problem = defineProblem(exampleTable(60), undefined, {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent'] },
  nCrossValidations: 2,
});
const spec = { algorithm: 'DecisionTree', preprocessor: '', params: {} };
const fit = runTrial(problem, spec, 0, { now: () => 0, deadline: 60, isStopped: () => false });

it('a trial whose model ONNX Runtime answers alike is completed, with the proof', async () => {
  const { trial } = await recordTrial(problem, 'job', spec, { iteration: 4, fit }, 1);
  expect(trial).toMatchObject({ name: 'job_4', status: 'Completed', parity: { rows: 60, withinTolerance: true } });
});

it('a model that ONNX Runtime refuses is a failed trial with the reason, not the end of the search', async () => {
  const broken = { ...fit, onnx: fit.onnx.slice(0, 100) };
  const { trial, onnx } = await recordTrial(problem, 'job', spec, { iteration: 4, fit: broken }, 1);
  expect(trial).toMatchObject({ status: 'Failed', score: null, error: expect.stringContaining('could not be proved') });
  expect(onnx).toBeUndefined();
});

it('a model of so many nodes that loading it takes longer than there is time is a failed trial with the reason', async () => {
  const { trial } = await recordTrial(problem, 'job', spec, { iteration: 4, fit }, 1, 1e-6);
  expect(trial).toMatchObject({
    status: 'Failed',
    error: expect.stringMatching(/Its graph has \d+ nodes; .* which is too long/),
  });
});

it('a model that answers otherwise than the trainer did is a failed trial, with the proof and without the model', async () => {
  const shifted = { ...fit, parityPredictions: fit.parityPredictions.map((value) => 1 - value) };
  const { trial, onnx } = await recordTrial(problem, 'job', spec, { iteration: 4, fit: shifted }, 1);
  expect(trial).toMatchObject({ status: 'Failed', score: null, metrics: {}, parity: { rows: 60, withinTolerance: false } });
  expect(trial.error).toMatch(/^The exported model is not the trained one: on 60 rows its answers differ by up to \d/);
  expect(onnx).toBeUndefined();
});
