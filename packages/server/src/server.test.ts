import { connect } from 'node:net';
import { MalachiteError } from '@malachite/core';
import type { FastifyBaseLogger } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.ts';
import { type Answer, type Asking, askServer } from './test-ask.ts';
import { transportWorkspace } from './test-workspace.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer({ workspace: transportWorkspace().workspace, port: 0 });
});
afterAll(() => server.close());
const ask = (path: string, init?: Asking) => askServer(server.url, path, init);

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

  it('says that the disk is full, and blames no caller for a failure while its body is kept', async () => {
    const keep = (body: string) => ask('/api/v1/datastore/blobs', { method: 'POST', body });
    expect(await keep('too much')).toMatchObject({ status: 507, error: { message: expect.stringMatching(/disk .* is full/) } });
    expect(await keep('unlucky')).toMatchObject({ status: 500, error: { message: expect.stringMatching(/request id/) } });
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

  it('to a browser at the root is the way to the documentation', async () => {
    const { status, headers } = await fetch(`${server.url}/`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, '/docs']);
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
      await expect.poll(() => seen.uploaded, { timeout: 20_000 }).toBe(7);
      leaving.destroy();
      await expect.poll(() => seen.failedUploads, { timeout: 20_000 }).toBe(1);
      expect(errors()).toHaveLength(1);
    } finally {
      await logged.close();
    }
  });
});

describe('starting', () => {
  it('says that a port is taken', async () => {
    const { workspace } = transportWorkspace();
    const again = startServer({ workspace, port: Number(new URL(server.url).port) });
    await expect(again).rejects.toThrow(MalachiteError);
    await expect(again).rejects.toMatchObject({ code: 'Conflict' });
  });
});
