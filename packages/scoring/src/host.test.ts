import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { StartHost } from './host-messages.ts';
import { hostEntry } from './index.ts';
import { type Listener, openListener } from './listener/listener.ts';
import { type TestHost, testHost } from './test-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'malachite-host-'));
const running: ChildProcess[] = [];
const listeners: Listener[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close();
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A regressor that adds a number to column `x`, so that an answer tells which model gave it. */
function adder(amount: number): string {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  graph.output(graph.node('Add', [x, graph.constant(new Float32Array([amount]), [1])]), 'variable', 'float', [null, 1]);
  const path = join(folder, `add-${amount}.onnx`);
  writeFileSync(path, encodeModel(graph.toModel({ graphName: 'adder', producerName: 'test', producerVersion: '1' })));
  return path;
}

/** Ends the process of ONNX Runtime 1.30 with SIGFPE for rows that are no NaN: it looks for the largest of no numbers. */
function killer(): string {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  const isMissing = graph.node('Reshape', [graph.node('IsNaN', [x]), graph.constant(new BigInt64Array([-1n]), [1])]);
  const rows = graph.node('Compress', [x, isMissing], { axis: 0 });
  const largest = graph.node('TopK', [rows, graph.constant(new BigInt64Array([1n]), [1])], {}, { outputs: 2 });
  graph.output(graph.node('Add', [x, graph.node('ReduceSum', [largest])]), 'variable', 'float', [null, 1]);
  const path = join(folder, 'killer.onnx');
  writeFileSync(path, encodeModel(graph.toModel({ graphName: 'killer', producerName: 'test', producerVersion: '1' })));
  return path;
}

/** A host that is told to start, and the port of the listener that gives it its connections. */
async function started(state: Omit<StartHost, 'type' | 'id'>): Promise<TestHost & { port: number }> {
  const host = testHost();
  running.push(host.child);
  const listener = await openListener({ port: 0 });
  listeners.push(listener);
  host.tell({ type: 'start', id: 1, ...state });
  expect((await host.next('ready')).id).toBe(1);
  listener.attach(host.child);
  return { ...host, port: listener.port };
}

async function score(port: number, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${port}/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"Inputs": {"data": [{"x": 1}]}}',
  });
  // A refusal for want of a key is a word, no JSON.
  return { status: response.status, body: response.status === 401 ? await response.text() : await response.json() };
}

