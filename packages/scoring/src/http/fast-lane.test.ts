/** The short way and the long way to an answer: nobody can tell which one was taken. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { adder } from '../test-models.ts';
import type { RequestRow } from './request-log.ts';

let server: ScoringServer;
const rows: RequestRow[] = [];
const told: (() => void)[] = [];

beforeAll(async () => {
  server = await startScoringServer({
    port: 0,
    gateway: true,
    keys: { primary: 'one', secondary: '' },
    deployments: [{ name: 'blue', model: await adder(1), traffic: 100 }],
    onRequests(each) {
      rows.push(...each);
      for (const tell of told.splice(0)) tell();
    },
  });
});
afterAll(() => server.close());

const body = '{"Inputs": {"data": [{"x": 1}]}}';
const head = (...more: string[]): string =>
  ['POST /score HTTP/1.1', 'host: x', 'content-type: application/json', 'x-ms-client-request-id: me', ...more].join('\r\n');
const known = `content-length: ${body.length}`;
const key = 'authorization: Bearer one';
const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

async function open(): Promise<Socket> {
  const socket = connect(server.port);
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the server ends the connection, without what differs from request to request. */
async function ask(request: string): Promise<string> {
  const socket = await open();
  socket.write(request);
  const chunks = await socket.toArray();
  const varying = /(date|x-request-id|x-ms-run-fn-exec-ms): [^\r]+/gi;
  return Buffer.concat(chunks as Buffer[])
    .toString()
    .replaceAll(varying, '$1');
}

it.each([
  ['scored', key, body, chunked],
  ['refused without a key', 'accept: */*', body, chunked],
  ['refused as no JSON', key, body.replace('{', '['), chunked.replace('{', '[')],
])('%s in the same bytes, whether the length of the body is known or not', async (_what, header, plain, inChunks) => {
  const short = await ask(`${head(header, known, 'connection: close')}\r\n\r\n${plain}`);
  const long = await ask(`${head(header, 'transfer-encoding: chunked', 'connection: close')}\r\n\r\n${inChunks}`);
  expect(short).toBe(long);
  expect(short).toMatch(/^HTTP\/1\.1 (200|401|424) /);
});

it('requests sent at once on one connection are answered in their order, a body in pieces too', async () => {
  const second = body.replace('"x": 1', '"x": 5');
  const whole = `${head(key, known)}\r\n\r\n${body}${head(key, known, 'connection: close')}\r\n\r\n${second}`;
  const socket = await open();
  const cut = whole.length - 10;
  socket.write(whole.slice(0, cut));
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.write(whole.slice(cut));
  const rest = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
  expect(first.toString()).toContain('{"Results": [2.0]}');
  expect(rest).toContain('{"Results": [6.0]}');
});

it('a client that leaves in the middle of its body is noted, and nobody else is troubled', async () => {
  const socket = await open();
  socket.write(`${head(key, known)}\r\n\r\n${body.slice(0, 5)}`, () => socket.destroy());
  const left = (): RequestRow | undefined => rows.find(({ status }) => status === 400);
  while (left() === undefined) await new Promise<void>((resolve) => told.push(resolve));
  expect(left()).toMatchObject({ error: 'The body cannot be read: aborted', path: '/score', deployment: '' });
  expect(await ask(`${head(key, known, 'connection: close')}\r\n\r\n${body}`)).toContain('{"Results": [2.0]}');
});
