/**
 * How far an AutoML run overruns its time budget: whole processes, from start to exit.
 *
 *     npm run bench budget [-- --runs 20 --seconds 10 --file FILE --target COLUMN]
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const real = here('../../shared/data/bankmarketing_train.csv');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '10' },
    file: { type: 'string', default: existsSync(real) ? real : here('../fixtures/bank-marketing/bank-marketing-synthetic.csv') },
    target: { type: 'string', default: 'y' },
  },
});
const budget = Number(values.seconds);
const overruns: number[] = [];
for (let run = 0; run < Number(values.runs); run++) {
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      here('../packages/malachite/bin/malachite.js'),
      ...['automl', values.file, '--target', values.target, '--timeout-minutes', String(budget / 60), '--seed', String(run)],
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(stderr.slice(-2000));
  overruns.push((performance.now() - started) / 1000 - budget);
}
const sorted = overruns.toSorted((a, b) => a - b);
const figure = (seconds: number | undefined): string => `${(seconds ?? Number.NaN).toFixed(2)} s`;
process.stdout.write(
  `${sorted.length} runs of ${budget} s: overrun median ${figure(sorted[sorted.length >> 1])}, largest ${figure(sorted.at(-1))} (limit 1 s)\n`,
);