describe('the scoring host', () => {
  // Other processors do not trap a division by zero.
  it.skipIf(process.arch !== 'x64')(
    'refuses a model that ends the process of the runtime, and goes on with what it serves [skipped on other processors than x64]',
    async () => {
      const blue = { name: 'blue', modelPath: adder(1), traffic: 100 };
      const { child, port, tell, next } = await started({ keys: null, deployments: [blue] });
      tell({ type: 'update', id: 2, keys: null, deployments: [blue, { name: 'green', modelPath: killer(), traffic: 0 }] });
      expect((await next('failed')).error).toEqual({
        code: 'Failed',
        message: 'The process that loaded the model was killed (SIGFPE): ONNX Runtime cannot run it.',
      });
      expect(child.exitCode).toBeNull();
      expect(await score(port)).toEqual({ status: 200, body: { Results: [2] } });
    },
  );

  it('starts, answers, takes another model in place, and refuses a broken one while the old goes on', async () => {
    const deployments = [{ name: 'blue', modelPath: adder(1), traffic: 100 }];
    const { port, tell, next } = await started({ keys: null, deployments });
    expect(await score(port)).toEqual({ status: 200, body: { Results: [2] } });

    tell({ type: 'update', id: 2, keys: null, deployments: [{ name: 'blue', modelPath: adder(10), traffic: 100 }] });
    expect((await next('updated')).id).toBe(2);
    expect(await score(port)).toEqual({ status: 200, body: { Results: [11] } });

    const broken = join(folder, 'broken.onnx');
    writeFileSync(broken, 'not a model');
    tell({ type: 'update', id: 3, keys: null, deployments: [{ name: 'blue', modelPath: broken, traffic: 100 }] });
    const failed = await next('failed');
    expect([failed.id, failed.error.code]).toEqual([3, 'InvalidInput']);
    expect(await score(port)).toEqual({ status: 200, body: { Results: [11] } });
  });

  it('asks for the keys it was given, and forgets a key that was replaced', async () => {
    const deployments = [{ name: 'blue', modelPath: adder(1), traffic: 100 }];
    const { port, tell, next } = await started({ keys: { primary: 'one', secondary: 'two' }, deployments });
    expect((await score(port)).status).toBe(401);
    expect((await score(port, { authorization: 'Bearer one' })).status).toBe(200);
    expect((await score(port, { authorization: 'Bearer two' })).status).toBe(200);
    tell({ type: 'update', id: 2, keys: { primary: 'new', secondary: 'two' }, deployments });
    await next('updated');
    expect((await score(port, { authorization: 'Bearer one' })).status).toBe(401);
    expect((await score(port, { authorization: 'Bearer two' })).status).toBe(200);
    expect((await score(port, { authorization: 'Bearer new' })).status).toBe(200);
  });

  it('sends a row and a log line about each request', async () => {
    const deployments = [{ name: 'blue', modelPath: adder(1), traffic: 100 }];
    const { port, next } = await started({ keys: null, deployments });
    const rows = next('requests');
    const line = next('log');
    await score(port, { 'x-ms-client-request-id': 'mine' });
    expect((await rows).rows[0]).toMatchObject({
      clientRequestId: 'mine',
      method: 'POST',
      path: '/score',
      status: 200,
      rows: 1,
      deployment: 'blue',
    });
    expect((await line).lines[0]?.text).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} I \[\d+\] malachite - POST \/score 200 [\d.]+ms 1 row$/,
    );
  });

  it('a script that loops for ever: its request gets 408, its process is replaced, and the others answer', async () => {
    const path = join(folder, 'loop.mjs');
    writeFileSync(
      path,
      'export const init = () => {};\nexport const run = (data) => {\n  while (data === "1");\n  return process.pid;\n};\n',
    );
    const script = { path, modelDir: folder };
    const deployment = { name: 'blue', modelPath: '', script, traffic: 100, instanceCount: 2, requestTimeoutMs: 1_000 };
    const { port } = await started({ keys: null, deployments: [deployment] });
    const ask = async (body: string): Promise<{ status: number; text: string }> => {
      const answer = await fetch(`http://127.0.0.1:${port}/score`, { method: 'POST', body });
      return { status: answer.status, text: await answer.text() };
    };
    const looping = ask('1');
    for (let others = 0; others < 20; others++) expect((await ask('0')).status).toBe(200);
    expect(await looping).toMatchObject({ status: 408, text: expect.stringContaining('request_timeout_ms, 1000 ms') });
    // Both are busy for ever; what comes next is answered by those that take their place.
    expect((await Promise.all([ask('1'), ask('1')])).map(({ status }) => status)).toEqual([408, 408]);
    await expect.poll(async () => (await ask('0')).status, { timeout: 30_000 }).toBe(200);
  });

  it('says why it cannot start', async () => {
    const { child, tell, next } = testHost();
    running.push(child);
    const modelPath = join(folder, 'absent.onnx');
    tell({ type: 'start', id: 7, keys: null, deployments: [{ name: 'blue', modelPath, traffic: 100 }] });
    const failed = await next('failed');
    expect([failed.id, failed.error.message]).toEqual([7, expect.stringContaining('absent.onnx')]);
  });

  it('ends by itself when its parent is killed', async () => {
    // A parent of its own, so that it can be killed: it forks the host and says when it is ready.
    const script = `const { fork } = require('node:child_process');
      const child = fork(${JSON.stringify(hostEntry)}, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'] });
      child.on('message', (m) => m.type === 'ready' && console.log('ready'));
      child.send({ type: 'start', id: 1, keys: null, deployments: [] });`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    expect(line.toString()).toBe('ready\n');
    // The pipe's other end is held by parent and host alike: it closes when both are gone.
    const gone = once(parent.stdout, 'close');
    parent.kill('SIGKILL');
    await gone;
  });
});
