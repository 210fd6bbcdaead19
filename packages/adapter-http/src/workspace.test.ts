import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { supportsAll } from '@malachite/core';
import { afterEach, describe, expect, it } from 'vitest';
import { openHttpWorkspace } from './workspace.ts';

const info = {
  name: 'w',
  backend: 'local',
  supports: supportsAll,
  version: '1',
};
const servers: Server[] = [];

/** A server whose connections the test can break; `GET /workspace` is answered, the rest is the test's. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/api/v1/workspace') response.setHeader('content-type', 'application/json').end(JSON.stringify(info));
    else listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const event = (sequence: number) => ({
  sequence,
  time: '2026-01-01T00:00:00Z',
  type: 'log',
  level: 'info',
  message: `${sequence}`,
});
const message = (sequence: number) => `id: ${sequence}\ndata: ${JSON.stringify(event(sequence))}\n\n`;

describe('opening', () => {
  it('says how to start a server when none answers', async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(openHttpWorkspace({ url })).rejects.toMatchObject({
      code: 'Unavailable',
      message: `No Malachite server answers at ${url}. Start one with: malachite up`,
    });
  });

  it('says that what answers is no Malachite server', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('<html>'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(openHttpWorkspace({ url })).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringMatching(/answered 404/),
    });
  });

  it('says so too of a server that answers something else of that address', async () => {
    const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end('{"name":"other"}'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(openHttpWorkspace({ url })).rejects.toMatchObject({ message: `What answers at ${url} is no Malachite server.` });
  });

  it('refuses what is no address', async () => {
    await expect(openHttpWorkspace({ url: 'file:///etc' })).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it("tells the server's name and abilities, and sends its key", async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('[]');
    });
    const workspace = await openHttpWorkspace({ url: `${url}/`, apiKey: 'k' });
    expect(workspace).toMatchObject({ name: 'w', backend: 'http', supports: info.supports });
    await workspace.compute.list({});
    expect(seen).toEqual(['Bearer k']);
  });
});

describe('a call', () => {
  it('puts fields where the operation says: path, query, body', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      const body = await Array.fromAsync(request);
      seen.push(`${request.method} ${request.url} ${Buffer.concat(body)}`);
      response.end('{}');
    });
    const { datasets, compute, pipelines } = await openHttpWorkspace({ url });
    await datasets.preview({ name: 'a/b c', limit: 3, version: undefined });
    await compute.update({ name: 'cpu', maxInstances: 2 });
    await pipelines.disable({ id: 'p' });
    await pipelines.list();
    expect(seen).toEqual([
      'GET /api/v1/datasets/a%2Fb%20c/preview?limit=3 ',
      'PATCH /api/v1/compute/cpu {"maxInstances":2}',
      'POST /api/v1/pipelines/p/disable ',
      'GET /api/v1/pipelines ',
    ]);
  });

  it('never names another route by "..", however it is written', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    const { pipelines } = await openHttpWorkspace({ url });
    for (const id of ['..', '.', '']) await expect(pipelines.get({ id })).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(seen).toEqual([]);
  });

  it('fails with the code and sentence of the server', async () => {
    const url = await serve((_, response) =>
      response.writeHead(409).end('{"error": {"code": "Conflict", "message": "The name is taken."}}'),
    );
    const { compute } = await openHttpWorkspace({ url });
    await expect(compute.create({ name: 'cpu' })).rejects.toMatchObject({ code: 'Conflict', message: 'The name is taken.' });
  });

  it("fails with the caller's own error when the source of an upload does", async () => {
    const url = await serve((request) => void request.resume());
    const { datastore } = await openHttpWorkspace({ url });
    const ownError = new RangeError('the file shrank');
    async function* source() {
      yield new Uint8Array(10);
      throw ownError;
    }
    await expect(datastore.put(source())).rejects.toBe(ownError);
  });

  it('under way ends, Canceled, when the workspace is closed', async () => {
    let arrived = () => {};
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await serve(() => arrived());
    const workspace = await openHttpWorkspace({ url });
    const call = workspace.compute.list({});
    const ended = expect(call).rejects.toMatchObject({ code: 'Canceled' });
    await waiting;
    await workspace.close();
    await ended;
  });
});

describe('a download', () => {
  it('that breaks off is an error, never a short file', async () => {
    const url = await serve((_, response) => {
      response.write('half of it', () => response.destroy());
    });
    const { datastore } = await openHttpWorkspace({ url });
    await expect(Array.fromAsync(datastore.get({ sha256: 'a'.repeat(64) }))).rejects.toMatchObject({ code: 'Unavailable' });
  });
});

describe('events', () => {
  it('go on behind the last one seen when the connection breaks, each event once', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url?.split('?')[1]);
      const after = Number(/after=(\d+)/.exec(request.url ?? '')?.[1] ?? 0);
      response.write(`: events\n\n${message(after + 1)}${message(after + 2)}`);
      if (after + 2 >= 6) response.end('event: end\ndata: {}\n\n');
      else if (after === 0) setImmediate(() => response.destroy());
      else response.end('data: {"cut');
    });
    const { training } = await openHttpWorkspace({ url });
    const events = await Array.fromAsync(training.events({ name: 'j' }));
    expect(events.map((event) => event.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked).toEqual([undefined, 'after=2', 'after=4']);
  });

  it('of states begin anew with the state now, told once', async () => {
    const states = [['Creating'], ['Creating', 'Succeeded']];
    const url = await serve((_, response) => {
      const turn = states.shift() ?? [];
      for (const state of turn) response.write(`data: ${JSON.stringify({ provisioningState: state })}\n\n`);
      response.end(states.length === 0 ? 'event: end\ndata: {}\n\n' : '');
    });
    const { deployment } = await openHttpWorkspace({ url });
    const seen = await Array.fromAsync(deployment.watchDeployment({ endpointName: 'e', name: 'd' }));
    expect(seen.map((state) => state.provisioningState)).toEqual(['Creating', 'Succeeded']);
  });

  it('that the server fails end with its error', async () => {
    const url = await serve((_, response) =>
      response.end(`${message(1)}event: error\ndata: {"error":{"code":"Unavailable","message":"The job was lost."}}\n\n`),
    );
    const { training } = await openHttpWorkspace({ url });
    await expect(Array.fromAsync(training.events({ name: 'j' }))).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'The job was lost.',
    });
  });

  it('are let go by a reader that leaves while it waits', async () => {
    let left = () => {};
    const gone = new Promise<void>((resolve) => {
      left = resolve;
    });
    const url = await serve((_, response) => {
      response.on('close', left).write(message(1));
    });
    const { training } = await openHttpWorkspace({ url });
    const events = training.events({ name: 'j' })[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { sequence: 1 } });
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toMatchObject({ done: true });
    await gone;
  });
});
