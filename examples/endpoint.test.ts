import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('endpoint.py', import.meta.url));
const PAYLOAD = readFileSync(new URL('payload.json', import.meta.url), 'utf8');
const FIRST_LINE = readFileSync(new URL('../fixtures/bank-marketing/next-month.csv', import.meta.url), 'utf8').split(
  '\n',
  1,
)[0] as string;
const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the script with an environment that holds nothing but `env` and the path. */
function endpoint(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile('python3', [SCRIPT, ...args], { env: { PATH: process.env.PATH, ...env } }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

describe.skipIf(!hasPython)('endpoint.py (skipped where there is no python3)', () => {
  let open: Server | TcpServer | undefined;

  async function listen(server: Server | TcpServer): Promise<string> {
    open = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
  }

  /** A server that keeps what it was sent and answers with the given status and body. */
  async function answering(
    status: number,
    body: string,
  ): Promise<{ uri: string; heard: { body: string; authorization?: string } }> {
    const heard: { body: string; authorization?: string } = { body: '' };
    const listener: RequestListener = async (request, response) => {
      for await (const chunk of request) heard.body += chunk;
      heard.authorization = request.headers.authorization;
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'a-request' }).end(body);
    };
    return { uri: await listen(createServer(listener)), heard };
  }

  async function close(): Promise<void> {
    const server = open;
    open = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  afterEach(close);

  test('sends the two rows with the key, prints the unwrapped answer and the request id', async () => {
    const { uri, heard } = await answering(200, JSON.stringify('{"result": ["yes", "no"]}'));
    expect(await endpoint(['--uri', uri, '--key', 'k1'])).toEqual({
      code: 0,
      out: '{"result": ["yes", "no"]}\nrequest id: a-request\n',
      err: '',
    });
    expect(heard).toEqual({ body: PAYLOAD, authorization: 'Bearer k1' });
  });

  test('reads the address and the key from the environment, and goes past a proxy to this machine', async () => {
    const { uri, heard } = await answering(200, '["yes", "no"]');
    const finished = await endpoint([], { SCORING_URI: uri, SCORING_KEY: 'k2', http_proxy: 'http://127.0.0.1:9' });
    expect(finished).toMatchObject({ code: 0, out: '["yes", "no"]\nrequest id: a-request\n' });
    expect(heard.authorization).toBe('Bearer k2');
  });

  test('says on 401 whether the key is wrong or missing', async () => {
    const { uri } = await answering(401, '{"message": "no"}');
    const wrong = await endpoint(['--uri', uri, '--key', 'stale']);
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toMatch(/401\): the key is wrong or no longer valid\. Pass .*SCORING_KEY\.\n$/);
    expect(wrong.err).not.toContain('stale');
    expect((await endpoint(['--uri', uri])).err).toContain('it wants a key and none was given');
  });

  test("passes on the server's words when the rows are refused", async () => {
    const { uri } = await answering(400, '{"message": "row 1 has no column duration"}');
    const { code, err } = await endpoint(['--uri', uri, '--key', 'k']);
    expect(code).toBe(1);
    expect(err).toBe(`${uri} answered 400 Bad Request: row 1 has no column duration (request id a-request)\n`);
  });

  test('says that nothing listens when the connection is refused', async () => {
    const { uri } = await answering(200, '');
    await close();
    expect(await endpoint(['--uri', uri])).toEqual({
      code: 1,
      out: '',
      err: `Nothing listens at ${uri} (connection refused). Is the endpoint running, and is the port the one it printed?\n`,
    });
  });

  test('is not confused by a server that does not speak HTTP', async () => {
    const uri = await listen(createTcpServer((socket) => socket.resume().end('220 mail ready\r\n')));
    const { code, err } = await endpoint(['--uri', uri]);
    expect(code).toBe(1);
    expect(err).toContain('cannot be reached or does not speak HTTP');
    expect(err).not.toContain('Traceback');
  });

  test('says what is missing when called without an address', async () => {
    const { code, err } = await endpoint([]);
    expect(code).toBe(2);
    expect(err).toContain('no scoring URI: pass --uri or set SCORING_URI');
  });
});

test('payload.json has two rows of the 20 columns that a Bank Marketing model is fitted on', () => {
  const { data }: { data: Record<string, unknown>[] } = JSON.parse(PAYLOAD);
  expect(data.length).toBe(2);
  for (const row of data) expect([...Object.keys(row), 'y'].join(',')).toBe(FIRST_LINE);
});
