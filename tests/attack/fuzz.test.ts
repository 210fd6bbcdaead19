/**
 * 20,000 requests by a grammar of our own and some hundreds by schemathesis, from the server's own OpenAPI document: every answer is in form,
 * none is a failure of the server, its memory stays, and the key is in no log.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attack, grammar } from './grammar.ts';
import { type Served, served } from './served.ts';

/** Until memory has grown to what the server needs. */
const WARM_UP = 4_000;
const REQUESTS = 16_000;
const AT_ONCE = 16;
/** MB; a leak of 10 kB a request would be 140. */
const GROWTH = 60;

const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const hasSchemathesis = spawnSync(python, ['-c', 'import schemathesis']).status === 0;

let server: Served;
beforeAll(async () => {
  server = await served();
});
afterAll(() => server.close());

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
afterAll(() => agent.destroy());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function send({ method, path, headers, body }: Attack): Promise<Answer> {
  const sent = request(`${server.url}`, { agent, method, path, headers: { authorization: `Bearer ${server.key}`, ...headers } });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, type: response.headers['content-type'] ?? '', text: await text(response) };
}

/** What is wrong with an answer; undefined for a good one. */
function fault({ method }: Attack, { status, type, text: body }: Answer): string | undefined {
  if (status >= 500) return 'a failure of the server';
  if (/\bat .*\.[tj]s:\d|node_modules/.test(body) && !type.includes('javascript')) return 'a stack';
  if (body.includes(server.key)) return 'the key';
  if (method === 'HEAD' || body === '') return undefined;
  if (status < 400) return undefined;
  const { message, error } = JSON.parse(body) as { message?: string; error?: string };
  const reason = message ?? error;
  return typeof reason === 'string' && reason.length > 5 && reason.length < 1_000 ? undefined : 'no reason';
}

/** @returns how often each status came */
async function attack(next: () => Attack, requests: number): Promise<Map<number, number>> {
  const seen = new Map<number, number>();
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const each = next();
      const answer = await send(each).catch((error: unknown) => ({ status: 599, type: '', text: String(error) }));
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      const wrong = fault(each, answer);
      if (wrong !== undefined) {
        const asked = `${each.method} ${each.path} ${JSON.stringify(each.headers)} ${String(each.body).slice(0, 600)}`;
        throw new Error(`${wrong}: ${answer.status} ${answer.text.slice(0, 300)}\nfor ${asked}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return seen;
}

it(`answers ${WARM_UP + REQUESTS} requests of the grammar in form, in memory that stays`, { timeout: 240_000 }, async () => {
  const next = grammar(20261123, server.model);
  await attack(next, WARM_UP);
  const before = server.memory();
  const seen = await attack(next, REQUESTS);
  const growth = server.memory() - before;
  console.log(
    `${WARM_UP + REQUESTS} requests: ${[...seen]
      .sort()
      .map((pair) => pair.join(': '))
      .join(', ')}; ${before.toFixed(0)} MB, ${growth.toFixed(0)} MB more at the end`,
  );
  expect(growth).toBeLessThan(GROWTH);
  // Sound and refused ones must both be many, or the grammar tries nothing.
  expect(seen.get(200)).toBeGreaterThan(REQUESTS / 6);
  expect(seen.get(400)).toBeGreaterThan(REQUESTS / 5);
});

it.skipIf(!hasSchemathesis)(
  'schemathesis finds no failure from the OpenAPI document [skipped without schemathesis in .venv, which .ci/run makes]',
  { timeout: 240_000 },
  async () => {
    const tester = spawn(
      python,
      [
        ...['-m', 'schemathesis.cli', 'run', `${server.url}/swagger.json?version=3`, '--url', server.url],
        ...[
          '--header',
          `Authorization: Bearer ${server.key}`,
          '--max-examples',
          '700',
          '--seed',
          '20261123',
          '--generation-database',
          'none',
        ],
        ...['--checks', 'not_a_server_error', '--mode', 'all', '--no-color', '--workers', '2'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [said, complained, [code]] = await Promise.all([text(tester.stdout), text(tester.stderr), once(tester, 'exit')]);
    console.log(said.slice(said.lastIndexOf('SUMMARY') - 200));
    expect(code, `${said}\n${complained}`).toBe(0);
  },
);

it('is alive, says nothing of failures, and the key is in no line of its log', () => {
  expect(server.isAlive()).toBe(true);
  expect(server.log()).not.toContain(server.key);
  expect(server.log()).not.toMatch(/failed|TypeError|RangeError/);
});
