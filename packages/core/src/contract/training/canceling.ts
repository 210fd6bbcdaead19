/** How a job is ended before its time. */
import { type AutoMLJob, type JobEvent, jobCompletion, terminalJobStatuses } from '../../training.ts';
import { equal, ok, refused } from '../assertions.ts';
import type { Runner } from '../harness.ts';
import { bankJob, type Scene } from '../scene.ts';

/** A job that goes on until it is stopped. */
const endlessJob: AutoMLJob = { ...bankJob, limits: { timeoutMinutes: 10, enableEarlyTermination: false } };

export function cancelingContract(test: Runner, scene: Scene): void {
  const { describe, it } = test;

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

async function firstTrial(events: AsyncIterable<JobEvent>): Promise<void> {
  for await (const event of events) {
    if (event.type === 'trial' && event.trial.status === 'Completed') return;
    ok(event.type !== 'status' || !terminalJobStatuses.has(event.status), 'The job ended before its first trial.');
  }
}
