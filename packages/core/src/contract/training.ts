import { type AutoMLJob, type JobEvent, jobCompletion, jobStatuses, terminalJobStatuses } from '../training.ts';
import type { Supports } from '../workspace.ts';
import { collect, equal, ok, refused } from './assertions.ts';
import { type Runner, where } from './harness.ts';
import { bankJob, type Scene } from './scene.ts';

/** A job that goes on until it is stopped. */
const endlessJob: AutoMLJob = { ...bankJob, limits: { timeoutMinutes: 10, enableEarlyTermination: false } };

export function trainingContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it } = test;
  const resultOfTrained = async () => {
    const { job } = await scene.trained();
    return { job, result: await scene.workspace.training.result({ name: job.name }) };
  };

  describe('a submitted job', () => {
    it('is recorded with its defaults and the version of its data, and runs on by itself', async () => {
      await scene.bank();
      const { training } = scene.workspace;
      const job = await training.submit({
        ...bankJob,
        trainingData: { path: 'azureml:contract-bank@latest' },
        limits: { maxTrials: 1 },
      });
      ok(['NotStarted', 'Queued', 'Preparing', 'Running'].includes(job.status), `A job just submitted is ${job.status}.`);
      equal(job.spec.trainingData.path, 'azureml:contract-bank:1', 'The data it names');
      equal([job.spec.primaryMetric, job.compute, job.error, job.endTime], ['AUC_weighted', 'serverless', null, null]);
      const ended = await jobCompletion(training, job.name);
      equal([ended.status, ended.error], ['Completed', null], 'How it ends');
      ok(
        ended.startTime !== null && ended.endTime !== null && ended.startTime <= ended.endTime,
        'It should say from when to when it ran.',
      );
      equal(await training.get({ name: job.name }), ended);
    });

    it('is refused, and not recorded, when it cannot run', async () => {
      await scene.bank();
      const { training } = scene.workspace;
      const before = (await training.list({})).length;
      const submit = (change: Partial<AutoMLJob>) => training.submit({ ...bankJob, ...change });
      await refused(submit({ trainingData: { path: 'azureml:contract-absent:1' } }), 'NotFound', 'contract-absent');
      await refused(submit({ trainingData: { path: 'azureml:contract-bank:99' } }), 'NotFound', 'contract-bank:99');
      await refused(submit({ primaryMetric: 'r2_score' }), 'InvalidInput', 'r2_score');
      await refused(submit({ compute: 'azureml:contract-absent' }), 'NotFound', 'contract-absent');
      await refused(submit({ limits: { maxTrials: 0 } }), 'InvalidInput', 'maxTrials');
      equal((await training.list({})).length, before, 'The number of jobs');
    });

    where(
      test,
      supports.schema,
      'schema',
    )('is refused when its target is none of the columns, which the sentence names', async () => {
      await scene.bank();
      const submitted = scene.workspace.training.submit({ ...bankJob, targetColumnName: 'Y' });
      await refused(submitted, 'InvalidInput', 'Y', 'age', 'balance');
    });

    it('has its name for itself', async () => {
      const { job } = await scene.trained();
      await refused(scene.workspace.training.submit({ ...bankJob, name: job.name }), 'Conflict', job.name);
      await refused(scene.workspace.training.get({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    });

    it('is listed, newest first, by experiment and status', async () => {
      const { job } = await scene.trained();
      const { training } = scene.workspace;
      const listed = await training.list({ experimentName: 'contract', status: 'Completed' });
      ok(
        listed.some(({ name }) => name === job.name),
        'A completed job of the experiment is not listed.',
      );
      equal(await training.list({ experimentName: 'contract-absent' }), []);
      const times = (await training.list({})).map(({ createdAt }) => createdAt);
      equal(times, times.toSorted().toReversed(), 'The times of the jobs');
    });
  });

  describe('the events of a job', () => {
    it('count from 1 without a gap, and its statuses only go forward', async () => {
      const { events } = await scene.trained();
      equal(
        events.map(({ sequence }) => sequence),
        events.map((_, i) => i + 1),
        'The sequences',
      );
      const statuses = events.filter((event) => event.type === 'status').map((event) => event.status);
      const places = statuses.map((status) => jobStatuses.indexOf(status));
      equal(
        places,
        [...new Set(places)].toSorted((a, b) => a - b),
        `The order of ${statuses.join(', ')}`,
      );
      ok(statuses.includes('Running') && statuses.at(-1) === 'Completed', `The statuses are ${statuses.join(', ')}.`);
      ok(
        events.some((event) => event.type === 'guardrails'),
        'The guardrails should be an event.',
      );
    });

    where(
      test,
      supports.events,
      'events that are kept',
    )('are the same for all who were there, and for one who comes later, or in the middle', async () => {
      const { job, events, eventsOfAnother } = await scene.trained();
      const { training } = scene.workspace;
      equal(eventsOfAnother, events, 'What the other reader has seen');
      equal(await collect(training.events({ name: job.name })), events);
      equal(await collect(training.events({ name: job.name, after: 3 })), events.slice(3));
      equal(await collect(training.events({ name: job.name, after: events.length })), []);
    });

    it('are of a job that is there', async () => {
      await refused(scene.workspace.training.events({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    });

    it('tell each trial when it is done, with the best score so far', async () => {
      const { events } = await scene.trained();
      const { result } = await resultOfTrained();
      const told = events.filter((event) => event.type === 'trial');
      equal(told.map(({ trial }) => trial).toSorted(byIteration), result.trials.toSorted(byIteration), 'The trials');
      let best = Number.NEGATIVE_INFINITY;
      for (const { trial, bestScore } of told) {
        best = Math.max(best, trial.score ?? best);
        equal(bestScore, best, `The best score at ${trial.name}`);
      }
    });
  });

  describe('the result', () => {
    it('keeps the limit on trials, and ranks them by the primary metric', async () => {
      const { job, result } = await resultOfTrained();
      ok(result.trials.length >= 2 && result.trials.length <= 3, `Of at most 3 trials there are ${result.trials.length}.`);
      equal(
        result.trials.map(({ name }) => name).toSorted(),
        result.trials.map((_, i) => `${job.name}_${i}`),
        'The names',
      );
      const scores = result.trials.map(({ score }) => score ?? Number.NEGATIVE_INFINITY);
      equal(
        scores,
        scores.toSorted((a, b) => b - a),
        'The scores',
      );
      equal(result.bestTrial, result.trials[0]?.name, 'The best trial');
      equal(result.primaryMetric, 'AUC_weighted');
    });

    it('has learned what the data has to teach', async () => {
      const { result } = await resultOfTrained();
      const best = result.trials[0]?.score ?? 0;
      ok(best > 0.85 && best <= 1, `The best AUC_weighted is ${best}, of a target that two columns decide.`);
    });

    it('has every trial completed, with its metrics', async () => {
      const { result } = await resultOfTrained();
      for (const { name, status, metrics, score } of result.trials) {
        equal(status, 'Completed', `The status of ${name}`);
        equal(metrics.AUC_weighted, score, `The primary metric of ${name}`);
        ok(typeof metrics.accuracy === 'number' && typeof metrics.log_loss === 'number', `${name} lacks accuracy or log_loss.`);
      }
    });

    where(
      test,
      supports.proof,
      'proof',
    )('proves every trial: its model answers as its trainer did', async () => {
      const { result } = await resultOfTrained();
      for (const { name, status, parity, onnxBytes } of result.trials) {
        ok(status === 'Completed' && parity?.withinTolerance, `${name} is ${status}, its parity ${JSON.stringify(parity)}.`);
        ok(
          parity.rows > 0 && parity.maxDifference <= parity.tolerance && parity.labelFlips === 0,
          `The parity of ${name} is ${JSON.stringify(parity)}.`,
        );
        ok(onnxBytes > 100, `The model of ${name} has ${onnxBytes} bytes.`);
      }
    });

    it('says how it looked at the data', async () => {
      const { result } = await resultOfTrained();
      ok(
        result.guardrails.length > 0 && result.guardrails.every(({ friendlyType }) => friendlyType),
        'There should be guardrails.',
      );
    });

    where(
      test,
      supports.explanation,
      'explanation',
    )('explains the best trial by the columns as the data calls them', async () => {
      const { result } = await resultOfTrained();
      const importances = result.explanation?.features ?? [];
      equal(importances.map(({ name }) => name).toSorted(), ['age', 'balance', 'job', 'joined'], 'The columns explained');
      ok(['age', 'job'].includes(importances[0]?.name ?? ''), `The most important column is ${importances[0]?.name}.`);
      equal(
        importances,
        importances.toSorted((a, b) => b.importance - a.importance),
      );
      ok(result.validation, 'It should say how trials were validated.');
    });

    it('has the metrics of the job, which are its best trial’s, and of each trial', async () => {
      const { job, result } = await resultOfTrained();
      const { training } = scene.workspace;
      const [best, second] = result.trials;
      equal(await training.metrics({ name: job.name }), best?.metrics);
      equal(await training.metrics({ name: second?.name ?? '' }), second?.metrics);
      await refused(training.metrics({ name: `${job.name}_99` }), 'NotFound', `${job.name}_99`);
    });
  });

  describe('a regression', () => {
    it('ranks by its own metrics, the smallest error first', async () => {
      await scene.bank();
      const { training } = scene.workspace;
      const settings = { task: 'regression', targetColumnName: 'age', limits: { maxTrials: 2 } } as const;
      const { name, spec } = await training.submit({ ...bankJob, ...settings });
      equal(spec.primaryMetric, 'normalized_root_mean_squared_error', 'The metric that it takes by itself');
      equal((await jobCompletion(training, name)).status, 'Completed', 'How it ends');
      const { trials } = await training.result({ name });
      const errors = trials.map(({ score }) => score ?? Number.POSITIVE_INFINITY);
      equal(
        errors,
        errors.toSorted((a, b) => a - b),
        'The errors',
      );
      ok((errors[0] ?? 1) < 0.5, `The smallest error is ${errors[0]} of the range.`);
      for (const { name: trial, parity } of supports.proof ? trials : [])
        ok(parity?.withinTolerance, `The parity of ${trial} is ${JSON.stringify(parity)}.`);
    });
  });

  describe('the files', () => {
    const modelOf = async (trial: string) =>
      (await scene.workspace.training.artifacts({ name: trial })).find(({ path }) => path === 'outputs/model.onnx');

    it('of a trial hold its model, with all its bytes', async () => {
      const { result } = await resultOfTrained();
      const name = result.trials[0]?.name ?? '';
      const model = await modelOf(name);
      const chunks = await collect(scene.workspace.training.artifact({ name, path: 'outputs/model.onnx' }));
      equal(
        chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
        model?.sizeBytes,
        'The number of bytes',
      );
      ok((model?.sizeBytes ?? 0) > 100, `The model has ${model?.sizeBytes} bytes.`);
    });

    where(
      test,
      supports.proof,
      'proof',
    )('of a trial hold a model as long as the trial says', async () => {
      const { result } = await resultOfTrained();
      for (const { name, onnxBytes } of result.trials) equal((await modelOf(name))?.sizeBytes, onnxBytes, `The model of ${name}`);
    });

    it('of a job hold its guardrails and its best model; no path leads out of them', async () => {
      const { job } = await scene.trained();
      const { training } = scene.workspace;
      const paths = (await training.artifacts({ name: job.name })).map(({ path }) => path);
      for (const path of ['outputs/verifier_results.json', 'outputs/best_model/model.onnx', 'outputs/best_model/MLmodel']) {
        ok(paths.includes(path), `There is no ${path} among ${paths.join(', ')}.`);
      }
      await refused(training.artifact({ name: job.name, path: 'outputs/absent' }), 'NotFound', 'outputs/absent');
      await refused(training.artifact({ name: job.name, path: '../../malachite.db' }), 'NotFound');
    });
  });

  describe('a canceled job', () => {
    it('ends Canceled and keeps the trials it has finished; one that has ended cannot be canceled', async () => {
      await scene.bank();
      const { training } = scene.workspace;
      const { name } = await training.submit(endlessJob);
      await firstTrial(training.events({ name }));
      const asked = await training.cancel({ name });
      ok(['CancelRequested', 'Canceled'].includes(asked.status), `A job asked to stop is ${asked.status}.`);
      const ended = await jobCompletion(training, name);
      equal([ended.status, ended.error], ['Canceled', null], 'How it ends');
      const { trials, bestTrial } = await training.result({ name });
      ok(
        trials.some(({ status }) => status === 'Completed'),
        'A finished trial is lost.',
      );
      ok(
        trials.some((trial) => trial.name === bestTrial),
        'The best trial should be one of those.',
      );
      await refused(training.cancel({ name }), 'Conflict', name, 'Canceled');
    });

    it('that waited for its compute ends at once; a compute with jobs stays', async () => {
      await scene.bank();
      const { training, compute } = scene.workspace;
      await compute.create({ name: 'contract-narrow', maxInstances: 1 });
      const runs = await training.submit({ ...endlessJob, compute: 'azureml:contract-narrow' });
      for await (const event of training.events({ name: runs.name }))
        if (event.type === 'status' && event.status === 'Running') break;
      const waits = await training.submit({ ...endlessJob, compute: 'contract-narrow' });
      equal((await training.get({ name: waits.name })).status, 'Queued', 'The status of a job beyond the instances');
      equal((await compute.get({ name: 'contract-narrow' })).runningNodeCount, 1, 'The running nodes');
      await refused(compute.delete({ name: 'contract-narrow' }), 'Conflict', 'contract-narrow');
      equal((await training.cancel({ name: waits.name })).status, 'Canceled', 'The status of the one that waited');
      await training.cancel({ name: runs.name });
      await jobCompletion(training, runs.name);
      await compute.delete({ name: 'contract-narrow' });
    });
  });
}

const byIteration = (a: { readonly iteration: number }, b: { readonly iteration: number }) => a.iteration - b.iteration;

async function firstTrial(events: AsyncIterable<JobEvent>): Promise<void> {
  for await (const event of events) {
    if (event.type === 'trial' && event.trial.status === 'Completed') return;
    ok(event.type !== 'status' || !terminalJobStatuses.has(event.status), 'The job ended before its first trial.');
  }
}
