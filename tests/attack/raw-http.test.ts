/** Bytes that are no honest HTTP: each is refused or answered once, none is taken for two requests, and the server goes on. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, type Served, served } from './served.ts';

let server: Served;
beforeAll(async () => {
  server = await served();
});
afterAll(() => server.close());

const row = '{"int64": 1, "int32": 1, "double": 1, "emp_var_rate": 1, "bool": true, "job": "clerk"}';
const body = `{"data": [${row}]}`;
const answerOfBody = '"{\\"result\\": [6.0]}"';
const head = (...headers: string[]): string =>
  [
    'POST /score HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${server.key}`,
    'Content-Type: application/json',
    ...headers,
    '',
    '',
  ].join('\r\n');
const statuses = (text: string): number[] => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

/** The server answers as ever. */
async function stillAnswers(): Promise<void> {
  const answer = await exchange(server, `${head(`Content-Length: ${body.length}`, 'Connection: close')}${body}`, 5_000);
  expect(answer).toContain(answerOfBody);
}

describe('a request that could be read as two', () => {
  const smuggled = 'GET /docs/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  it.each<[string, () => string]>([
    ['two different lengths', () => `${head(`Content-Length: ${body.length}`, 'Content-Length: 3')}${body}`],
    ['a list of lengths', () => `${head(`Content-Length: ${body.length}, 3`)}${body}`],
    ['a length and chunks', () => `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`],
    ['chunks and a length', () => `${head('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${smuggled}`],
    ['chunks spelled with a tab', () => `${head('Transfer-Encoding:\tchunked', 'Content-Length: 5')}0\r\n\r\n${smuggled}`],
    ['chunks that are no chunks', () => `${head('Transfer-Encoding: xchunked', 'Content-Length: 5')}0\r\n\r\n${smuggled}`],
    ['chunks, then identity', () => `${head('Transfer-Encoding: chunked, identity')}0\r\n\r\n${smuggled}`],
    ['two codings', () => `${head('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${smuggled}`],
    ['a blank before the colon', () => `${head(`Content-Length : ${body.length}`)}${body}`],
    ['a folded header', () => `${head('X-A: 1\r\n Content-Length: 3', `Content-Length: ${body.length}`)}${body}`],
    ['a header that begins with a blank', () => `${head(` Content-Length: ${body.length}`)}${body}`],
    ['lines that end in LF alone', () => `${head(`Content-Length: ${body.length}`)}${body}`.replaceAll('\r\n', '\n')],
    ['a CR within a header', () => `${head(`X-A: a\rContent-Length: ${body.length}`)}${body}`],
    ['a NUL within a header', () => `${head('X-A: a\0b', `Content-Length: ${body.length}`)}${body}`],
    ['a length below zero', () => `${head('Content-Length: -1')}${body}`],
    ['a length with a sign', () => `${head(`Content-Length: +${body.length}`)}${body}`],
    ['a length in hexadecimal', () => `${head('Content-Length: 0x1A')}${body}`],
    ['a length beyond all numbers', () => `${head('Content-Length: 99999999999999999999')}${body}`],
    ['a chunk of no size', () => `${head('Transfer-Encoding: chunked')}\r\n${body}\r\n0\r\n\r\n`],
    ['a chunk of a size below zero', () => `${head('Transfer-Encoding: chunked')}-5\r\nabcde\r\n0\r\n\r\n`],
    [
      'a chunk of a size beyond all numbers',
      () => `${head('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\nabcde\r\n0\r\n\r\n`,
    ],
    ['a chunk that is longer than it says', () => `${head('Transfer-Encoding: chunked')}2\r\nabcde\r\n0\r\n\r\n`],
    ['chunks with LF alone', () => `${head('Transfer-Encoding: chunked')}1\n{\n0\n\n`],
    ['no host', () => 'GET / HTTP/1.1\r\n\r\n'],
    ['a version of the future', () => 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['no method', () => ' / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a method of nobody', () => 'PWN / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['another protocol', () => '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['HTTP/2 without asking', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a megabyte of header', () => `${head(`X-A: ${'a'.repeat(1_000_000)}`, 'Content-Length: 2')}{}`],
    ['twenty thousand headers', () => head(...Array.from({ length: 20_000 }, (_, i) => `X-${i}: 1`), 'Content-Length: 2')],
    ['a megabyte of address', () => `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%s is refused', async (_, bytes) => {
    const answers = statuses(await exchange(server, Buffer.from(bytes(), 'latin1'), 2_000));
    expect(answers.length).toBeLessThanOrEqual(1);
    for (const status of answers) expect([400, 411, 413, 414, 417, 431, 501, 505]).toContain(status);
    await stillAnswers();
  });
});

describe('odd addresses', () => {
  it.each([
    '*',
    '//',
    '//evil.example/score',
    'http://evil.example/score',
    '/score/../score',
    '/score/%2e%2e/score',
    '/%00',
    '/%ff%fe',
    '/%',
    '/%zz',
    '/docs/%2e%2e%2f%2e%2e%2fpackage.json',
    '/docs/../../package.json',
    '/docs/__proto__',
    '/docs/constructor',
    '/v2/models/__proto__',
    '/v2/models/%2e%2e/ready',
    '/v2/models/constructor/infer',
    `/${'a/'.repeat(3_000)}`,
    `/score?${'a=1&'.repeat(3_000)}`,
    '/score?__proto__[a]=1&constructor=2',
    '/swagger.json?version=__proto__',
    '/swagger.json?version=3&version=2',
    '/swagger.json?version[]=3',
  ])('%s', async (address) => {
    const answer = await exchange(
      server,
      `GET ${address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.key}\r\nConnection: close\r\n\r\n`,
      5_000,
    );
    const [status] = statuses(answer);
    expect(status, answer).toBeLessThan(500);
    expect(answer).not.toContain('"dependencies"');
  });
});

it('a hundred requests in one packet are answered in their order', async () => {
  const one = (x: number): string => {
    const text = body.replace('"double": 1', `"double": ${x}`);
    return `${head(`Content-Length: ${text.length}`)}${text}`;
  };
  const answers = await exchange(server, Array.from({ length: 100 }, (_, i) => one(i)).join(''), 3_000);
  expect([...answers.matchAll(/\[(\d+)\.0\]/g)].map(([, value]) => Number(value))).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 5),
  );
});

it('five hundred connections that never finish their heads or bodies keep nobody else waiting', async () => {
  const slow = Array.from({ length: 500 }, (_, i) => {
    const socket = server.connect().on('error', () => {});
    socket.write(i % 2 === 0 ? 'POST /score HTTP/1.1\r\nHost: x\r\nX-Slow: ' : `${head('Content-Length: 100')}{`);
    return socket;
  });
  await Promise.all(slow.map((socket) => (socket.pending ? once(socket, 'connect') : undefined)));
  await stillAnswers();
  for (const socket of slow) socket.destroy();
  await stillAnswers();
});

it('clients that leave in the middle of everything leave nothing behind', async () => {
  for (let cut = 0; cut < 60; cut++) {
    const bytes = `${head(`Content-Length: ${body.length}`)}${body}`;
    const socket = server.connect().on('error', () => {});
    socket.write(bytes.slice(0, Math.round((bytes.length * cut) / 59)), () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  await stillAnswers();
});

it('the key is in no line of the log', () => {
  expect(server.isAlive()).toBe(true);
  expect(server.log()).not.toContain(server.key);
});
