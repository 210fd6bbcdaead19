/**
 * Models found in the same time by Malachite and by its peers, judged on rows that no run ever saw.
 *
 *     npm run bench automl -- --python PYTHON [--seconds 30] [--peers flaml,lightgbm,autogluon]
 *         [--tables bank,heart,taxi,machine] [--own FILE:TARGET:TASK,...]
 *
 * PYTHON has pandas, scikit-learn, onnxruntime and the peers: lightgbm, flaml[automl], autogluon.tabular[lightgbm,catboost,xgboost].
 * AutoGluon runs with its preset best_quality. The tables are read from ../shared/data; others are named with --own.
 * Each number is AUC (weighted one against the rest for more than two classes) and accuracy, or R2.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    peers: { type: 'string', default: 'flaml,lightgbm' },
    tables: { type: 'string', default: 'bank,heart,taxi,machine' },
    own: { type: 'string', default: '' },
  },
});
const { python } = values;
if (!python) {
  process.stderr.write(
    'Give --python: an interpreter with pandas, scikit-learn, onnxruntime and the peers (lightgbm, flaml[automl]).\n',
  );
  process.exit(2);
}

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
  const ran = spawnSync(python as string, [here('./automl_peers.py'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
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

const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
const rows: Record<string, string | number>[] = [];
try {
  for (const problem of [...shared.filter(({ name }) => wanted.includes(name)), ...own]) {
    const { name, file, target, task } = problem;
    if (!existsSync(file)) {
      process.stderr.write(`${name} is left out: there is no ${file}.\n`);
      continue;
    }
    // Every fifth row is the test; the file's order says nothing.
    const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    const [train, test] = [join(folder, `${name}-train.csv`), join(folder, `${name}-test.csv`)];
    writeFileSync(train, [header, ...lines.filter((_, i) => i % 5 !== 0)].join('\n'));
    writeFileSync(test, [header, ...lines.filter((_, i) => i % 5 === 0)].join('\n'));

    const output = join(folder, name);
    const seconds = malachite(train, problem, output);
    const ours = peer('judge', join(output, 'model.onnx'), test, target, task);
    const row: Record<string, string | number> = {
      table: name,
      malachite: told(ours),
      'malachite s': Number(seconds.toFixed(1)),
    };
    for (const rival of values.peers.split(',').filter(Boolean)) {
      const theirs = peer(rival, train, test, target, task, values.seconds);
      row[rival] = told(theirs);
      row[`- ${rival}`] = figure(ours.score - theirs.score);
      row[`${rival} s`] = Number(theirs.seconds.toFixed(1));
    }
    rows.push(row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(rows);
