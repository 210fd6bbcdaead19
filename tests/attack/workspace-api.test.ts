/** The REST API of a workspace as schemathesis attacks it, from the document that the server itself gives. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openLocalWorkspace } from '@malachite/adapter-local';
import { startServer } from '@malachite/server';
import { expect, it } from 'vitest';

const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const hasSchemathesis = spawnSync(python, ['-c', 'import schemathesis']).status === 0;

it.skipIf(!hasSchemathesis)(
  'schemathesis finds no failure of the server in any operation [skipped without schemathesis in .venv, which .ci/run makes]',
  { timeout: 300_000 },
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'malachite-attacked-'));
    const workspace = await openLocalWorkspace({ home });
    const server = await startServer({ workspace, port: 0 });
    const tester = spawn(
      python,
      [
        ...['-m', 'schemathesis.cli', 'run', `${server.url}/docs/json`, '--url', server.url],
        // Streams of events and of bytes have no end that a tester knows; the schema of a pipeline's run is more than it can invert.
        ...[
          '--exclude-path-regex',
          'events|stream|/content$|/pipeline-runs$',
          '--phases',
          'examples,fuzzing',
          '--max-examples',
          '8',
        ],
        ...['--checks', 'not_a_server_error', '--mode', 'all', '--request-timeout', '10'],
        ...['--seed', '20261123', '--generation-database', 'none', '--no-color', '--workers', '2'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [said, complained, [code]] = await Promise.all([text(tester.stdout), text(tester.stderr), once(tester, 'exit')]);
    await server.close();
    await workspace.close();
    await rm(home, { recursive: true, force: true });
    console.log(said.slice(said.lastIndexOf('SUMMARY')));
    expect(code, `${said}\n${complained}`).toBe(0);
  },
);
