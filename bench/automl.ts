/**
 * Models found in the same time by Malachite and by its peers, judged on rows that no run ever saw.
 *
 *     npm run bench automl -- --python PYTHON [--seconds 30] [--tables bank,heart,taxi,machine]
 *
 * PYTHON has lightgbm, flaml[automl], pandas, scikit-learn and onnxruntime. The tables are read from ../shared/data.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    tables: { type: 'string', default: 'bank,heart,taxi,machine' },
  },
});
const { python } = values;
if (!python) {
  process.stderr.write('Give --python: an interpreter with lightgbm, flaml[automl], pandas, scikit-learn and onnxruntime.\n');
  process.exit(2);
}

type Problem = {
  readonly file: string;
  readonly target: string;
  readonly task: 'classification' | 'regression';
  readonly metric: string;
};
const problems: Record<string, Problem> = {
  bank: { file: 'bankmarketing_train.csv', target: 'y', task: 'classification', metric: 'AUC_weighted' },
  heart: { file: 'heart_failure.csv', target: 'DEATH_EVENT', task: 'classification', metric: 'AUC_weighted' },
  taxi: { file: 'taxi_fare.csv', target: 'fare_amount', task: 'regression', metric: 'r2_score' },
  machine: { file: 'machine_performance.csv', target: 'ERP', task: 'regression', metric: 'r2_score' },
};

/** Runs the Python side and returns the last line it prints, as JSON. */
function peer(...args: string[]): Record<string, number> {
  const ran = spawnSync(python as string, [here('./automl_peers.py'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(ran.stderr.slice(-2000));
  return JSON.parse(ran.stdout.trim().split('\n').at(-1) as string);
}

const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
const rows: Record<string, string | number>[] = [];
try {
  for (const name of values.tables.split(',')) {
    const problem = problems[name];
    const file = here(`../../shared/data/${problem?.file}`);
    if (!problem || !existsSync(file)) {
      process.stderr.write(`${name} is left out: there is no ${problem?.file ?? 'such table'}.\n`);
      continue;
    }
    // Every fifth row is the test; the file's order says nothing.
    const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    const train = join(folder, `${name}-train.csv`);
    const test = join(folder, `${name}-test.csv`);
    writeFileSync(train, [header, ...lines.filter((_, i) => i % 5 !== 0)].join('\n'));
    writeFileSync(test, [header, ...lines.filter((_, i) => i % 5 === 0)].join('\n'));

    const output = join(folder, name);
    const minutes = String(Number(values.seconds) / 60);
    const started = performance.now();
    const own = spawnSync(
      process.execPath,
      [
        here('../packages/malachite/bin/malachite.js'),
        ...[
          'automl',
          train,
          '--target',
          problem.target,
          '--task',
          problem.task,
          '--timeout-minutes',
          minutes,
          '--output',
          output,
        ],
      ],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    if (own.status !== 0) throw new Error(own.stderr.slice(-2000));
    const seconds = (performance.now() - started) / 1000;
    const ours = peer('judge', join(output, 'model.onnx'), test, problem.target, problem.task);
    const flaml = peer('flaml', train, test, problem.target, problem.task, values.seconds);
    const lightgbm = peer('lightgbm', train, test, problem.target, problem.task, values.seconds);
    rows.push({
      table: name,
      metric: problem.metric,
      malachite: round(ours.score),
      flaml: round(flaml.score),
      'lightgbm defaults': round(lightgbm.score),
      'malachite - flaml': round((ours.score ?? 0) - (flaml.score ?? 0)),
      'malachite s': Number(seconds.toFixed(1)),
      'flaml s': Number((flaml.seconds ?? 0).toFixed(1)),
    });
    process.stdout.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(rows);

function round(value: number | undefined): number {
  return Number((value ?? Number.NaN).toFixed(5));
}
