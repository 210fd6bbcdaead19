import type { JobBase } from '@azure/arm-machinelearning';
import { expect, test } from 'vitest';
import type { Run } from '../run.ts';
import { toPipelineRun } from './pipeline-run.ts';

const spec = { jobs: { train: { type: 'automl' }, best: { type: 'register_model' } } };
const job = (status: string, own = true): JobBase => ({
  name: 'maroon_boot_jb0dh2jnb6',
  systemData: { createdAt: new Date('2024-02-23T15:00:00Z') },
  properties: {
    jobType: 'Pipeline',
    status,
    experimentName: 'nightly',
    properties: own ? { 'malachite.pipeline': JSON.stringify(spec), 'malachite.runSource': 'HTTP' } : {},
    jobs: { train: { type: 'automl' }, report: { type: 'command' } },
  },
});
const run: Run = {
  runId: 'maroon_boot_jb0dh2jnb6',
  status: 'Completed',
  startTimeUtc: '2024-02-23T15:01:00.1234567Z',
  endTimeUtc: '2024-02-23T15:09:00Z',
  outputs: { best: { assetId: 'azureml://locations/eastus/workspaces/3056f353/models/my-model/versions/4' } },
};
const node: Run = {
  runId: 'a-guid',
  displayName: 'train',
  status: 'Completed',
  startTimeUtc: '2024-02-23T15:02:00Z',
  endTimeUtc: '2024-02-23T15:08:00Z',
};

test('a run that is done has the jobs of its nodes, and the models that Azure has registered', () => {
  expect(toPipelineRun(job('Completed'), run, [node])).toEqual({
    id: 'maroon_boot_jb0dh2jnb6',
    experimentName: 'nightly',
    pipelineId: null,
    status: 'Finished',
    runSource: 'HTTP',
    properties: {},
    createdAt: '2024-02-23T15:00:00.000Z',
    startTime: '2024-02-23T15:01:00.123Z',
    endTime: '2024-02-23T15:09:00.000Z',
    steps: [
      {
        name: 'train',
        type: 'automl',
        status: 'Finished',
        jobName: 'a-guid',
        model: null,
        startTime: '2024-02-23T15:02:00.000Z',
        endTime: '2024-02-23T15:08:00.000Z',
        error: null,
      },
      {
        name: 'best',
        type: 'register_model',
        status: 'Finished',
        jobName: null,
        model: 'azureml:my-model:4',
        startTime: null,
        endTime: '2024-02-23T15:09:00.000Z',
        error: null,
      },
    ],
  });
});

test('steps that have not begun will, unless the run has ended without them', () => {
  const statuses = (status: string, children: readonly Run[]) =>
    toPipelineRun(job(status), { ...run, status, outputs: null }, children).steps.map((step) => step.status);
  expect(statuses('NotStarted', [])).toEqual(['NotStarted', 'NotStarted']);
  expect(statuses('Provisioning', [{ ...node, status: 'Queued' }])).toEqual(['Running', 'NotStarted']);
  expect(statuses('Canceled', [{ ...node, status: 'Canceled' }])).toEqual(['Canceled', 'Canceled']);
  const failed = { ...node, status: 'Failed', error: { error: { code: 'UserError', message: 'No column y.' } } };
  expect(statuses('Failed', [failed])).toEqual(['Failed', 'Canceled']);
  expect(toPipelineRun(job('Failed'), run, [failed]).steps[0]?.error).toEqual({ code: 'UserError', message: 'No column y.' });
});

test('of a pipeline that others submitted the nodes are told by their names', () => {
  const { runSource, steps } = toPipelineRun(job('Running', false), undefined, [node]);
  expect([runSource, steps.map(({ name, status }) => `${name} ${status}`)]).toEqual([
    'SDK',
    ['train Finished', 'report NotStarted'],
  ]);
});
