/** The contract on Azure itself, where somebody has asked for it and pays; and that it leaves nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureConfig, azureSupports, openAzureWorkspace } from '@malachite/adapter-azure';
import { openLocalWorkspace } from '@malachite/adapter-local';
import { pipelineCompletion, type Workspace } from '@malachite/core';
import { workspaceContract } from '@malachite/core/contract';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startMalachite } from '../start-malachite.ts';
import { caseRunner } from './case-runner.ts';
import { ownNames, removeOwn } from './own-names.ts';
import { openSide } from './sides.ts';

/** Nodes are made ready, images built: a case may wait for a job of half an hour, or an endpoint of a quarter. */
const caseMs = 2 * 3_600_000;

const unasked = whyNot(process.env);
if (unasked === undefined) {
  const side = await openSide('azure', process.env, (line) => console.warn(line));
  workspaceContract({
    ...side,
    supports: azureSupports,
    test: {
      describe,
      it: (name, run) => void it(name, run, caseMs),
      skip: (name) => void it.skip(name, () => {}),
      beforeAll: (run) => void beforeAll(run, caseMs),
      afterAll: (run) => void afterAll(run, caseMs),
    },
    async send(uri, { method, headers, body }) {
      const response = await fetch(uri, { method, ...(headers && { headers }), ...(body !== undefined && { body }) });
      return { status: response.status, body: await response.text() };
    },
  });
} else {
  it.skip(`a workspace (Azure itself): ${unasked}`, () => {});
}

function whyNot(env: NodeJS.ProcessEnv): string | undefined {
  if (env.MALACHITE_TEST_AZURE !== '1') return 'it costs money; set MALACHITE_TEST_AZURE=1 and the AZURE_* variables';
  try {
    azureConfig(env);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function emptyWorkspace(): Promise<Workspace> {
  const home = await mkdtemp(join(tmpdir(), 'malachite-own-'));
  const workspace = await openLocalWorkspace({ home });
  onTestFinished(async () => {
    await workspace.close();
    await rm(home, { recursive: true, force: true });
  });
  return workspace;
}

const rows = `a,b\n${Array.from({ length: 100 }, (_, i) => `${i % 10},${i % 10 < 5 ? 'no' : 'yes'}`).join('\n')}\n`;

/** One of each that the contract makes and that stays. */
async function makeThings({ datastore, datasets, models, compute, deployment }: Workspace): Promise<void> {
  const { sha256 } = await datastore.put(ReadableStream.from([Buffer.from(rows)]));
  await datasets.create({ name: 'contract-data', files: [{ path: 'ab.csv', sha256 }] });
  await models.create({ name: 'contract-model', files: [{ path: 'model.pkl', sha256 }] });
  await compute.create({ name: 'contract-cpu' });
  await deployment.createEndpoint({ name: 'contract-empty' });
}

async function namesIn({ datasets, models, compute, deployment }: Workspace): Promise<string[]> {
  const lists = await Promise.all([datasets.list({}), models.list({}), compute.list({}), deployment.listEndpoints({})]);
  return lists.flat().map(({ name }) => name);
}

it('takes away what a run made that was interrupted in the middle of a case, on an Azure', async () => {
  const malachite = await startMalachite();
  const before = { ...process.env };
  Object.assign(process.env, malachite.env);
  onTestFinished(async () => {
    await malachite.close();
    for (const name of Object.keys(malachite.env)) delete process.env[name];
    Object.assign(process.env, before);
  });
  const told: string[] = [];
  const side = await openSide('azure', process.env, (line) => void told.push(line));
  const stop = new AbortController();
  const { test, run } = caseRunner(stop.signal);
  let workspace: Workspace;
  test.beforeAll(async () => {
    workspace = await side.open();
  });
  test.afterAll(() => side.close(workspace));
  test.it('makes things, and waits for a pipeline that does not end', async () => {
    await makeThings(workspace);
    const train = {
      type: 'automl',
      task: 'classification',
      trainingData: { path: 'azureml:contract-data:1' },
      targetColumnName: 'b',
      limits: { timeoutMinutes: 10, enableEarlyTermination: false },
    } as const;
    await workspace.pipelines.publish({ name: 'contract-pipeline', pipeline: { jobs: { train } } });
    const { id } = await workspace.pipelines.submit({ pipeline: { jobs: { train } }, experimentName: 'contract-endless' });
    stop.abort();
    await pipelineCompletion(workspace.pipelines, id);
  });
  await expect(run(() => undefined)).rejects.toThrow();
  const own = await openAzureWorkspace({ config: azureConfig(process.env) });
  expect(await namesIn(own)).toEqual([]);
  expect((await own.pipelines.list()).map(({ status }) => status)).toEqual(['Disabled']);
  const [left] = await own.pipelines.runs({});
  expect((await pipelineCompletion(own.pipelines, left?.id ?? '')).status).toBe('Canceled');
  await own.close();
  expect(told[0]).toMatch(/This costs money: about \d+ USD/);
  expect(told.slice(2)).toEqual([]);
}, 60_000);

it('takes away what it made under its prefix, and nothing else', async () => {
  const shared = await emptyWorkspace();
  await makeThings(shared);
  const before = await namesIn(shared);
  const own = ownNames(shared, 'm12-');
  await makeThings(own);
  expect((await namesIn(shared)).toSorted()).toEqual([...before, ...before.map((name) => `m12-${name}`)].toSorted());
  expect(await removeOwn(shared, 'm12-')).toEqual([]);
  expect(await namesIn(shared)).toEqual(before);
});
