/**
 * Boosting beside LightGBM: the same rows, the same parameters, as many threads, in turn in the same run. A ratio above 1 is for us,
 * but of memory, where it is our peak over theirs.
 *
 *     npm run bench gbdt -- [--python python3] [--rows 1000000] [--trees 100] [--rounds 2]
 *
 * LightGBM is asked through a Python that has `lightgbm` and `scikit-learn`; without one, our figures stand alone. Each side is a process
 * of its own that reads the same file; peak memory is the largest resident size of that process until the last tree is grown.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunFigures, RunSpec, Seconds } from './gbdt/run-spec.ts';
import { csvTable, syntheticTable, type Table, writeTable } from './gbdt/tables.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    trees: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
  },
});

const small = { threads: [1], repeats: 5, heldOut: 5 };
const large = { threads: [1, 2], repeats: 1, heldOut: 6 };
bench(csvTable('bankmarketing_train.csv', 'y', 'classification'), small);
bench(csvTable('heart_failure.csv', 'DEATH_EVENT', 'classification'), small);
bench(csvTable('taxi_fare.csv', 'fare_amount', 'regression'), small);
bench(csvTable('machine_performance.csv', 'ERP', 'regression'), small);
bench(syntheticTable(Math.round(Number(options.rows) * 1.2)), large);

/** @param heldOut one row in this many is for the score. */
function bench(
  table: Table | undefined,
  { threads, repeats, heldOut }: { readonly threads: readonly number[]; readonly repeats: number; readonly heldOut: number },
): void {
  if (table === undefined) return;
  const { name, task, columns, numeric } = table;
  const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
  try {
    writeTable(table, heldOut, folder);
    const trees = Number(options.trees);
    const spec: RunSpec = { folder, columns: columns.length, numeric, task, trees, threads, repeats };
    const [mine, theirs]: [RunFigures[], RunFigures[]] = [[], []];
    for (let round = 0; round < Number(options.rounds); round++) {
      mine.push(figuresOf(process.execPath, 'malachite.ts', spec) as RunFigures);
      const peer = figuresOf(options.python, 'lightgbm_side.py', spec);
      if (peer !== undefined) theirs.push(peer);
    }
    console.log(`\n${name}, ${trees} trees, 31 leaves; medians in seconds of processor (of the clock)`);
    console.log(`${' '.repeat(16)}${'Malachite'.padEnd(20)}${'LightGBM'.padEnd(20)}ratio`);
    printSeconds('binning', mine, theirs, ({ binning }) => [binning]);
    threads.forEach((count, i) => {
      printSeconds(count === 1 ? 'one thread' : `${count} threads`, mine, theirs, ({ fits }) => fits[i] ?? []);
    });
    print(
      'peak MB',
      mine,
      theirs,
      ({ peakBytes }) => peakBytes / 1e6,
      0,
      (a, b) => `${(a / b).toFixed(2)}x`,
    );
    print(
      task === 'regression' ? 'R2' : 'AUC',
      mine,
      theirs,
      ({ score }) => score,
      4,
      (a, b) => `difference ${(a - b).toFixed(4)}`,
    );
    if (theirs.length === 0) console.log(`  LightGBM: not measured; ${options.python} has no lightgbm.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One side's process; undefined when Python has no LightGBM. */
function figuresOf(program: string, file: string, spec: RunSpec): RunFigures | undefined {
  const run = spawnSync(program, [join(import.meta.dirname, 'gbdt', file), JSON.stringify(spec)], { encoding: 'utf8' });
  if (run.status === 0) return JSON.parse(run.stdout) as RunFigures;
  if (program === process.execPath) throw new Error(run.stderr);
  return undefined;
}

function printSeconds(
  what: string,
  mine: readonly RunFigures[],
  theirs: readonly RunFigures[],
  of: (figures: RunFigures) => readonly Seconds[],
): void {
  const both = (runs: readonly RunFigures[]): Seconds => {
    const all = runs.flatMap(of);
    return { cpu: median(all.map(({ cpu }) => cpu)), wall: median(all.map(({ wall }) => wall)) };
  };
  const text = ({ cpu, wall }: Seconds) => `${cpu.toFixed(3)} (${wall.toFixed(3)})`;
  const [ours, peer] = [both(mine), both(theirs)];
  const ratio = theirs.length > 0 ? `${(peer.cpu / ours.cpu).toFixed(2)}x (${(peer.wall / ours.wall).toFixed(2)}x)` : '';
  printLine(what, text(ours), theirs.length > 0 ? text(peer) : '', ratio);
}

function print(
  what: string,
  mine: readonly RunFigures[],
  theirs: readonly RunFigures[],
  of: (figures: RunFigures) => number,
  digits: number,
  compare: (mine: number, theirs: number) => string,
): void {
  const [ours, peer] = [median(mine.map(of)), median(theirs.map(of))];
  printLine(
    what,
    ours.toFixed(digits),
    theirs.length > 0 ? peer.toFixed(digits) : '',
    theirs.length > 0 ? compare(ours, peer) : '',
  );
}

function printLine(what: string, mine: string, theirs: string, ratio: string): void {
  console.log(`  ${what.padEnd(14)}${mine.padEnd(20)}${theirs.padEnd(20)}${ratio}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
