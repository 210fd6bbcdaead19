/**
 * A process that owns a workspace and is killed by `workspace.test.ts` in the middle of its work. It prints one line of
 * JSON for everything that the workspace has acknowledged: what it printed must be there afterwards.
 */
import { settledDeployment } from '@malachite/core';
import { createTable } from './test-data.ts';
import { adder, register } from './test-models.ts';
import { openLocalWorkspace } from './workspace.ts';

const [, , home = ''] = process.argv;
const acknowledge = (kind: string, value: unknown): void => void process.stdout.write(`${JSON.stringify({ kind, value })}\n`);

const workspace = await openLocalWorkspace({ home });
const { deployment, training, pipelines } = workspace;
acknowledge('dataset', await createTable(workspace, 'people'));
acknowledge('model', await register(workspace, 'adder', adder(1)));
await deployment.createEndpoint({ name: 'adder' });
await deployment.createDeployment({ endpointName: 'adder', name: 'blue', model: 'azureml:adder:1' });
await settledDeployment(deployment, { endpointName: 'adder', name: 'blue' });
acknowledge('endpoint', await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 100 } }));
acknowledge('keys', await deployment.regenerateKey({ name: 'adder', keyType: 'secondary' }));

const search = { type: 'automl', task: 'classification', targetColumnName: 'y' } as const;
const limits = { maxTrials: 8, maxConcurrentTrials: 1, enableEarlyTermination: false };
const published = await pipelines.publish({
  name: 'train',
  pipeline: {
    inputs: { data: { path: 'azureml:people' } },
    jobs: {
      train: { ...search, trainingData: { path: '${{parent.inputs.data}}' }, limits, training: { enableVoteEnsemble: false } },
      register: { type: 'register_model', modelName: 'people', path: '${{parent.jobs.train.outputs.best_model}}' },
    },
  },
});
acknowledge('pipeline', published);
acknowledge(
  'schedule',
  await pipelines.createSchedule({
    name: 'new-data',
    pipelineId: published.id,
    trigger: { type: 'dataset', datasetName: 'people' },
  }),
);
const run = await pipelines.submit({ id: published.id });
acknowledge('run', run.id);
for await (const { steps } of pipelines.watchRun({ id: run.id })) {
  const jobName = steps[0]?.jobName;
  if (!jobName) continue;
  acknowledge('job', jobName);
  for await (const event of training.events({ name: jobName })) {
    if (event.type === 'trial') acknowledge('trial', event.trial);
  }
}
