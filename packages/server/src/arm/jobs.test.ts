import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankCsv, bankRows } from '../../../core/src/contract/bank.ts';
import { startTestAzure, type TestAzure } from '../test-azure.ts';

let azure: TestAzure;
let trainingData: object;
beforeAll(async () => {
  azure = await startTestAzure();
  const { sha256 } = await azure.workspace.datastore.put(bytes(bankCsv(bankRows(200))));
  const files = [{ path: 'bank.csv', sha256 }];
  await azure.workspace.datasets.create({ name: 'bank', type: 'uri_file', files });
  trainingData = { jobInputType: 'mltable', uri: `${azure.prefix}/data/bank/versions/1` };
});
afterAll(() => azure.close());

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

type Arm = { name: string; properties: Record<string, unknown> | null; error?: { code: string; message: string } };
const job = (name: string) => `${azure.prefix}/jobs/${name}`;
const history = (name: string) => `/history/v1.0${azure.prefix}/runs/${name}`;
const put = async (name: string, properties: object) => {
  const { status, body } = await azure.ask('PUT', job(name), { body: { properties } });
  return { status, body: body as Arm };
};
const ended = async (name: string) => {
  for await (const event of azure.workspace.training.events({ name })) if (event.type === 'status') continue;
};

describe('an AutoML job', () => {
  it("is taken from the present client's words, keeps what it does not know, and answers again what was asked", async () => {
    const taskDetails = {
      taskType: 'Classification',
      primaryMetric: 'AUCWeighted',
      targetColumnName: 'y',
      trainingData,
      limitSettings: { timeout: 'PT1M', maxTrials: 2, maxConcurrentTrials: 0 },
      featurizationSettings: {
        mode: 'custom',
        transformerParams: { imputer: [{ fields: ['job'], parameters: { strategy: 'most_frequent' } }] },
      },
      trainingSettings: { allowedTrainingAlgorithms: ['LightGBM'], trainingMode: 'Auto' },
    };
    const properties = {
      jobType: 'AutoML',
      displayName: 'one',
      tags: { a: 'b' },
      taskDetails,
      queueSettings: { jobTier: 'Spot' },
    };
    const made = await put('one', properties);
    expect(made.status).toBe(201);
    expect(made.body.properties).toMatchObject({
      queueSettings: { jobTier: 'Spot' },
      taskDetails: { trainingSettings: { trainingMode: 'Auto' } },
    });
    const { spec } = await azure.workspace.training.get({ name: 'one' });
    expect(spec).toMatchObject({ primaryMetric: 'AUC_weighted', limits: { timeoutMinutes: 1, maxTrials: 2 } });
    expect(spec.featurization?.transformerParams).toHaveProperty('Imputer');
    expect((await put('one', properties)).status).toBe(200);
  });

  it('is taken without its settings, as the npm client sends it', async () => {
    await azure.workspace.compute.create({ name: 'cpu', type: 'amlcompute', maxInstances: 1 });
    const taskDetails = { taskType: 'Regression', targetColumnName: 'age', trainingData, logVerbosity: 'Info' };
    const made = await put('two', { jobType: 'AutoML', computeId: `${azure.prefix}/computes/cpu`, taskDetails });
    expect([made.status, made.body.properties?.computeId]).toEqual([201, `${azure.prefix}/computes/cpu`]);
    expect((await azure.ask('POST', `${job('two')}/cancel`)).status).toBe(200);
    await ended('two');
    expect((await azure.ask('POST', `${job('two')}/cancel`)).status).toBe(200);
  });

  it('has runs, files and addresses that open themselves', async () => {
    await ended('one');
    const { value: children } = (await azure.ask('GET', `${history('one')}/children`)).body as { value: { runId: string }[] };
    expect(children.length).toBeGreaterThanOrEqual(1);
    const trial = children[0]?.runId as string;
    expect((await azure.ask('GET', job(trial))).body).toMatchObject({ name: trial, properties: null });
    expect((await azure.ask('GET', history(trial))).body).toMatchObject({
      parentRunId: 'one',
      displayName: expect.stringMatching(/^[a-z]+_[a-z]+_[a-z\d]{8}$/),
      properties: { runTemplate: 'automl_child', pipeline_id: expect.stringMatching(/^[\da-f]{40}$/) },
    });
    const details = (await azure.ask('GET', `${history('one')}/details`)).body as {
      tags: object;
      properties: Record<string, string>;
      logFiles: Record<string, string>;
    };
    expect(details.tags).toMatchObject({
      iteration_000: expect.stringMatching(/^\d(;\d)*$/),
      automl_best_child_run_id: expect.any(String),
      pipeline_id_000: expect.stringMatching(/^(\w+)(;\w+)*$/),
    });
    expect(details.properties).toMatchObject({
      num_iterations: '2',
      primary_metric: 'AUC_weighted',
      runTemplate: 'AutoML',
      'azureml.runsource': 'automl',
      target: 'Serverless',
    });
    expect(JSON.parse(details.properties.AMLSettingsJsonString as string)).toMatchObject({
      iterations: 2,
      task_type: 'classification',
      whitelist_models: ['LightGBM'],
      label_column_name: 'y',
      metric_operation: 'maximize',
    });
    const log = new URL(details.logFiles['user_logs/std_log.txt'] as string);
    expect((await azure.ask('GET', log.pathname + log.search, { headers: {} })).status).toBe(200);
    const expired = new URLSearchParams(log.search);
    expired.set('se', '2020-01-01T00:00:00Z');
    const refused = await azure.ask('GET', `${log.pathname}?${expired}`, { headers: {} });
    expect([refused.status, refused.headers['x-ms-error-code']]).toEqual([403, 'AuthenticationFailed']);
    const part = await azure.ask('GET', log.pathname + log.search, { headers: { 'x-ms-range': 'bytes=0-9' } });
    expect([part.status, part.headers['content-length']]).toEqual([206, '10']);
    const other = await azure.ask('GET', log.pathname.replace('dcid.one', 'dcid.none') + log.search, { headers: {} });
    expect([other.status, other.headers['x-ms-error-code']]).toEqual([404, 'BlobNotFound']);
  });

  it('shows what was changed of its run, and is out of lists once hidden', async () => {
    const run = `/history/v1.0${azure.prefix}/experiments/Default/runs/one`;
    await azure.ask('PATCH', run, { body: { displayName: 'first', tags: { c: 'd' }, hidden: true } });
    expect((await azure.ask('GET', job('one'))).body).toMatchObject({
      properties: { displayName: 'first', tags: { a: 'b', c: 'd' } },
    });
    const names = async (query: string) =>
      ((await azure.ask('GET', `${azure.prefix}/jobs${query}`)).body as { value: Arm[] }).value.map(({ name }) => name);
    expect(await names('')).toEqual(['two']);
    expect(await names('?listViewType=All')).toEqual(['two', 'one']);
    expect(await names('?listViewType=ArchivedOnly')).toEqual(['one']);
  });
});

