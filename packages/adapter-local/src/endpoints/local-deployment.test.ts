import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { settledDeployment, type Traffic, type Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { openChanges } from '../changes.ts';
import { openJobRecords } from '../jobs/job-records.ts';
import { localModels } from '../models/local-models.ts';
import { temporaryContext, temporaryHome } from '../test-home.ts';
import { adder, recordJob, register } from '../test-models.ts';
import { type LocalWorkspace, openLocalWorkspace } from '../workspace.ts';
import { localDeployment } from './local-deployment.ts';

async function open(home: string): Promise<LocalWorkspace> {
  const workspace = await openLocalWorkspace({ home });
  onTestFinished(() => workspace.close());
  return workspace;
}

/** A workspace with an endpoint `adder` whose deployment `blue` adds 1 and takes all requests. */
async function served(home = temporaryHome()): Promise<Workspace> {
  const workspace = await open(home);
  const model = await register(workspace, 'adder', adder(1));
  await workspace.deployment.createEndpoint({ name: 'adder' });
  await workspace.deployment.createDeployment({ endpointName: 'adder', name: 'blue', model });
  const settled = await settledDeployment(workspace.deployment, { endpointName: 'adder', name: 'blue' });
  expect(settled).toMatchObject({ provisioningState: 'Succeeded', error: null });
  await workspace.deployment.updateEndpoint({ name: 'adder', traffic: { blue: 100 } });
  return workspace;
}

const body = '{"Inputs": {"data": [{"x": 1}]}}';
const answerOf = async (workspace: Workspace, deploymentName?: string) => {
  const { status, body: text } = await workspace.deployment.invoke({ name: 'adder', deploymentName, body });
  return { status, result: status === 200 ? (JSON.parse(text) as { Results: number[] }).Results[0] : text };
};
/** The process of an endpoint: the number in brackets in its log lines. */
const hostPid = async (workspace: Workspace): Promise<number> => {
  const { lines } = await workspace.deployment.logs({ endpointName: 'adder', name: 'blue' });
  return Number(lines.findLast((line) => line.includes('Model loaded'))?.match(/\[(\d+)\]/)?.[1]);
};

test('an endpoint without a deployment answers 404; with one it scores; another keeps out of the way until it has traffic', async () => {
  const workspace = await open(temporaryHome());
  const { deployment } = workspace;
  const endpoint = await deployment.createEndpoint({ name: 'adder', tags: { a: 'b' } });
  expect(endpoint).toMatchObject({ provisioningState: 'Succeeded', traffic: {}, tags: { a: 'b' }, authMode: 'key' });
  expect((await answerOf(workspace)).status).toBe(404);
  await deployment.createDeployment({ endpointName: 'adder', name: 'blue', model: await register(workspace, 'm', adder(1)) });
  await settledDeployment(deployment, { endpointName: 'adder', name: 'blue' });
  expect((await answerOf(workspace)).status).toBe(404);
  expect(await answerOf(workspace, 'blue')).toEqual({ status: 200, result: 2 });
  await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 100 } });
  await deployment.createDeployment({ endpointName: 'adder', name: 'green', model: await register(workspace, 'm', adder(10)) });
  await settledDeployment(deployment, { endpointName: 'adder', name: 'green' });
  expect(await answerOf(workspace)).toEqual({ status: 200, result: 2 });
  await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 0, green: 100 } });
  expect(await answerOf(workspace)).toEqual({ status: 200, result: 11 });
  await expect(deployment.deleteDeployment({ endpointName: 'adder', name: 'green' })).rejects.toMatchObject({ code: 'Conflict' });
  await deployment.deleteDeployment({ endpointName: 'adder', name: 'blue' });
  expect((await deployment.listDeployments({ name: 'adder' })).map(({ name }) => name)).toEqual(['green']);
});

test('traffic to a deployment that is not there, or that does not sum to 100, is refused and nothing changes', async () => {
  const { deployment } = await served();
  const refused: Traffic[] = [{ red: 100 }, { blue: 50 }];
  for (const traffic of refused) {
    await expect(deployment.updateEndpoint({ name: 'adder', traffic })).rejects.toMatchObject({ code: 'InvalidInput' });
  }
  expect((await deployment.getEndpoint({ name: 'adder' })).traffic).toEqual({ blue: 100 });
});

