/**
 * Models found in the same time by Malachite and by its peers, judged on rows that no run ever saw.
 *
 *     npm run bench automl -- --python PYTHON [--seconds 30] [--peers flaml,lightgbm] [--autogluon PYTHON]
 *         [--tables bank,heart,taxi,machine] [--own FILE:TARGET:TASK,...] [--splits 1]
 *
 * PYTHON has pandas, scikit-learn, onnxruntime and the peers: lightgbm, flaml[automl]. AutoGluon may have an interpreter of its own
 * (autogluon.tabular[lightgbm,catboost,xgboost]); it runs with its preset best_quality. The tables are read from ../shared/data;
 * others are named with --own. Each number is AUC (weighted one against the rest for more than two classes) and accuracy, or R2.
 * One split moves the AUC of Bank Marketing by 0.003 either way: with several, the last table has the means of the differences.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSplit } from './automl/split.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    autogluon: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    peers: { type: 'string', default: 'flaml,lightgbm' },
    tables: { type: 'string', default: 'bank,heart,taxi,machine' },
    own: { type: 'string', default: '' },
    splits: { type: 'string', default: '1' },
  },
});
const { python } = values;
if (!python) {
  process.stderr.write(
    'Give --python: an interpreter with pandas, scikit-learn, onnxruntime and the peers (lightgbm, flaml[automl]).\n',
  );
  process.exit(2);
}
const rivals = [...values.peers.split(',').filter(Boolean), ...(values.autogluon ? ['autogluon'] : [])];

type Problem = { readonly name: string; readonly file: string; readonly target: string; readonly task: string };

const shared: readonly Problem[] = [
  { name: 'bank', file: here('../../shared/data/bankmarketing_train.csv'), target: 'y', task: 'classification' },
  { name: 'heart', file: here('../../shared/data/heart_failure.csv'), target: 'DEATH_EVENT', task: 'classification' },
  { name: 'taxi', file: here('../../shared/data/taxi_fare.csv'), target: 'fare_amount', task: 'regression' },
  { name: 'machine', file: here('../../shared/data/machine_performance.csv'), target: 'ERP', task: 'regression' },
];
const wanted = values.tables.split(',');
const own = values.own
  .split(',')
  .filter(Boolean)
  .map((text): Problem => {
    const [file = '', target = '', task = ''] = text.split(':');
    return { name: basename(file, extname(file)), file, target, task };
  });

/** What a model reached: `score` is AUC or R2. */
type Reached = { readonly score: number; readonly accuracy: number | null; readonly seconds: number };

/** Runs the Python side and returns the last line it prints, as JSON. */
function peer(...args: string[]): Reached {
  const interpreter = (args[0] === 'autogluon' ? values.autogluon : undefined) ?? (python as string);
  const ran = spawnSync(interpreter, [here('./automl/peers.py'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(ran.stderr.slice(-2000));
  return JSON.parse(ran.stdout.trim().split('\n').at(-1) as string) as Reached;
}

function malachite(train: string, { target, task }: Problem, output: string): number {
  const started = performance.now();
  const minutes = String(Number(values.seconds) / 60);
  const flags = ['--target', target, '--task', task, '--timeout-minutes', minutes, '--output', output];
  const ran = spawnSync(process.execPath, [here('../packages/malachite/bin/malachite.js'), 'automl', train, ...flags], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (ran.status !== 0) throw new Error(ran.stderr.slice(-2000));
  return (performance.now() - started) / 1000;
}

const figure = (value: number): number => Number(value.toFixed(5));
const told = ({ score, accuracy }: Reached): string => `${score.toFixed(5)}${accuracy === null ? '' : ` ${accuracy.toFixed(4)}`}`;

/** The score of every contestant on a split of a table. */
type Contest = { readonly table: string; readonly split: number; readonly scores: Readonly<Record<string, number>> };

const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
const contests: Contest[] = [];

function contest(problem: Problem, split: number): Contest {
  const { name, file, target, task } = problem;
  const { train, test } = writeSplit(file, split, join(folder, `${name}-${split}`));
  const output = join(folder, `${name}-${split}`);
  const seconds = malachite(train, problem, output);
  const ours = peer('judge', join(output, 'model.onnx'), test, target, task);
  const scores: Record<string, number> = { malachite: ours.score };
  const row: Record<string, string | number> = { table: name, split, malachite: told(ours), 'malachite s': seconds.toFixed(1) };
  for (const rival of rivals) {
    const theirs = peer(rival, train, test, target, task, values.seconds);
    scores[rival] = theirs.score;
    row[rival] = told(theirs);
    row[`- ${rival}`] = figure(ours.score - theirs.score);
    row[`${rival} s`] = theirs.seconds.toFixed(1);
  }
  process.stdout.write(`${JSON.stringify(row)}\n`);
  return { table: name, split, scores };
}

try {
  for (const problem of [...shared.filter(({ name }) => wanted.includes(name)), ...own]) {
    if (existsSync(problem.file))
      for (let split = 0; split < Number(values.splits); split++) contests.push(contest(problem, split));
    else process.stderr.write(`${problem.name} is left out: there is no ${problem.file}.\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Mean and standard error of a difference over the splits. */
function difference(numbers: readonly number[]): string {
  const centre = mean(numbers);
  const squares = numbers.reduce((sum, number) => sum + (number - centre) ** 2, 0);
  const error = numbers.length > 1 ? ` ± ${figure(Math.sqrt(squares / (numbers.length - 1) / numbers.length))}` : '';
  return `${figure(centre)}${error}`;
}

console.table(
  [...new Set(contests.map(({ table }) => table))].map((table) => {
    const own = contests.filter((contest) => contest.table === table).map(({ scores }) => scores);
    const behind = rivals.map((rival) => [
      `malachite - ${rival}`,
      difference(own.map((scores) => (scores.malachite as number) - (scores[rival] as number))),
    ]);
    return {
      table,
      splits: own.length,
      malachite: figure(mean(own.map(({ malachite }) => malachite as number))),
      ...Object.fromEntries(behind),
    };
  }),
);
