/**
 * Boosting beside LightGBM: the same rows, the same parameters, one thread each, in the same run.
 *
 *     node bench/gbdt.ts [--rows 1000000] [--python python3]
 *
 * LightGBM is asked through a Python that has `lightgbm`, `numpy` and `scikit-learn`; without one, our figures stand alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FeatureMatrix } from '../packages/automl/src/featurization/features.ts';
import { binTable } from '../packages/automl/src/learners/gbdt/binning.ts';
import type { Target } from '../packages/automl/src/learners/learner.ts';
import { lightGbm } from '../packages/automl/src/learners/lightgbm.ts';
import { createRandom } from '../packages/automl/src/random.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    trees: { type: 'string', default: '100' },
    python: { type: 'string', default: 'python3' },
  },
});

type Problem = { readonly name: string; readonly features: FeatureMatrix; readonly target: Target };
type Figures = { readonly binSeconds: number; readonly fitSeconds: number; readonly score: number };

/** 28 normal floats, a target of interactions and noise. */
function syntheticTable(rowCount: number): Problem {
  const random = createRandom(1);
  const columns = Array.from({ length: 28 }, () => Float32Array.from({ length: rowCount }, () => random.nextNormal()));
  const x = (j: number, row: number) => columns[j]?.[row] as number;
  const y = Int32Array.from({ length: rowCount }, (_, i) =>
    x(0, i) * x(1, i) + x(2, i) + Math.sin(3 * x(3, i)) + random.nextNormal() > 0 ? 1 : 0,
  );
  const numeric = columns.map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values }));
  return {
    name: `synthetic ${rowCount} x 28`,
    features: { rowCount, numeric, categorical: [] },
    target: { task: 'classification', classes: [0, 1], y },
  };
}

/** A CSV without quotes; text columns become categories. Undefined when the file is not there. */
function csvTable(file: string, target: string, task: Target['task']): Problem | undefined {
  const path = join(import.meta.dirname, '../../shared/data', file);
  if (!existsSync(path)) return undefined;
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));
  const texts = (name: string) => cells.map((row) => row[names.indexOf(name)] ?? '');
  const isNumber = (column: readonly string[]) => column.every((text) => text === '' || Number.isFinite(Number(text)));
  const columns = names.filter((name) => name !== target).map((name) => ({ name, column: texts(name) }));
  const numeric = columns
    .filter(({ column }) => isNumber(column))
    .map(({ name, column }) => ({
      name,
      raw: name,
      values: Float32Array.from(column, (text) => (text === '' ? Number.NaN : Number(text))),
    }));
  const categorical = columns
    .filter(({ column }) => !isNumber(column))
    .map(({ name, column }) => {
      const labels = [...new Set(column)].sort();
      return { name, raw: name, labels, codes: Int32Array.from(column, (text) => labels.indexOf(text) + 1) };
    });
  const features = { rowCount: cells.length, numeric, categorical };
  const y = texts(target);
  if (task === 'regression') return { name: file, features, target: { task, y: Float64Array.from(y, Number) } };
  const classes = [...new Set(y)].sort();
  return { name: file, features, target: { task, classes, y: Int32Array.from(y, (label) => classes.indexOf(label)) } };
}

/** Every fifth row is held out. */
const heldOut = (row: number) => row % 5 === 0;

/** The features of some rows. */
function featuresOf({ numeric, categorical }: FeatureMatrix, rows: Int32Array): FeatureMatrix {
  return {
    rowCount: rows.length,
    numeric: numeric.map((feature) => ({ ...feature, values: Float32Array.from(rows, (row) => feature.values[row] as number) })),
    categorical: categorical.map((feature) => ({
      ...feature,
      codes: Int32Array.from(rows, (row) => feature.codes[row] as number),
    })),
  };
}

function targetOf(target: Target, rows: Int32Array): Target {
  if (target.task === 'regression') return { ...target, y: Float64Array.from(rows, (row) => target.y[row] as number) };
  return { ...target, y: Int32Array.from(rows, (row) => target.y[row] as number) };
}