test('a key can be replaced while the other goes on working; no key is no entry', async () => {
  const { deployment } = await served();
  const { scoringUri } = await deployment.getEndpoint({ name: 'adder' });
  const status = async (key: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    return (await fetch(scoringUri, { method: 'POST', headers, body })).status;
  };
  const before = await deployment.keys({ name: 'adder' });
  expect(before.primaryKey).toMatch(/^[A-Za-z0-9]{32,}$/);
  expect([await status(before.primaryKey), await status(before.secondaryKey), await status('guess')]).toEqual([200, 200, 401]);
  const after = await deployment.regenerateKey({ name: 'adder', keyType: 'primary' });
  expect(after.secondaryKey).toBe(before.secondaryKey);
  expect([await status(before.primaryKey), await status(after.primaryKey), await status(after.secondaryKey)]).toEqual([
    401, 200, 200,
  ]);
});

test('an update puts another model in place while requests go on being answered', async () => {
  const workspace = await served();
  const model = await register(workspace, 'adder', adder(5));
  const update = await workspace.deployment.updateDeployment({ endpointName: 'adder', name: 'blue', model });
  expect(update).toMatchObject({ provisioningState: 'Updating', model });
  const results = new Set<unknown>();
  let isSettled = false;
  const settled = settledDeployment(workspace.deployment, { endpointName: 'adder', name: 'blue' }).finally(() => {
    isSettled = true;
  });
  while (!isSettled) results.add((await answerOf(workspace)).result);
  expect((await settled).provisioningState).toBe('Succeeded');
  expect(await answerOf(workspace)).toEqual({ status: 200, result: 6 });
  for (const result of results) expect([2, 6]).toContain(result);
});

test('what cannot be served is refused with the reason', async () => {
  const workspace = await served();
  const words = await register(workspace, 'words', new TextEncoder().encode('no model'), 'notes.txt');
  const create = workspace.deployment.createDeployment({ endpointName: 'adder', name: 'green', model: words });
  await expect(create).rejects.toThrow('has no ONNX file');
  const absent = workspace.deployment.createDeployment({ endpointName: 'adder', name: 'green', model: 'azureml:nobody:1' });
  await expect(absent).rejects.toMatchObject({ code: 'NotFound' });
  const twice = workspace.deployment.createEndpoint({ name: 'ADDER' });
  await expect(twice).rejects.toMatchObject({ code: 'Conflict' });
});

test('a model that the host cannot load fails its deployment with the reason; what is served goes on, also after a restart', async () => {
  const home = temporaryHome();
  const workspace = await served(home);
  const { deployment } = workspace;
  const model = await register(workspace, 'lost', adder(7));
  const { files } = await workspace.models.get({ name: 'lost' });
  const sha256 = files[0]?.sha256 ?? '';
  rmSync(join(home, 'blobs', sha256.slice(0, 2), sha256.slice(2)));
  await deployment.createDeployment({ endpointName: 'adder', name: 'green', model });
  const green = await settledDeployment(deployment, { endpointName: 'adder', name: 'green' });
  expect(green).toMatchObject({ provisioningState: 'Failed', error: expect.stringContaining('ENOENT') });
  const split = deployment.updateEndpoint({ name: 'adder', traffic: { blue: 50, green: 50 } });
  await expect(split).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringContaining('Failed') });
  await deployment.updateDeployment({ endpointName: 'adder', name: 'blue', model });
  const blue = await settledDeployment(deployment, { endpointName: 'adder', name: 'blue' });
  expect(blue).toMatchObject({ provisioningState: 'Failed', model: 'azureml:adder:1' });
  expect(await answerOf(workspace)).toEqual({ status: 200, result: 2 });
  await workspace.close();
  expect(await answerOf(await open(home))).toEqual({ status: 200, result: 2 });
});

test('a host that is killed comes back by itself, on the same port with the same keys; the log and the telemetry tell', async () => {
  const workspace = await served();
  const keys = await workspace.deployment.keys({ name: 'adder' });
  const { scoringUri } = await workspace.deployment.getEndpoint({ name: 'adder' });
  const pid = await hostPid(workspace);
  process.kill(pid, 'SIGKILL');
  const again = () => answerOf(workspace).catch(() => undefined);
  await expect.poll(again, { timeout: 30_000 }).toEqual({ status: 200, result: 2 });
  expect((await workspace.deployment.getEndpoint({ name: 'adder' })).scoringUri).toBe(scoringUri);
  expect(await workspace.deployment.keys({ name: 'adder' })).toEqual(keys);
  expect(await hostPid(workspace)).not.toBe(pid);
  const { lines } = await workspace.deployment.logs({ endpointName: 'adder', name: 'blue', lines: 1000 });
  expect(lines.some((line) => line.includes('was killed (SIGKILL)'))).toBe(true);
  const crashes = await workspace.telemetry.query({ query: "exceptions | where type == 'HostCrash' | project outerMessage" });
  expect(crashes.rows).toEqual([[expect.stringContaining('was killed (SIGKILL)')]]);
});

