import { request } from 'node:http';
import { connect } from 'node:net';
import { MalachiteError } from '@malachite/core';
import type { FastifyBaseLogger } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.ts';
import { type TransportLog, transportWorkspace } from './test-workspace.ts';

let server: Server;
let log: TransportLog;

beforeAll(async () => {
  const transport = transportWorkspace();
  log = transport.log;
  server = await startServer({ workspace: transport.workspace, port: 0 });
});
afterAll(() => server.close());

type Answer = {
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly text: string;
};

async function ask(path: string, init: RequestInit & { json?: unknown } = {}): Promise<Answer> {
  const { json, ...rest } = init;
  const body =
    json === undefined ? {} : { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${server.url}${path}`, { ...body, ...rest });
  const text = await response.text();
  return { status: response.status, text, ...(response.status >= 400 && { error: JSON.parse(text).error }) };
}

const job = { type: 'automl', task: 'classification', trainingData: { path: 'azureml:bank' }, targetColumnName: 'y' };

describe('a request that is not well formed', () => {
  const cases: [string, () => Promise<Answer>, number, RegExp][] = [
    [
      'names an unknown field',
      () => ask('/api/v1/jobs', { json: { ...job, tragetColumnName: 'y' } }),
      400,
      /"tragetColumnName" is no field here\. Fields: .*targetColumnName/,
    ],
    [
      'names an unknown field inside another',
      () => ask('/api/v1/jobs', { json: { ...job, limits: { maxTrial: 1 } } }),
      400,
      /"limits\.maxTrial" is no field here\. Fields: timeoutMinutes/,
    ],
    [
      'lacks a field',
      () => ask('/api/v1/jobs', { json: { type: 'automl' } }),
      400,
      /"task" is missing|"trainingData" is missing/,
    ],
    ['has no body', () => ask('/api/v1/jobs', { method: 'POST' }), 400, /is missing/],
    [
      'has a word that is none of the few',
      () => ask('/api/v1/jobs', { json: { ...job, task: 'forecasting' } }),
      400,
      /"task" must be one of classification, regression; it is "forecasting"/,
    ],
    [
      'has a number as text in its body',
      () => ask('/api/v1/compute', { json: { name: 'cpu', maxInstances: '4' } }),
      400,
      /"maxInstances" must be integer; it is "4"/,
    ],
    [
      'has a name that could be a path',
      () => ask('/api/v1/datasets/..%2F..%2Fetc'),
      400,
      /"name" is not well formed.*Letters, digits/,
    ],
    [
      'has a word for a number in its query',
      () => ask('/api/v1/datasets/bank/preview?limit=many'),
      400,
      /"limit" must be integer; it is "many"/,
    ],
    ['asks beyond a limit', () => ask('/api/v1/datasets/bank/preview?limit=99999999'), 400, /"limit" must be <= 10000/],
    [
      'has an unknown field in its query',
      () => ask('/api/v1/datasets/bank/preview?lines=3'),
      400,
      /"lines" is no field here\. Fields: version, limit, offset/,
    ],
    [
      'is broken JSON',
      () => ask('/api/v1/jobs', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } }),
      400,
      /JSON/,
    ],
    [
      'would set a prototype',
      () =>
        ask('/api/v1/jobs', { method: 'POST', body: '{"__proto__":{"a":1}}', headers: { 'content-type': 'application/json' } }),
      400,
      /JSON/,
    ],
    ['is a list', () => ask('/api/v1/jobs', { json: [] }), 400, /The body must be object; it is \[\]/],
    ['is a form', () => ask('/api/v1/jobs', { method: 'POST', body: new URLSearchParams({ a: '1' }) }), 415, /must be JSON/],
    [
      'is too large',
      () => ask('/api/v1/jobs', { json: { ...job, description: 'x'.repeat(17 * 1024 * 1024) } }),
      413,
      /larger than JSON may be here/,
    ],
    ['has a broken escape in its path', () => ask('/api/v1/datasets/%zz'), 400, /%zz/],
    ['is for a route that is not there', () => ask('/api/v1/datasetz'), 404, /There is no GET \/api\/v1\/datasetz here/],
    ['has a method that is not there', () => ask('/api/v1/jobs', { method: 'PUT' }), 404, /There is no PUT/],
  ];
  it.each(cases)('that %s is answered with a sentence', async (_name, call, status, sentence) => {
    const answer = await call();
    expect(answer.status, answer.text).toBe(status);
    expect(answer.error?.message).toMatch(sentence);
    expect(answer.error?.code).toMatch(/^(InvalidInput|NotFound|TooLarge)$/);
  });

  it('names the step of a pipeline that is wrong, by the type it says it is', async () => {
    const publish = (train: object) => ask('/api/v1/pipelines', { json: { name: 'p', pipeline: { jobs: { train } } } });
    const { type: _, ...settings } = job;
    expect((await publish({ ...settings, type: 'automl', task: 'foo' })).error?.message).toMatch(
      /"pipeline\.jobs\.train\.task" must be one of/,
    );
    expect((await publish({ type: 'register_model', modelName: 'm' })).error?.message).toMatch(
      /"pipeline\.jobs\.train\.path" is missing/,
    );
    expect((await publish({ type: 'sweep' })).error?.message).toMatch(
      /"pipeline\.jobs\.train\.type" must be one of automl, register_model/,
    );
  });

  it('that is no HTTP gets the same form', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write('HELO there\r\n\r\n'));
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 .*"code":"InvalidInput"/s);
  });
});

describe('an answer', () => {
  it('carries the code and sentence of the workspace', async () => {
    expect(await ask('/api/v1/datasets/bank')).toMatchObject({
      status: 404,
      error: { code: 'NotFound', message: 'Dataset "bank" does not exist.' },
    });
    expect((await ask('/api/v1/models')).error?.code).toBe('NotSupported');
  });

  it('tells nothing of a failure inside but the id under which it is logged', async () => {
    const { status, error } = await ask('/api/v1/datasets/broken');
    expect(status).toBe(500);
    expect(error).toMatchObject({ code: 'Failed', message: expect.stringMatching(/request id [0-9a-f-]{36}/) });
    expect(error?.message).not.toMatch(/secret/);
  });

  it('takes numbers and booleans from the query as the schema types them', async () => {
    const { text } = await ask('/api/v1/datasets/bank/preview?limit=5&version=3');
    expect(JSON.parse(JSON.parse(text).columns[0].name)).toEqual({ name: 'bank', limit: 5, version: '3' });
  });

  it('is empty, 204, where there is nothing to say, and a body is not asked for where all of it is optional', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await ask('/api/v1/datasets/bank/archive', { method: 'POST' })).toMatchObject({ status: 204, text: '' });
    expect(await ask('/api/v1/datasets/bank/archive', { method: 'POST', headers })).toMatchObject({ status: 204, text: '' });
  });

  it('says which workspace this is, and that the server lives', async () => {
    const { text } = await ask('/api/v1/workspace');
    expect(JSON.parse(text)).toMatchObject({
      name: 'transport',
      backend: 'local',
      supports: { automl: false },
      version: expect.stringMatching(/^\d/),
    });
    expect((await ask('/healthz')).text).toBe('{"status":"ok"}');
  });
});

describe('the door', () => {
  const raw = (headers: Record<string, string>, method = 'GET', path = '/api/v1/compute') =>
    new Promise<number>((resolve, reject) => {
      const call = request(`${server.url}${path}`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.on('error', reject).end();
    });
  const port = () => new URL(server.url).port;

  it('opens for the names of the loopback only, so that a rebound name reaches nothing', async () => {
    expect(await raw({ host: `localhost:${port()}` })).toBe(200);
    expect(await raw({ host: `[::1]:${port()}` })).toBe(200);
    expect(await raw({ host: `evil.example:${port()}` })).toBe(421);
    expect(await raw({ host: 'localhost.evil.example' })).toBe(421);
    expect(await raw({ host: 'evil.example' }, 'GET', '/healthz')).toBe(421);
  });

  it('lets no page of another origin change anything', async () => {
    const archive = (origin: string) => raw({ origin }, 'POST', '/api/v1/datasets/bank/archive');
    expect(await archive(server.url)).toBe(204);
    expect(await archive('https://evil.example')).toBe(403);
    expect(await archive(`http://127.0.0.1:${Number(port()) + 1}`)).toBe(403);
    expect(await archive('null')).toBe(403);
  });

  it('asks for a key when it is open to the network, and for the right one', async () => {
    const { workspace } = transportWorkspace();
    await expect(startServer({ workspace, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({ code: 'InvalidInput' });
    const open = await startServer({ workspace, host: '0.0.0.0', port: 0, apiKey: 'k-1' });
    try {
      const url = `http://127.0.0.1:${new URL(open.url).port}`;
      const status = async (authorization?: string, path = '/api/v1/compute') =>
        (await fetch(`${url}${path}`, authorization ? { headers: { authorization } } : {})).status;
      expect(await status()).toBe(401);
      expect(await status('Bearer k-2')).toBe(401);
      expect(await status('k-1')).toBe(401);
      expect(await status('Bearer k-1')).toBe(200);
      expect(await status(undefined, '/api/v1/%63ompute')).toBe(401);
      expect(await status(undefined, '/%61pi/v1/compute')).toBe(401);
      expect(await status(undefined, '/healthz')).toBe(200);
    } finally {
      await open.close();
    }
  });

  it('says that a port is taken', async () => {
    const { workspace } = transportWorkspace();
    const again = startServer({ workspace, port: Number(port()) });
    await expect(again).rejects.toThrow(MalachiteError);
    await expect(again).rejects.toMatchObject({ code: 'Conflict' });
  });
});

describe('the log', () => {
  it('tells what failed inside, by the id that the caller was given, and not that a caller left', async () => {
    const lines: { readonly level: string; readonly fields: unknown; readonly message: unknown }[] = [];
    const write = (level: string) => (fields: unknown, message?: unknown) => void lines.push({ level, fields, message });
    const log: FastifyBaseLogger = {
      level: 'info',
      child: () => log,
      fatal: write('fatal'),
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      trace: write('trace'),
      silent: write('silent'),
    };
    const { workspace, log: seen } = transportWorkspace();
    const logged = await startServer({ workspace, port: 0, log });
    try {
      const failed = await fetch(`${logged.url}/api/v1/datasets/broken`);
      const { error } = (await failed.json()) as { error: { message: string } };
      expect(error.message).toContain(failed.headers.get('x-request-id'));
      const errors = () => lines.filter(({ level }) => level === 'error');
      expect(errors()).toMatchObject([{ fields: { err: { message: 'secret path /home/x' } } }]);

      const leaving = connect(Number(new URL(logged.url).port), '127.0.0.1');
      leaving.write('POST /api/v1/datastore/blobs HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\nhalf of');
      await expect.poll(() => seen.uploaded).toBe(7);
      leaving.destroy();
      await expect.poll(() => seen.failedUploads).toBe(1);
      expect(errors()).toHaveLength(1);
    } finally {
      await logged.close();
    }
  });
});

describe('streams', () => {
  it('take an upload in pieces, of any type or none', async () => {
    const piece = new Uint8Array(1024 * 1024);
    const body = ReadableStream.from(Array.from({ length: 24 }, () => piece));
    const answer = await ask('/api/v1/datastore/blobs', { method: 'POST', body, duplex: 'half' });
    expect(answer.status, answer.text).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ sizeBytes: 24 * 1024 * 1024 });
    expect(log.chunks).toBeGreaterThan(24);
    expect(
      (await ask('/api/v1/datastore/blobs', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }))
        .text,
    ).toMatch(/"sizeBytes":2/);
    expect((await ask('/api/v1/datastore/blobs', { method: 'POST' })).text).toMatch(/"sizeBytes":0/);
  });

  it('answer a download that does not exist with an error, an empty one empty, and cut a broken one short', async () => {
    const blob = (digit: string) => ask(`/api/v1/datastore/blobs/${digit.repeat(64)}`);
    expect(await blob('0')).toMatchObject({ status: 404, error: { code: 'NotFound' } });
    expect(await blob('e')).toMatchObject({ status: 200, text: '' });
    expect((await blob('a')).text).toHaveLength(64 * 65_536);
    await expect(blob('b')).rejects.toThrow(/terminated/);
  });

  it('send events with their sequence, then an end; go on behind Last-Event-ID', async () => {
    const { text } = await ask('/api/v1/jobs/short/events');
    expect([...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(['1', '2', '3', '4', '5']);
    expect(text).toMatch(/event: end\ndata: {}\n\n$/);
    const resumed = await ask('/api/v1/jobs/short/events?after=1', { headers: { 'last-event-id': '3' } });
    expect([...resumed.text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(['4', '5']);
  });

  it('answer events of what does not exist with an error, and a failure on the way with an error message', async () => {
    expect(await ask('/api/v1/jobs/absent/events')).toMatchObject({ status: 404, error: { code: 'NotFound' } });
    const { text } = await ask('/api/v1/jobs/failing/events');
    expect(text).toMatch(/id: 2\n.*event: error\ndata: {"error":{"code":"Failed","message":"The job was lost\."}}\n\n$/s);
  });

  it('stop reading events when the client leaves', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/api/v1/jobs/endless/events`, { signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(log.reading).toBe(1);
    leaving.abort();
    await expect.poll(() => log.reading).toBe(0);
  });
});
