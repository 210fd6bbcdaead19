/**
 * How far an AutoML run overruns its time budget: whole processes, from start to exit, over tables that make it hard: the real one,
 * many rows, many columns. And the engine in them: until it has told the last, which leaves half a second for the files and the report.
 *
 *     npm run bench budget [-- --runs 20 --seconds 10 --tables real,rows,columns]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

type Overrun = { readonly command: number; readonly engine: number };

/** Seconds beyond the budget at which the command has ended, and at which its engine told the last: both from the start of the process. */
async function overrunOf(file: string, seed: number): Promise<Overrun> {
  const started = performance.now();
  const since = (): number => (performance.now() - started) / 1000 - budget;
  const child = spawn(
    process.execPath,
    [
      here('../packages/malachite/bin/malachite.js'),
      ...['automl', file, '--target', 'y', '--timeout-minutes', String(budget / 60), '--seed', String(seed)],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let told = '';
  let engine = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-2000);
    engine = since();
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(told);
  return { command: since(), engine };
}

function figuresOf(overruns: readonly number[]): { readonly median: number; readonly largest: number } {
  const sorted = overruns.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, largest: sorted.at(-1) ?? Number.NaN };
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
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
    const overruns: Overrun[] = [];
    for (let seed = 0; seed < Number(values.runs); seed++) overruns.push(await overrunOf(file, seed));
    const [command, engine] = [figuresOf(overruns.map((run) => run.command)), figuresOf(overruns.map((run) => run.engine))];
    isLate ||= command.largest > limit;
    process.stdout.write(
      `${name}: ${overruns.length} runs of ${budget} s, overrun median ${inSeconds(command.median)}, largest ${inSeconds(command.largest)} (limit ${limit} s); of the engine median ${inSeconds(engine.median)}, largest ${inSeconds(engine.largest)}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isLate ? 1 : 0;
