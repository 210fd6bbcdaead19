/**
 * Our learners beside LightGBM, XGBoost and scikit-learn: the same parameters, tables and folds; means over repeated folds.
 *
 *     npm run bench quality -- --python PYTHON [--tables bank,heart] [--learners LightGBM,KNN] [--repeats 5]
 *
 * PYTHON has lightgbm, xgboost and scikit-learn. Two classes and more are scored by AUC_weighted (and log loss, where less is better), numbers by R2.
 * `+-` is the standard error of the difference over folds. Learners other than LightGBM get at most 3,000 rows.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { requireLearner } from '../packages/automl/src/learners/index.ts';
import type { Target } from '../packages/automl/src/learners/learner.ts';
import { classificationMetric, regressionMetric } from '../packages/automl/src/metrics/index.ts';
import { type Fold, kFold } from '../packages/automl/src/validation/splits.ts';
import { type Contest, contests } from './quality/contests.ts';
import { type QualityTable, readTable, rowsOf, scaledBy, tableNames } from './quality/tables.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    tables: { type: 'string', default: tableNames.join(',') },
    learners: { type: 'string' },
    repeats: { type: 'string', default: '5' },
    folds: { type: 'string', default: '5' },
  },
});
const { python = '' } = options;
if (python === '') {
  process.stderr.write('Give --python: an interpreter with lightgbm, xgboost and scikit-learn.\n');
  process.exit(2);
}
const wantedLearners = options.learners?.split(',');
const foldCount = Number(options.folds);

type Scores = { readonly quality: number; readonly logLoss: number };

function predictOurs(
  { algorithm, params, input }: Contest,
  table: QualityTable,
  { train, validation }: Fold,
  seed: number,
): Float64Array {
  const learner = requireLearner(algorithm);
  const learned = rowsOf(table, train);
  const asked = rowsOf(table, validation);
  const rows = Int32Array.from(train, (_, i) => i);
  const prepared = ({ features }: QualityTable) =>
    input === 'scaled' || input === 'unit' ? scaledBy(input, learned.features, features) : features;
  const features = prepared(learned);
  const { model } = learner.fit({ features, target: learned.target, rows, params, seed });
  return learner.predict(model, prepared(asked));
}

function scoresOf(target: Target, predictions: Float64Array): Scores {
  if (target.task === 'regression') {
    const quality = regressionMetric('r2_score', { trueValues: target.y, predictions }) as number;
    return { quality, logLoss: Number.NaN };
  }
  const result = { classCount: target.classes.length, trueClasses: target.y, probabilities: predictions };
  return {
    quality: classificationMetric('AUC_weighted', result) as number,
    logLoss: classificationMetric('log_loss', result) as number,
  };
}

function writeFor(folder: string, table: QualityTable, splits: readonly (readonly Fold[])[], own: readonly Contest[]): void {
  const { features, target } = table;
  const columns = [...features.numeric.map(({ values }) => values), ...features.categorical.map(({ codes }) => codes), target.y];
  const doubles = Buffer.concat(columns.map((column) => Buffer.from(Float64Array.from(column).buffer)));
  writeFileSync(join(folder, 'table.bin'), doubles);
  const foldOf = splits.map((folds) => {
    const numbers = new Int32Array(features.rowCount);
    folds.forEach(({ validation }, fold) => {
      for (const row of validation) numbers[row] = fold;
    });
    return Buffer.from(numbers.buffer);
  });
  writeFileSync(join(folder, 'folds.bin'), Buffer.concat(foldOf));
  const about = {
    rows: features.rowCount,
    numbers: features.numeric.length,
    sizes: features.categorical.map(({ labels }) => labels.length),
    task: target.task,
    folds: foldCount,
    contests: own.map(({ peer, input }) => ({ peer, input })),
  };
  writeFileSync(join(folder, 'about.json'), JSON.stringify(about));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function standardError(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length);
}

/** Contests of one table with one number of rows. */
function meet(table: QualityTable, own: readonly Contest[]): void {
  const rows = Int32Array.from({ length: table.features.rowCount }, (_, row) => row);
  const classes = table.target.task === 'classification' ? table.target.y : undefined;
  const splits = Array.from({ length: Number(options.repeats) }, (_, seed) => kFold(rows, classes, foldCount, seed));
  const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
  try {
    writeFor(folder, table, splits, own);
    const script = fileURLToPath(new URL('./quality/peers.py', import.meta.url));
    const ran = spawnSync(python, [script, 'run', folder], { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } });
    if (ran.status !== 0) throw new Error(ran.stderr.slice(-2000));
    const outputs = table.target.task === 'classification' ? table.target.classes.length : 1;
    own.forEach((contest, number) => {
      const bytes = readFileSync(join(folder, `peer-${number}.bin`));
      const told = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      let at = 0;
      const pairs = splits.flatMap((folds, seed) =>
        folds.map((fold, index) => {
          const { target } = rowsOf(table, fold.validation);
          const length = fold.validation.length * outputs;
          const peer = scoresOf(target, told.subarray(at, at + length));
          at += length;
          return { ours: scoresOf(target, predictOurs(contest, table, fold, seed * 100 + index)), peer };
        }),
      );
      tell(contest, table, pairs);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tell(contest: Contest, table: QualityTable, pairs: readonly { readonly ours: Scores; readonly peer: Scores }[]): void {
  const figure = (value: number): string => value.toFixed(4).padStart(8);
  const apart = pairs.map(({ ours, peer }) => ours.quality - peer.quality);
  const ours = mean(pairs.map((pair) => pair.ours.quality));
  const peer = mean(pairs.map((pair) => pair.peer.quality));
  const losses = [mean(pairs.map((pair) => pair.ours.logLoss)), mean(pairs.map((pair) => pair.peer.logLoss))] as const;
  const logLosses = table.target.task === 'regression' ? '' : `   log loss ${figure(losses[0])} ${figure(losses[1])}`;
  const place = `${table.name} ${table.features.rowCount}`.padEnd(18);
  const difference = `${figure(mean(apart))} +- ${standardError(apart).toFixed(4)}`;
  console.log(
    `${place} ${contest.name.padEnd(52).slice(0, 52)} ours ${figure(ours)}   peer ${figure(peer)}   ${difference}${logLosses}`,
  );
}

for (const name of options.tables.split(',')) {
  const chosen = contests.filter(({ algorithm }) => wantedLearners === undefined || wantedLearners.includes(algorithm));
  for (const mostRows of new Set(chosen.map((contest) => contest.mostRows))) {
    const table = readTable(name, python, mostRows);
    if (table === undefined) {
      process.stderr.write(`${name} is left out: its file is not in ../shared/data.\n`);
      break;
    }
    const own = chosen.filter((contest) => contest.mostRows === mostRows && contest.tasks.includes(table.target.task));
    if (own.length > 0) meet(table, own);
  }
}
