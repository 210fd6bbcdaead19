/** What a workspace does with a job that it is given. */
import { type AutoMLJob, jobCompletion } from '../../training.ts';
import type { Supports } from '../../workspace.ts';
import { equal, ok, refused } from '../assertions.ts';
import { type Runner, where } from '../harness.ts';
import { bankJob, type Scene } from '../scene.ts';

export function submissionContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it } = test;

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
}
