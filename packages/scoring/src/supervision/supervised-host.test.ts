import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import type { HostedDeployment } from '../host-messages.ts';
import { openListener } from '../listener/listener.ts';
import { adderBytes } from '../test-models.ts';
import { hostPool } from './host-pool.ts';
import { pauseBeforeStart } from './restart-pause.ts';
import { type SupervisedHost, type SupervisedHostOptions, superviseHost } from './supervised-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'malachite-supervision-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Supervised {
  readonly host: SupervisedHost;
  readonly uri: string;
  /** Every process that was to serve. */
  readonly processes: readonly ChildProcess[];
  readonly crashes: readonly string[];
}

async function supervised(
  deployment: Partial<HostedDeployment>,
  options: Partial<SupervisedHostOptions> = {},
): Promise<Supervised> {
  const listener = await openListener({ port: 0 });
  const hosts = hostPool({ output: 2, serialization: 'advanced' });
  const processes: ChildProcess[] = [];
  const crashes: string[] = [];
  const host = superviseHost({
    name: 'the test',
    listener: Promise.resolve(listener),
    hosts,
    state: () => ({ keys: null, deployments: [{ name: 'blue', traffic: 100, modelPath: '', ...deployment }] }),
    hear() {},
    onStart: (process) => void processes.push(process),
    onCrash: (sentence) => void crashes.push(sentence),
    ...options,
  });
  onTestFinished(async () => {
    await host.close();
    await hosts.close();
  });
  return { host, uri: `http://127.0.0.1:${listener.port}/score`, processes, crashes };
}

async function ask(uri: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(uri, { method: 'POST', headers, body: '{"Inputs": {"data": [{"x": 1}]}}' });
  return { status: answer.status, text: await answer.text() };
}

const two = { status: 200, text: '{"Results": [2.0]}' };

it('however often it is killed, the next one answers', async () => {
  const { host, uri, processes } = await supervised({ modelBytes: adderBytes(1) });
  for (let killed = 0; killed < 5; killed++) {
    await host.ready();
    expect(await ask(uri)).toEqual(two);
    processes.at(-1)?.kill('SIGKILL');
    await expect.poll(() => processes.length, { timeout: 30_000 }).toBe(killed + 2);
  }
  expect(await ask(uri)).toEqual(two);
});

it('one whose process hangs is found out by its probe: the next one answers', async () => {
  const livenessProbe = { initialDelay: 0, period: 0.1, timeout: 0.5, failureThreshold: 2 };
  const { host, uri, processes, crashes } = await supervised({ modelBytes: adderBytes(1) }, { livenessProbe });
  await host.ready();
  expect(await ask(uri)).toEqual(two);
  processes[0]?.kill('SIGSTOP');
  await expect.poll(() => crashes.length, { timeout: 30_000 }).toBe(1);
  expect(crashes[0]).toMatch(
    /^The scoring host of the test did not answer its liveness probe 2 times with \d requests?; it is started/,
  );
  await host.ready();
  expect(await ask(uri)).toEqual(two);
});

it('why it cannot be started is said as the host said it, and it is tried again', async () => {
  const modelPath = join(folder, 'late.onnx');
  const { host, uri } = await supervised({ modelPath });
  await expect(host.ready()).rejects.toThrow('late.onnx');
  expect([host.isServing(), host.fault()]).toEqual([false, expect.stringContaining('late.onnx')]);
  writeFileSync(modelPath, adderBytes(1));
  await expect.poll(host.isServing, { timeout: 30_000 }).toBe(true);
  expect([host.fault(), await ask(uri)]).toEqual([undefined, two]);
});

it('who waits for one that is closed is told so', async () => {
  const { host } = await supervised({ modelBytes: adderBytes(1) });
  const waits = host.ready();
  const closed = host.close();
  await expect(waits).rejects.toMatchObject({ code: 'Canceled' });
  await closed;
  await expect(host.update({ keys: null, deployments: [] })).rejects.toMatchObject({ code: 'Canceled' });
});

it('nothing pauses what was ready; what never is, is tried less and less often', () => {
  const pauses = [0, 1, 2, 3, 20].map(pauseBeforeStart);
  expect(pauses).toEqual([0, 100, 200, 400, 10_000]);
});
