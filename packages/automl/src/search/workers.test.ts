import { expect, it, onTestFinished } from 'vitest';
import { exampleTable } from './example-table.ts';
import { defineProblem, type Problem } from './problem.ts';
import { startWorkers } from './workers.ts';

const problem: Problem = defineProblem(exampleTable(3000), undefined, {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent'] },
  validationDataSize: 0.2,
});
/** Minutes of work. */
const endless = { algorithm: 'LightGBM', preprocessor: '', params: { n_estimators: 1_000_000, learning_rate: 1e-6 } };
const quick = { algorithm: 'DecisionTree', preprocessor: '', params: {} };

function twoWorkers(signal?: AbortSignal) {
  const workers = startWorkers(2, problem, signal);
  onTestFinished(() => workers.close());
  return workers;
}

it('fits side by side, and ends fits with what they have when they are told to stop', async () => {
  const workers = twoWorkers();
  const first = workers.trial(0, endless, Number.POSITIVE_INFINITY);
  const done = await workers.trial(1, quick, Number.POSITIVE_INFINITY);
  expect(done).toMatchObject({ iteration: 1, fit: { work: expect.any(Number) } });
  expect(workers.idle).toBe(1);
  workers.stop();
  expect(await first).toHaveProperty('iteration', 0);
});

it('replaces threads that are busy still, and all take work again', async () => {
  const workers = twoWorkers();
  const late = workers.refit(0, endless, Number.POSITIVE_INFINITY);
  await workers.restart();
  expect(await late).toEqual({ iteration: 0, error: 'There was no time to wait for it.' });
  expect(workers.idle).toBe(2);
  expect(await workers.crossFit(1, quick, Number.POSITIVE_INFINITY)).toHaveProperty('fit');
});

it('gives up every fit at an abort, those that would begin later too', async () => {
  const controller = new AbortController();
  const workers = twoWorkers(controller.signal);
  const fits = [workers.trial(0, endless, Number.POSITIVE_INFINITY), workers.crossFit(1, endless, Number.POSITIVE_INFINITY)];
  controller.abort();
  const error = 'The job was canceled.';
  expect(await Promise.all(fits)).toEqual([0, 1].map((iteration) => ({ iteration, error })));
  expect(await workers.refit(2, quick, Number.POSITIVE_INFINITY)).toEqual({ iteration: 2, error });
});
