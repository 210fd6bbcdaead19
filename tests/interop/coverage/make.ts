/** `npm run docs:coverage`: runs the programs of the interop suite, keeps what they came to, and writes the page. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startTestAzure } from '../../../packages/server/src/test-azure.ts';
import { armOperations } from './operations.ts';
import { coveragePage } from './page.ts';
import type { CoverageRecord } from './record.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const recorded = join(import.meta.dirname, 'recorded.json');

// --render writes the page anew from what was recorded.
if (!process.argv.includes('--render')) {
  const environment = { ...process.env, MALACHITE_COVERAGE: recorded };
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', 'tests/interop/programs.test.ts'], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
const azure = await startTestAzure();
const record = JSON.parse(readFileSync(recorded, 'utf8')) as CoverageRecord;
writeFileSync(join(root, 'docs', 'coverage.md'), coveragePage(record, armOperations(), azure.origin.routes));
await azure.close();
