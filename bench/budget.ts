/**
 * How far an AutoML run overruns its time budget: whole processes, from start to exit, over tables that make it hard: the real one,
 * many rows, many columns.
 *
 *     npm run bench budget [-- --runs 20 --seconds 10 --tables real,rows,columns]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../packages/automl/src/random.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '10' },
    tables: { type: 'string', default: 'real,rows,columns' },
  },
});
const budget = Number(values.seconds);
const limit = 1;

/** `y` depends on a few of the number columns; every tenth column is of text. */
function syntheticTable(path: string, rows: number, columns: number): string {
  const random = createRandom(rows + columns);
  const header = Array.from({ length: columns }, (_, j) => (j % 10 === 9 ? `c${j}` : `n${j}`));
  const lines = [[...header, 'y'].join(',')];
  for (let row = 0; row < rows; row++) {
    const numbers = header.map(() => random.nextNormal());
    const signal = (numbers[0] as number) + (numbers[1] as number) * (numbers[2] as number) + random.nextNormal();
    const cells = numbers.map((value, j) => (j % 10 === 9 ? `v${Math.floor(10 * Math.abs(value))}` : value.toFixed(4)));
    lines.push([...cells, signal > 0 ? 'yes' : 'no'].join(','));
  }
  writeFileSync(path, lines.join('\n'));
  return path;
}

const folder = mkdtempSync(join(tmpdir(), 'malachite-budget-'));
const real = here('../../shared/data/bankmarketing_train.csv');
const tables: Record<string, () => string> = {
  real: () => (existsSync(real) ? real : here('../fixtures/bank-marketing/bank-marketing-synthetic.csv')),
  rows: () => syntheticTable(join(folder, 'rows.csv'), 100_000, 20),
  columns: () => syntheticTable(join(folder, 'columns.csv'), 10_000, 200),
};
let isLate = false;
try {
  for (const name of values.tables.split(',')) {
    const file = tables[name]?.();
    if (file === undefined) throw new Error(`There is no table "${name}": ${Object.keys(tables).join(', ')}.`);
    const overruns: number[] = [];
    for (let run = 0; run < Number(values.runs); run++) {
      const started = performance.now();
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          here('../packages/malachite/bin/malachite.js'),
          ...['automl', file, '--target', 'y', '--timeout-minutes', String(budget / 60), '--seed', String(run)],
        ],
        { encoding: 'utf8', maxBuffer: 1 << 28 },
      );
      if (status !== 0) throw new Error(stderr.slice(-2000));
      overruns.push((performance.now() - started) / 1000 - budget);
    }
    const sorted = overruns.toSorted((a, b) => a - b);
    const figure = (seconds: number | undefined): string => `${(seconds ?? Number.NaN).toFixed(2)} s`;
    isLate ||= (sorted.at(-1) ?? 0) > limit;
    process.stdout.write(
      `${name}: ${sorted.length} runs of ${budget} s, overrun median ${figure(sorted[sorted.length >> 1])}, largest ${figure(sorted.at(-1))} (limit ${limit} s)\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isLate ? 1 : 0;