test('a workspace that is opened again answers at the same address with the same keys', async () => {
  const home = temporaryHome();
  const first = await served(home);
  const endpoint = await first.deployment.getEndpoint({ name: 'adder' });
  const keys = await first.deployment.keys({ name: 'adder' });
  await first.close();
  const { port } = new URL(endpoint.scoringUri);
  const second = await open(home);
  expect(await second.deployment.listEndpoints({})).toEqual([{ ...endpoint, provisioningState: 'Updating' }]);
  await second.restored;
  expect((await fetch(endpoint.scoringUri, { method: 'POST', body })).status).toBe(401);
  expect(await answerOf(second)).toEqual({ status: 200, result: 2 });
  expect(await second.deployment.getEndpoint({ name: 'adder' })).toEqual(endpoint);
  expect(await second.deployment.keys({ name: 'adder' })).toEqual(keys);
  await second.close();

  const stranger = createServer().listen(Number(port), '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close());
  const third = await open(home);
  expect(await answerOf(third)).toEqual({ status: 200, result: 2 });
  expect((await third.deployment.getEndpoint({ name: 'adder' })).scoringUri).not.toBe(endpoint.scoringUri);
});

test('a deleted endpoint is gone, with its process', async () => {
  const workspace = await served();
  const { scoringUri } = await workspace.deployment.getEndpoint({ name: 'adder' });
  await workspace.deployment.deleteEndpoint({ name: 'adder' });
  await expect(fetch(scoringUri)).rejects.toThrow();
  await expect(workspace.deployment.getEndpoint({ name: 'adder' })).rejects.toMatchObject({ code: 'NotFound' });
  expect(await workspace.deployment.listEndpoints({})).toEqual([]);
});

test('requests are told in the container log, in the traffic log, and with App Insights in requests', async () => {
  const workspace = await served();
  const count = async (table: string): Promise<number> => {
    const { rows } = await workspace.telemetry.query({ query: `${table} | count` });
    return Number(rows[0]?.[0]);
  };
  await answerOf(workspace);
  await expect.poll(() => count('AmlOnlineEndpointTrafficLog')).toBe(1);
  await workspace.deployment.updateDeployment({ endpointName: 'adder', name: 'blue', appInsightsEnabled: true });
  await answerOf(workspace);
  await expect.poll(() => count('AmlOnlineEndpointTrafficLog')).toBe(2);
  expect(await count('requests')).toBe(1);
  const { rows } = await workspace.telemetry.query({
    query: 'traces | project customDimensions.Input, customDimensions.Prediction',
  });
  expect(rows).toEqual([[body, expect.stringContaining('2')]]);
  const { lines } = await workspace.deployment.logs({ endpointName: 'adder', name: 'blue' });
  expect(lines.filter((line) => line.includes('POST /score'))).toHaveLength(2);
});

test('the bytes of a fixture model are served as they are', async () => {
  const flowers = await readFile(new URL('../../../../fixtures/models/flowers.onnx', import.meta.url));
  const workspace = await open(temporaryHome());
  await workspace.deployment.createEndpoint({ name: 'adder', authMode: 'none' });
  const model = await register(workspace, 'flowers', flowers);
  await workspace.deployment.createDeployment({ endpointName: 'adder', name: 'blue', model });
  const settled = await settledDeployment(workspace.deployment, { endpointName: 'adder', name: 'blue' });
  expect(settled.provisioningState).toBe('Succeeded');
  const { openapiUri } = await workspace.deployment.getEndpoint({ name: 'adder' });
  expect((await fetch(openapiUri)).status).toBe(200);
});

test('a model that does not answer in ONNX Runtime as it did in training is not deployed', async () => {
  const context = temporaryContext();
  const changes = openChanges();
  const records = openJobRecords(context, changes);
  const models = localModels(context, records);
  const deployment = localDeployment(context, changes, models, { served: () => {}, crashed: () => {} });
  onTestFinished(() => deployment.close());
  const parity = { rows: 10, maxDifference: 0.25, labelFlips: 1, tolerance: 1e-5, withinTolerance: false };
  await recordJob(records, context.blobs, adder(1), parity);
  await models.create({ name: 'far', path: 'azureml://jobs/job_0/outputs/model.onnx' });
  await deployment.createEndpoint({ name: 'adder' });
  const create = deployment.createDeployment({ endpointName: 'adder', name: 'blue', model: 'azureml:far:1' });
  await expect(create).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringContaining('difference 0.25') });
  expect(await deployment.listDeployments({ name: 'adder' })).toEqual([]);
});