describe('a pipeline job', () => {
  it('of AutoML nodes runs under the name its client gave it, with its jobs below it', async () => {
    const node = {
      type: 'automl',
      task: 'classification',
      primary_metric: 'accuracy',
      target_column_name: 'y',
      training_data: '${{parent.inputs.rows}}',
      limits: { max_trials: 1, timeout_minutes: 1 },
      training: { enable_vote_ensemble: false, enable_stack_ensemble: false },
      outputs: { best_model: { job_output_type: 'mlflow_model' } },
    };
    const made = await put('flow', {
      jobType: 'Pipeline',
      experimentName: 'nightly',
      inputs: { rows: trainingData },
      jobs: { classify: node },
    });
    expect([made.status, made.body.properties?.jobType]).toEqual([201, 'Pipeline']);
    const [run] = await azure.workspace.pipelines.runs({});
    for await (const _ of azure.workspace.pipelines.watchRun({ id: run?.id as string }));
    expect((await azure.ask('GET', job('flow'))).body).toMatchObject({
      properties: { status: 'Completed', experimentName: 'nightly' },
    });
    const { value } = (await azure.ask('GET', `${history('flow')}/children`)).body as {
      value: { runId: string; parentRunId: string }[];
    };
    expect(value.map(({ parentRunId }) => parentRunId)).toEqual(['flow']);
  });

  it.each(['command', 'sweep', 'parallel', 'spark'])('with a %s node is refused', async (type) => {
    const { status, body } = await put('refused', { jobType: 'Pipeline', jobs: { step: { type } } });
    expect([status, body.error?.code]).toEqual([501, 'NotEmulated']);
    expect(body.error?.message).toMatch(/"step" is of type .*coverage/);
  });

  it('is refused once where several of its parts are wrong, and the server goes on', async () => {
    const nowhere = { jobInputType: 'mltable', uri: 'azureml://datastores/workspaceblobstore/paths/nowhere' };
    const jobs = { classify: { type: 'command' }, show: { type: 'spark' } };
    const { status } = await put('refused', { jobType: 'Pipeline', inputs: { rows: nowhere, more: nowhere }, jobs });
    expect([400, 501]).toContain(status);
    expect((await azure.ask('GET', azure.prefix)).status).toBe(200);
  });
});

it.each(['Command', 'Sweep', 'Spark', 'Labeling'])('A job of type %s is refused', async (jobType) => {
  const { status, body } = await put('other', { jobType });
  expect([status, body.error?.code]).toEqual([501, 'NotEmulated']);
});
