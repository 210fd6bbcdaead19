/** Our side of `bench/gbdt.ts`: reads the table that it wrote, prints one line of JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureMatrix } from '../../packages/automl/src/featurization/features.ts';
import { binTable } from '../../packages/automl/src/learners/gbdt/binning.ts';
import type { Target } from '../../packages/automl/src/learners/learner.ts';
import { lightGbm } from '../../packages/automl/src/learners/lightgbm.ts';
import type { RunFigures, RunSpec, Seconds } from './run-spec.ts';

const spec = JSON.parse(process.argv[2] as string) as RunSpec;
const train = read('train.bin');
const rows = Int32Array.from({ length: train.features.rowCount }, (_, row) => row);

const [binning, binned] = timed(() => binTable(train.features));
const grow = (num_threads: number) =>
  lightGbm.fit({ ...train, binned, rows, params: { num_iterations: spec.trees, num_threads }, seed: 1 });
const fits = spec.threads.map((threads) => Array.from({ length: spec.repeats }, () => timed(() => grow(threads))));
const peakBytes = 1024 * process.resourceUsage().maxRSS;
const model = fits[0]?.[0]?.[1].model as ReturnType<typeof grow>['model'];
const test = read('test.bin');
const score = scoreOf(test.target, lightGbm.predict(model, test.features));
const figures: RunFigures = { binning, fits: fits.map((repeats) => repeats.map(([seconds]) => seconds)), peakBytes, score };
console.log(JSON.stringify(figures));

function timed<T>(work: () => T): [Seconds, T] {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return [{ cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1000 }, result];
}

function read(file: string): { features: FeatureMatrix; target: Target } {
  const bytes = readFileSync(join(spec.folder, file));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const rowCount = values.length / spec.columns;
  const columns = Array.from({ length: spec.columns }, (_, j) => values.subarray(j * rowCount, (j + 1) * rowCount));
  const y = columns.pop() as Float32Array;
  const numeric = columns.slice(0, spec.numeric).map((column, j) => ({ name: `x${j}`, raw: `x${j}`, values: column }));
  const categorical = columns.slice(spec.numeric).map((column, j) => {
    const labels = Array.from({ length: column.reduce((most, code) => Math.max(most, code), 0) }, (_, i) => `${i + 1}`);
    return { name: `c${j}`, raw: `c${j}`, labels, codes: Int32Array.from(column) };
  });
  const target: Target =
    spec.task === 'regression'
      ? { task: 'regression', y: Float64Array.from(y) }
      : { task: 'classification', classes: [0, 1], y: Int32Array.from(y) };
  return { features: { rowCount, numeric, categorical }, target };
}

/** AUC for two classes, R2 for regression. */
function scoreOf(target: Target, predictions: Float64Array): number {
  const all = Int32Array.from(target.y.keys());
  if (target.task === 'regression') {
    const mean = all.reduce((sum, row) => sum + (target.y[row] as number), 0) / all.length;
    const squares = (value: (row: number) => number) =>
      all.reduce((sum, row) => sum + ((target.y[row] as number) - value(row)) ** 2, 0);
    return 1 - squares((row) => predictions[row] as number) / squares(() => mean);
  }
  const probability = (row: number) => predictions[2 * row + 1] as number;
  const sorted = all.slice().sort((a, b) => probability(a) - probability(b));
  let [positives, rankSum] = [0, 0];
  for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
    while (end < sorted.length && probability(sorted[end] as number) === probability(sorted[begin] as number)) end++;
    for (let i = begin; i < end; i++) {
      if (target.y[sorted[i] as number] !== 1) continue;
      positives++;
      rankSum += (begin + end + 1) / 2;
    }
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (all.length - positives));
}