function ours(problem: Problem, trees: number): Figures {
  const all = Int32Array.from({ length: problem.features.rowCount }, (_, row) => row);
  const [training, test] = [all.filter((row) => !heldOut(row)), all.filter(heldOut)];
  const [features, target] = [featuresOf(problem.features, training), targetOf(problem.target, training)];
  const rows = all.subarray(0, training.length);
  let started = performance.now();
  const binned = binTable(features);
  const binSeconds = (performance.now() - started) / 1000;
  let fitSeconds = Number.POSITIVE_INFINITY;
  let score = 0;
  for (let repeat = 0; repeat < 3; repeat++) {
    started = performance.now();
    const { model } = lightGbm.fit({ features, binned, target, rows, params: { num_iterations: trees }, seed: 1 });
    fitSeconds = Math.min(fitSeconds, (performance.now() - started) / 1000);
    if (repeat === 0)
      score = scoreOf(targetOf(problem.target, test), lightGbm.predict(model, featuresOf(problem.features, test)));
  }
  return { binSeconds, fitSeconds, score };
}

/** AUC for two classes, R2 for regression. */
function scoreOf(target: Target, predictions: Float64Array): number {
  const rows = Int32Array.from(target.y.keys());
  if (target.task === 'regression') {
    const mean = rows.reduce((sum, row) => sum + (target.y[row] as number), 0) / rows.length;
    const squares = (value: (row: number) => number) =>
      rows.reduce((sum, row) => sum + ((target.y[row] as number) - value(row)) ** 2, 0);
    return 1 - squares((row) => predictions[row] as number) / squares(() => mean);
  }
  const probability = (row: number) => predictions[2 * row + 1] as number;
  const sorted = rows.slice().sort((a, b) => probability(a) - probability(b));
  let [positives, rankSum] = [0, 0];
  for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
    while (end < sorted.length && probability(sorted[end] as number) === probability(sorted[begin] as number)) end++;
    for (let i = begin; i < end; i++) {
      if (target.y[sorted[i] as number] !== 1) continue;
      positives++;
      rankSum += (begin + end + 1) / 2;
    }
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (rows.length - positives));
}

/** LightGBM's figures for the same table, through Python; undefined when that is not possible. */
function theirs({ features, target }: Problem, trees: number): Figures | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
  try {
    const columns = [
      ...features.numeric.map(({ values }) => values),
      ...features.categorical.map(({ codes }) => Float32Array.from(codes)),
      Float32Array.from(target.y),
    ];
    writeFileSync(
      join(folder, 'table.bin'),
      Buffer.concat(columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))),
    );
    const about = { columns: columns.length, numeric: features.numeric.length, task: target.task, trees, folder };
    const run = spawnSync(options.python, [join(import.meta.dirname, 'gbdt_lightgbm.py'), JSON.stringify(about)], {
      encoding: 'utf8',
    });
    return run.status === 0 ? (JSON.parse(run.stdout) as Figures) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const problems = [
  csvTable('bankmarketing_train.csv', 'y', 'classification'),
  csvTable('heart_failure.csv', 'DEATH_EVENT', 'classification'),
  csvTable('taxi_fare.csv', 'fare_amount', 'regression'),
  csvTable('machine_performance.csv', 'ERP', 'regression'),
  syntheticTable(Number(options.rows)),
];
for (const problem of problems) {
  if (problem === undefined) continue;
  const trees = Number(options.trees);
  const mine = ours(problem, trees);
  const peer = theirs(problem, trees);
  const line = (who: string, { binSeconds, fitSeconds, score }: Figures) =>
    `  ${who.padEnd(10)} bin ${binSeconds.toFixed(3)} s   fit ${fitSeconds.toFixed(3)} s   ${problem.target.task === 'regression' ? 'R2' : 'AUC'} ${score.toFixed(4)}`;
  console.log(`${problem.name}, ${trees} trees, 31 leaves, one thread`);
  console.log(line('Malachite', mine));
  if (peer) {
    console.log(line('LightGBM', peer));
    console.log(
      `  ratio      bin ${(peer.binSeconds / mine.binSeconds).toFixed(2)}x     fit ${(peer.fitSeconds / mine.fitSeconds).toFixed(2)}x     difference ${(mine.score - peer.score).toFixed(4)}`,
    );
  } else console.log(`  LightGBM: not measured; ${options.python} has no lightgbm.`);
}
