/** `malachite up` where it cannot start: one sentence, and nothing left behind. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, testCli } from './test-cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await testCli();
});
afterEach(() => cli.remove());

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
