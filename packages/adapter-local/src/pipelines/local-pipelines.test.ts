import { type PipelineSpec, pipelineCompletion, type Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { createTable } from '../test-data.ts';
import { temporaryHome } from '../test-home.ts';
import { openLocalWorkspace } from '../workspace.ts';

async function room(): Promise<Workspace> {
  const workspace = await openLocalWorkspace({ home: temporaryHome(), serverUrl: 'http://127.0.0.1:10100' });
  onTestFinished(() => workspace.close());
  await createTable(workspace, 'people');
  return workspace;
}

const train = {
  type: 'automl',
  task: 'classification',
  targetColumnName: 'y',
  trainingData: { path: '${{parent.inputs.data}}' },
  limits: { maxTrials: 2, maxConcurrentTrials: 1 },
} as const;
const register = { type: 'register_model', modelName: 'people', path: '${{parent.jobs.train.outputs.best_model}}' } as const;
const pipeline: PipelineSpec = { inputs: { data: { path: 'azureml:people' } }, jobs: { register, train } };

test('a published pipeline has an address and a key; its run trains and then registers', async () => {
  const workspace = await room();
  const { pipelines } = workspace;
  const published = await pipelines.publish({ name: 'train', pipeline });
  expect(published).toMatchObject({ status: 'Active', pipeline });
  expect(published.endpoint).toBe(
    `http://127.0.0.1:10100/pipelines/v1.0/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.MachineLearningServices/workspaces/local/PipelineRuns/PipelineSubmit/${published.id}`,
  );
  expect(await pipelines.get({ id: 'train' })).toEqual(published);
  expect((await pipelines.key({ id: published.id })).key).toMatch(/^[A-Za-z0-9]{32,}$/);

  const { id } = await pipelines.submit({ id: 'train', experimentName: 'monthly', runSource: 'HTTP' });
  const seen = await Array.fromAsync(pipelines.watchRun({ id }));
  const run = await pipelines.run({ id });
  expect(run).toEqual(seen.at(-1));
  expect(run).toMatchObject({
    status: 'Finished',
    experimentName: 'monthly',
    pipelineId: published.id,
    runSource: 'HTTP',
    properties: { 'azureml.pipelineid': published.id, runType: 'HTTP', runSource: 'Unavailable' },
  });
  const [registered, trained] = run.steps;
  expect(registered).toMatchObject({ name: 'register', status: 'Finished', model: 'azureml:people:1' });
  const job = await workspace.training.get({ name: String(trained?.jobName) });
  expect(job).toMatchObject({ status: 'Completed', experimentName: 'monthly', properties: { 'azureml.pipelinerunid': id } });
  expect(job.spec.trainingData.path).toBe('azureml:people:1');
  expect(await workspace.models.get({ name: 'people' })).toMatchObject({ version: '1', jobName: job.name });
  expect((await pipelines.runs({ pipelineId: 'train' })).map((each) => each.id)).toEqual([id]);
});

test('a step that fails fails the run, and what needs it is not started', async () => {
  const { pipelines } = await room();
  const { id } = await pipelines.submit({
    pipeline: { ...pipeline, jobs: { train: { ...train, targetColumnName: 'z' }, register } },
  });
  const run = await pipelineCompletion(pipelines, id);
  expect(run).toMatchObject({ status: 'Failed', pipelineId: null });
  expect(run.steps[0]).toMatchObject({
    status: 'Failed',
    error: { code: 'InvalidInput', message: expect.stringContaining('"z"') },
  });
  expect(run.steps[1]).toMatchObject({ status: 'Canceled', startTime: null });
  await expect(pipelines.cancelRun({ id })).rejects.toMatchObject({ code: 'Conflict' });
});

test('a canceled run cancels its job', async () => {
  const workspace = await room();
  const { pipelines, training } = workspace;
  const endless = {
    ...train,
    limits: { maxTrials: 1000, maxConcurrentTrials: 1, timeoutMinutes: 10, enableEarlyTermination: false },
  };
  const { id } = await pipelines.submit({ pipeline: { ...pipeline, jobs: { train: endless, register } } });
  let jobName = '';
  for await (const { steps } of pipelines.watchRun({ id })) {
    if (!steps[0]?.jobName || jobName) continue;
    jobName = steps[0].jobName;
    await pipelines.cancelRun({ id });
  }
  expect((await pipelines.run({ id })).status).toBe('Canceled');
  expect((await training.get({ name: jobName })).status).toBe('Canceled');
});

test('what is wrong is refused before anything runs', async () => {
  const { pipelines } = await room();
  await expect(pipelines.publish({ name: 'train', pipeline: { jobs: { register } } })).rejects.toMatchObject({
    code: 'InvalidInput',
  });
  const { id } = await pipelines.publish({ name: 'train', pipeline });
  const unknownInput = pipelines.submit({ id, inputs: { date: { path: 'azureml:people' } } });
  await expect(unknownInput).rejects.toMatchObject({ code: 'InvalidInput' });
  const unknownData = pipelines.submit({ id, inputs: { data: { path: 'azureml:nobody' } } });
  await expect(unknownData).rejects.toMatchObject({ code: 'NotFound' });
  await expect(pipelines.submit({})).rejects.toMatchObject({ code: 'InvalidInput' });
  await expect(pipelines.run({ id: 'nothing' })).rejects.toMatchObject({ code: 'NotFound' });
  expect((await pipelines.disable({ id })).status).toBe('Disabled');
  await expect(pipelines.submit({ id })).rejects.toMatchObject({ code: 'Conflict' });
  expect(await pipelines.runs({})).toEqual([]);
});

test('a schedule can be switched off and on; versions of the time between do not fire', async () => {
  const workspace = await room();
  const { pipelines } = workspace;
  const { id } = await pipelines.publish({
    name: 'train',
    pipeline: { ...pipeline, jobs: { train: { ...train, limits: { maxTrials: 1 } } } },
  });
  const trigger = { type: 'dataset', datasetName: 'people' } as const;
  const schedule = await pipelines.createSchedule({ name: 'daily', pipelineId: 'train', trigger });
  expect(schedule).toMatchObject({ pipelineId: id, isEnabled: true, lastVersion: '1', lastRunId: null, experimentName: 'train' });
  const twice = pipelines.createSchedule({ name: 'daily', pipelineId: 'train', trigger });
  await expect(twice).rejects.toMatchObject({ code: 'Conflict' });
  await pipelines.updateSchedule({ name: 'daily', isEnabled: false });
  await createTable(workspace, 'people', 'age,y\n1,yes\n2,no\n');
  expect(await pipelines.updateSchedule({ name: 'daily', isEnabled: true })).toMatchObject({ isEnabled: true, lastVersion: '2' });
  await createTable(workspace, 'people', 'age,y\n3,yes\n4,no\n');
  await expect.poll(async () => (await pipelines.listSchedules())[0]?.lastVersion).toBe('3');
  const runs = await pipelines.runs({ pipelineId: id });
  expect(runs).toHaveLength(1);
  expect((await pipelines.listSchedules())[0]?.lastRunId).toBe(runs[0]?.id);
  await pipelines.deleteSchedule({ name: 'daily' });
  expect(await pipelines.listSchedules()).toEqual([]);
});
