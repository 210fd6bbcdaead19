import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { testHost } from '../test-host.ts';
import { adderBytes } from '../test-models.ts';
import { type Listener, type ListenerOptions, openListener } from './listener.ts';

const folder = mkdtempSync(join(tmpdir(), 'malachite-listener-'));
afterAll(() => rmSync(folder, { recursive: true }));
const model = join(folder, 'model.onnx');
writeFileSync(model, adderBytes(1));

async function open(options: Partial<ListenerOptions> = {}): Promise<Listener> {
  const listener = await openListener({ port: 0, ...options });
  onTestFinished(() => listener.close());
  return listener;
}

/** A host that is ready to be attached. */
async function ready(): Promise<ChildProcess> {
  const { child, tell, next } = testHost();
  onTestFinished(() => void child.kill('SIGKILL'));
  tell({ type: 'start', id: 1, keys: null, deployments: [{ name: 'blue', modelPath: model, traffic: 100 }] });
  await next('ready');
  return child;
}

type Answer = { readonly status: number | undefined; readonly text: string; readonly headers: IncomingMessage['headers'] };

const body = '{"Inputs": {"data": [{"x": 1}]}}';

/** @param isWhole false sends half of the body only, so that the request stays with the host */
function ask(port: number, agent: Agent, isWhole = true): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ port, path: '/score', method: 'POST', agent, headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode, text, headers: answer.headers });
    });
    sent.on('error', reject);
    if (isWhole) sent.end(body);
    else sent.write(body.slice(0, 10));
  });
}

function client(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
  'a host that ends by %s fails the requests that are with it, with the reason; what rests or comes meanwhile is answered by the next',
  async (signal) => {
    const listener = await open({ patienceMs: 60_000 });
    const first = await ready();
    const resting = client();
    listener.attach(first);
    await ask(listener.port, resting);
    const [socket] = Object.values(resting.freeSockets).flat();
    await expect.poll(listener.busy, { timeout: 30_000 }).toBe(0);
    const inFlight = [ask(listener.port, client(), false), ask(listener.port, client(), false)];
    await expect.poll(listener.busy, { timeout: 30_000 }).toBe(2);
    const ended = once(first, 'exit');
    first.kill(signal);
    await ended;
    const meanwhile = [ask(listener.port, resting), ask(listener.port, client())];
    expect(await listener.detach(`It was killed (${signal}).`)).toBe(2);
    for (const answer of await Promise.all(inFlight)) {
      expect(answer.status).toBe(503);
      expect(answer.text).toBe(`{"message": "It was killed (${signal})."}`);
      expect(answer.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    }
    listener.attach(await ready());
    for (const answer of await Promise.all(meanwhile)) expect(answer.text).toBe('{"Results": [2.0]}');
    expect(Object.values(resting.freeSockets).flat()).toEqual([socket]);
  },
);

it('when no host comes, what waits and what comes is told to come again, until one is there', async () => {
  const listener = await open({ patienceMs: 100 });
  const first = await ready();
  listener.attach(first);
  first.kill('SIGKILL');
  await once(first, 'exit');
  await listener.detach('It was killed.');
  const waits = ask(listener.port, client());
  expect(await waits).toMatchObject({ status: 503, text: '{"message": "It was killed."}' });
  expect(await ask(listener.port, client())).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  listener.attach(await ready());
  expect((await ask(listener.port, client())).status).toBe(200);
});

it('a client that leaves while no host is there is forgotten, and so is one that leaves its host', async () => {
  const listener = await open();
  const leaves = connect(listener.port, '127.0.0.1');
  await once(leaves, 'connect');
  leaves.destroy();
  const host = await ready();
  listener.attach(host);
  const agent = client();
  expect((await ask(listener.port, agent)).status).toBe(200);
  agent.destroy();
  await expect.poll(listener.busy, { timeout: 30_000 }).toBe(0);
  host.kill('SIGKILL');
  await once(host, 'exit');
  expect(await listener.detach('It was killed.')).toBe(0);
});

it('an answer that is cut off in the middle is followed by nothing: the connection only ends', async () => {
  const listener = await open();
  const host = await ready();
  listener.attach(host);
  const reader = connect(listener.port, '127.0.0.1').pause();
  // More than the connection holds, so that its reader decides how far the answers get.
  reader.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20));
  await expect.poll(listener.busy, { timeout: 30_000 }).toBe(1);
  await once(reader, 'readable');
  host.kill('SIGKILL');
  await once(host, 'exit');
  expect(await listener.detach('It was killed.')).toBe(1);
  const got = Buffer.concat((await reader.toArray()) as Buffer[]).toString('latin1');
  expect(got.slice(0, 15)).toBe('HTTP/1.1 200 OK');
  expect(got.indexOf('503 Service Unavailable')).toBe(-1);
});

it('an address that this machine does not have is said to be none', async () => {
  await expect(openListener({ port: 0, host: '192.0.2.1' })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('Nothing can listen on port 0 of "192.0.2.1"'),
  });
});

it('a port that is taken is a Conflict', async () => {
  const { port } = await open();
  await expect(openListener({ port })).rejects.toMatchObject({
    code: 'Conflict',
    message: expect.stringContaining(String(port)),
  });
});
