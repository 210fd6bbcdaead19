import { MalachiteError, type PipelineRun, type SubmitPipeline, type Workspace } from '@malachite/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { transportWorkspace } from '../test-workspace.ts';

const pipelineId = '11111111-1111-1111-1111-111111111111';
const runId = '22222222-2222-2222-2222-222222222222';
const key = 'a-key-of-this-pipeline-and-no-other';

/** One published pipeline that remembers what it was asked; the contract suite runs real ones. */
const submitted: SubmitPipeline[] = [];
const run = (input: SubmitPipeline): PipelineRun => ({
  id: runId,
  experimentName: input.experimentName ?? 'Default',
  pipelineId: input.id ?? null,
  status: 'Running',
  runSource: input.runSource ?? 'SDK',
  properties: {},
  steps: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  startTime: '2026-01-01T00:00:01.000Z',
  endTime: null,
});

let server: Server;
let runs: string;

beforeAll(async () => {
  const { workspace: base } = transportWorkspace();
  const workspace: Workspace = {
    ...base,
    pipelines: {
      ...base.pipelines,
      async key({ id }) {
        if (id !== pipelineId) throw new MalachiteError('NotFound', `Pipeline "${id}" does not exist.`);
        return { key };
      },
      async submit(input) {
        submitted.push(input);
        return run(input);
      },
      async run({ id }) {
        const [first] = submitted;
        if (id !== runId || !first) throw new MalachiteError('NotFound', `Run "${id}" does not exist.`);
        return run(first);
      },
    },
  };
  server = await startServer({ workspace, port: 0 });
  runs = `${server.url}/pipelines/v1.0/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/transport/PipelineRuns`;
});
afterAll(() => server.close());
beforeEach(() => submitted.splice(0));

async function submit(
  body: unknown,
  authorization: string | undefined = `Bearer ${key}`,
  address = `${runs}/PipelineSubmit/${pipelineId}`,
) {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

describe('a POST to the endpoint of a published pipeline', () => {
  it('starts a run under the experiment it names, and answers its Id as Azure does', async () => {
    expect(await submit({ ExperimentName: 'pipeline-rest-endpoint' })).toMatchObject({
      status: 200,
      body: {
        Id: runId,
        Status: { StatusCode: 'Running' },
        RunHistoryExperimentName: 'pipeline-rest-endpoint',
        RunSource: 'HTTP',
      },
    });
    expect(submitted).toEqual([{ id: pipelineId, runSource: 'HTTP', experimentName: 'pipeline-rest-endpoint' }]);
  });

  it('takes names in any case, and empty assignments', async () => {
    await submit({ experimentname: 'x', PARAMETERASSIGNMENTS: {}, dataSetDefinitionValueAssignments: null });
    expect(submitted).toEqual([{ id: pipelineId, runSource: 'HTTP', experimentName: 'x' }]);
  });

  it('replaces inputs by the datasets that it assigns', async () => {
    const assignments = {
      bank: { DataSetReference: { Id: 'bank-marketing', Version: '2' } },
      more: { Value: { SavedDataSetReference: { Id: 'other' } } },
    };
    await submit({ ExperimentName: 'x', DataSetDefinitionValueAssignments: assignments });
    expect(submitted[0]?.inputs).toEqual({ bank: { path: 'azureml:bank-marketing:2' }, more: { path: 'azureml:other' } });
  });

  it('without the key, or with another, is refused before anything is looked up', async () => {
    for (const authorization of ['', 'Bearer wrong', key, `Basic ${key}`]) {
      expect(await submit({ ExperimentName: 'x' }, authorization), authorization).toMatchObject({
        status: 401,
        body: { error: { code: 'Unauthorized' } },
      });
    }
    expect(await submit({}, '', `${runs}/PipelineSubmit/absent`)).toMatchObject({ status: 401 });
    expect(submitted).toEqual([]);
  });

  it('that cannot be honoured is refused with a sentence', async () => {
    const refusals: [unknown, RegExp][] = [
      [{ ExperimentName: 7 }, /"ExperimentName" must be string/],
      [{ experimentname: 7 }, /"ExperimentName" must be text/],
      [{ ParameterAssignments: { depth: 3 } }, /no parameter "depth"/],
      [{ DataSetDefinitionValueAssignments: { bank: 'bank' } }, /value of "bank" must be a JSON object/],
      [{ DataSetDefinitionValueAssignments: { bank: { DataSetReference: {} } } }, /"bank" must name a dataset/],
      [{ DataSetDefinitionValueAssignments: { bank: {} } }, /"bank", a DataSetReference, must be a JSON object/],
      [[], /must be object/],
    ];
    for (const [body, sentence] of refusals) {
      const answer = await submit(body);
      expect(answer, JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { error: { code: 'InvalidInput', message: expect.stringMatching(sentence) } },
      });
    }
    expect(submitted).toEqual([]);
  });

  it('for a pipeline or workspace that is not there says so', async () => {
    expect(await submit({}, undefined, `${runs}/PipelineSubmit/absent`)).toMatchObject({ status: 404 });
    const elsewhere = runs.replace('workspaces/transport', 'workspaces/elsewhere');
    const answer = await submit({}, undefined, `${elsewhere}/PipelineSubmit/${pipelineId}`);
    expect(answer).toMatchObject({
      status: 404,
      body: { error: { message: 'There is no workspace "elsewhere" here; this one is "transport".' } },
    });
  });
});

describe('a GET of its run', () => {
  const get = async (id: string, authorization?: string) => {
    const response = await fetch(`${runs}/${id}`, authorization ? { headers: { authorization } } : {});
    return { status: response.status, body: await response.json() };
  };

  it('shows how it goes to whoever has the key', async () => {
    await submit({ ExperimentName: 'x' });
    expect(await get(runId, `Bearer ${key}`)).toMatchObject({
      status: 200,
      body: { Id: runId, Status: { StatusCode: 'Running' }, PipelineId: pipelineId },
    });
    expect(await get(runId)).toMatchObject({ status: 401 });
    expect(await get(runId, 'Bearer wrong')).toMatchObject({ status: 401 });
    expect(await get('absent', `Bearer ${key}`)).toMatchObject({ status: 404 });
  });
});
