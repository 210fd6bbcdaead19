import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { ScoringCall } from '../call.ts';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { adderBytes, slowBytes } from '../test-models.ts';
import { type InstancePool, instancePool } from './instance-pool.ts';
import { type Instances, type InstancesOptions, startInstances } from './instances.ts';

const folder = mkdtempSync(join(tmpdir(), 'malachite-instances-'));
const open: Instances[] = [];
const pools: InstancePool[] = [];
const servers: ScoringServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const instances of open.splice(0)) await instances.close();
  for (const pool of pools.splice(0)) pool.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(
  bytes: Uint8Array,
  count: number,
  settings: Pick<InstancesOptions, 'livenessProbe' | 'readinessProbe' | 'needed'> = {},
): Promise<{ instances: Instances; log: string[] }> {
  const modelPath = join(folder, `${Math.random()}.onnx`);
  writeFileSync(modelPath, bytes);
  const log: string[] = [];
  const pool = instancePool();
  pools.push(pool);
  const instances = await startInstances({ model: modelPath, count, pool, onLog: (line) => log.push(line), ...settings });
  open.push(instances);
  return { instances, log };
}

function call(rows: number): ScoringCall {
  const body = Buffer.from(JSON.stringify({ Inputs: { data: Array.from({ length: rows }, () => ({ x: 1 })) } }));
  return { route: '/score', body, contentType: 'application/json', named: 'data' };
}

it('answers as the model in this process does, mistakes of the caller included', async () => {
  const { instances } = await start(adderBytes(1), 2);
  expect(instances.signature.inputs[0]?.name).toBe('x');
  expect(instances.evaluation).toMatch(/^compiled \(proved on/);
  expect(await instances.answer(call(2))).toMatchObject({ body: '{"Results": [2.0, 2.0]}', rows: 2 });
  await expect(instances.answer({ ...call(1), body: Buffer.from('{}') })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: "A value is not provided for the 'data' parameter.",
  });
});

it('one that is killed fails only the requests that are with it, with a reason, and is replaced', async () => {
  const { instances, log } = await start(slowBytes(), 2);
  const before = instances.pids();
  const model = { name: 'blue', model: instances, traffic: 100, instanceCount: 2 };
  const server = await startScoringServer({ port: 0, keys: null, gateway: true, deployments: [model] });
  servers.push(server);
  const ask = async (): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${server.url}/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: call(500).body as Buffer<ArrayBuffer>,
    });
    return { status: answer.status, text: await answer.text() };
  };
  const asked = Array.from({ length: 4 }, ask);
  // Each has two requests with it once all four are counted in.
  while (!(await (await fetch(`${server.url}/metrics`)).text()).includes('active_requests{azureml_deployment="blue"} 4'));
  process.kill(before[0] as number, 'SIGKILL');
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503, 503]);
  expect(answers.find(({ status }) => status === 503)?.text).toContain('was killed (SIGKILL); send it again');
  expect(log.join()).toContain(`(process ${before[0]}); it is started again`);
  expect((await ask()).status).toBe(200);
  while (instances.pids().length < 2) await instances.answer(call(1));
  expect(instances.pids()).not.toContain(before[0]);
});

it('when all are killed, requests wait for the next one', async () => {
  const { instances } = await start(adderBytes(1), 1);
  const ended = instances.answer(call(1)).then(() => process.kill(instances.pids()[0] as number, 'SIGKILL'));
  await ended;
  while (instances.pids().length > 0) await new Promise(setImmediate);
  expect((await instances.answer(call(1))).body).toBe('{"Results": [2.0]}');
});

it('scales up and down; those that go finish what they have', async () => {
  const { instances } = await start(slowBytes(), 1);
  await instances.scale(3);
  expect(instances.pids()).toHaveLength(3);
  const answers = Array.from({ length: 6 }, () => instances.answer(call(300)));
  await instances.scale(1);
  expect(instances.pids()).toHaveLength(1);
  expect((await Promise.all(answers)).map(({ rows }) => rows)).toEqual([300, 300, 300, 300, 300, 300]);
});

it('says what is wrong with a model that cannot be loaded, and leaves no process behind', async () => {
  await expect(start(Buffer.from('not a model'), 2)).rejects.toMatchObject({ code: 'InvalidInput' });
});

it('408 comes on time while the model is busy', async () => {
  const { instances } = await start(slowBytes(), 1);
  const deployments = [{ name: 'blue', model: instances, traffic: 100, requestTimeoutMs: 1 }];
  const server = await startScoringServer({ port: 0, keys: null, gateway: true, deployments });
  servers.push(server);
  const body = call(2000).body as Buffer<ArrayBuffer>;
  const headers = { 'content-type': 'application/json' };
  let answered = false;
  const busy = instances.answer(call(2000)).then(() => {
    answered = true;
  });
  expect((await fetch(`${server.url}/score`, { method: 'POST', headers, body })).status).toBe(408);
  expect(answered).toBe(false);
  await busy;
});

it('one that hangs is found out by its liveness probe, and replaced; its requests fail with the reason', async () => {
  const livenessProbe = { initialDelay: 0, period: 0.1, timeout: 0.5, failureThreshold: 2 };
  const { instances, log } = await start(adderBytes(1), 1, { livenessProbe });
  const [pid] = instances.pids() as [number];
  process.kill(pid, 'SIGSTOP');
  await expect(instances.answer(call(1))).rejects.toMatchObject({
    code: 'Unavailable',
    message: 'The process that had the request did not answer its liveness probe 2 times; send it again.',
  });
  expect(log.join()).toContain(`An instance did not answer its liveness probe 2 times (process ${pid}); it is started again.`);
  expect((await instances.answer(call(1))).body).toBe('{"Results": [2.0]}');
  expect(instances.pids()).not.toContain(pid);
});

it('one that fails its readiness probe gets no requests until it is well', async () => {
  const readinessProbe = { initialDelay: 0, period: 0.1, timeout: 0.5, failureThreshold: 1, successThreshold: 2 };
  const { instances, log } = await start(adderBytes(1), 2, { readinessProbe });
  const [pid] = instances.pids() as [number];
  process.kill(pid, 'SIGSTOP');
  await expect.poll(() => log.join(), { timeout: 30_000 }).toContain('readiness probe once');
  const answers = await Promise.all(Array.from({ length: 20 }, () => instances.answer(call(1))));
  expect(answers).toHaveLength(20);
  expect(instances.pids()).not.toContain(pid);
  process.kill(pid, 'SIGCONT');
  await expect.poll(instances.pids, { timeout: 30_000 }).toContain(pid);
});

it('is ready with as many as are needed; the others come after, and scaling counts them', async () => {
  const { instances } = await start(adderBytes(1), 3, { needed: 1 });
  expect((await instances.answer(call(1))).body).toBe('{"Results": [2.0]}');
  await instances.scale(3);
  expect(instances.pids()).toHaveLength(3);
  await instances.scale(2);
  expect(instances.pids()).toHaveLength(2);
});

it('closes while some are still starting', async () => {
  const { instances } = await start(adderBytes(1), 3, { needed: 1 });
  await instances.close();
  expect(instances.pids()).toEqual([]);
});
