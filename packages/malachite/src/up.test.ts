/** `malachite up`: ready when it says so; where it cannot start, one sentence and nothing left behind. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { openLocalWorkspace } from '@malachite/adapter-local';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, fixture, heard, testCli } from './test-cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await testCli();
});
afterEach(() => cli.remove());

test('up after kill -9 is READY when the endpoints that were there answer, at their addresses', async () => {
  const first = cli.start(['up', '--port', '0', '--empty']);
  await heard(first, 'stdout', 'READY');
  await cli.json('model', 'create', '-n', 'loans', '--path', fixture('models/loans.onnx'));
  const { scoring_uri } = await cli.json<{ scoring_uri: string }>('online-endpoint', 'create', '-n', 'loans');
  await cli.json('online-deployment', 'create', '-n', 'blue', '-e', 'loans', '-m', 'azureml:loans:1', '--all-traffic');
  const { primaryKey } = await cli.json<{ primaryKey: string }>('online-endpoint', 'get-credentials', '-n', 'loans');
  const killed = once(first, 'exit');
  first.kill('SIGKILL');
  await killed;

  const second = cli.start(['up', '--port', '0', '--empty']);
  await heard(second, 'stdout', 'READY');
  const answer = await fetch(scoring_uri, {
    method: 'POST',
    headers: { authorization: `Bearer ${primaryKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ data: [{ income: 43.1, years_employed: 3, purpose: 'studies' }] }),
  });
  expect(answer.status).toBe(200);
  expect(await cli.json('online-endpoint', 'show', '-n', 'loans')).toMatchObject({ provisioning_state: 'Succeeded' });
  const ended = once(second, 'exit');
  second.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('two that are started at once both succeed, with one server', async () => {
  const both = await Promise.all([1, 2].map(() => cli.json<{ url: string; pid: number }>('up', '--detach', '--port', '0')));
  const { url, pid } = await cli.json<{ url: string; pid: number }>('status');
  expect(both.map((server) => [server.url, server.pid])).toEqual([
    [url, pid],
    [url, pid],
  ]);
});

test('a server that is too busy to answer still runs', async () => {
  const { pid } = await cli.json<{ pid: number }>('up', '--detach', '--port', '0');
  process.kill(pid, 'SIGSTOP');
  const asked = cli.run(['data', 'list', '-o', 'json']);
  const again = await cli.json('up', '--detach', '--port', '0');
  process.kill(pid, 'SIGCONT');
  expect(again).toMatchObject({ pid });
  expect(await asked).toMatchObject({ code: 0, stdout: '[]\n' });
});

test.each([[[]], [['--detach']]])('up %j for a home that a program has open names its process', async (flags) => {
  const workspace = await openLocalWorkspace({ home: cli.home });
  const answer = await cli.run(['up', '--port', '0', '--empty', ...flags]);
  await workspace.close();
  expect(answer).toMatchObject({ code: 1, stderr: oneError(new RegExp(`is open in process ${process.pid}`)) });
});

const oneError = (reason: RegExp) => expect.stringMatching(new RegExp(`^error: \\w+: [^\\n]*${reason.source}[^\\n]*\\n$`));

test.each([[[]], [['--detach']]])('up %j with a home that is a file names it and ends', async (flags) => {
  const home = join(cli.home, 'file');
  await writeFile(home, '');
  const answer = await cli.run(['up', '--port', '0', '--empty', ...flags], { MALACHITE_HOME: home });
  expect(answer).toMatchObject({ code: 1, stderr: oneError(/file\/?.*cannot be made: a file is in the way/) });
});

test.skipIf(!existsSync('/proc/self'))('up with a home that the system does not let be made ends (needs /proc)', async () => {
  const answer = await cli.run(['up', '--port', '0', '--empty'], { MALACHITE_HOME: '/proc/nope' });
  expect(answer).toMatchObject({ code: 1, stderr: oneError(/\/proc\/nope.*cannot be made/) });
});

test('up with a database that is none names the home and ends', async () => {
  await writeFile(join(cli.home, 'malachite.db'), 'this is no database, however long it is made to be'.repeat(100));
  const answer = await cli.run(['up', '--port', '0', '--empty']);
  expect(answer).toMatchObject({
    code: 1,
    stderr: oneError(/The workspace in ".*malachite-cli-.*" cannot be opened: file is not a database/),
  });
  expect(await readdir(join(cli.home, 'run'))).not.toContain('owner.json');
});

test('up with a log that cannot be written names it and ends', async () => {
  await mkdir(join(cli.home, 'logs', 'server.log'), { recursive: true });
  const answer = await cli.run(['up', '--port', '0', '--empty']);
  expect(answer).toMatchObject({ code: 1, stderr: oneError(/server\.log" cannot be written: .*EISDIR/) });
});

test.each([[[]], [['--detach']]])(
  'up %j with a port that is taken, or an address that is not ours, makes no home',
  async (flags) => {
    const home = join(cli.home, 'fresh');
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const taken = await cli.run(['up', '--port', String(port), '--empty', ...flags], { MALACHITE_HOME: home });
    stranger.close();
    expect(taken).toMatchObject({ code: 1, stderr: oneError(/Port \d+ of 127\.0\.0\.1 is taken/) });
    const elsewhere = ['up', '--host', '192.0.2.1', '--api-key', 'k', '--port', '0', '--empty', ...flags];
    expect(await cli.run(elsewhere, { MALACHITE_HOME: home })).toMatchObject({ code: 2, stderr: oneError(/EADDRNOTAVAIL/) });
    expect(existsSync(home)).toBe(false);
  },
);
