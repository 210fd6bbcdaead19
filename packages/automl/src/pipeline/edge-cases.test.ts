/** Tables as people bring them: tiny, wide, lopsided, huge numbers, columns that say nothing. */
import { describe, expect, it } from 'vitest';
import type { Target } from '../learners/learner.ts';
import { createRandom } from '../random.ts';
import { loadPredictor } from '../search/runtime.ts';
import { type Column, numericColumn, stringColumn, type Table } from '../table/table.ts';
import { exportPipeline, fitPipeline, type PipelineInput, predictPipeline } from './index.ts';

const random = createRandom(42);
const tableOf = (...columns: Column[]): Table => ({
  rowCount: columns[0]?.kind === 'numeric' ? columns[0].values.length : (columns[0]?.codes.length ?? 0),
  columns,
});
const normals = (count: number, scale = 1) => Array.from({ length: count }, () => scale * random.nextNormal());
const twoClasses = (count: number): Target => ({
  task: 'classification',
  classes: ['no', 'yes'],
  y: Int32Array.from({ length: count }, (_, row) => row % 2),
});
const specOf = (algorithm: string, params = {}) => ({ algorithm, preprocessor: '', params });

/** Fits, and returns the predictions and their largest difference from ONNX Runtime's, relative to the larger of 1 and the value. */
async function proved(input: Omit<PipelineInput, 'seed'>): Promise<{ predictions: Float64Array; difference: number }> {
  const fitted = fitPipeline({ ...input, seed: 1 });
  const predictions = predictPipeline(fitted, input.table);
  const predictor = await loadPredictor(exportPipeline(fitted).onnx);
  const answers = await predictor.predict(input.table);
  await predictor.close();
  const difference = predictions.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (answers[i] as number)) / Math.max(1, Math.abs(value))),
    0,
  );
  expect(answers).toHaveLength(predictions.length);
  return { predictions, difference };
}

describe('a pipeline', () => {
  it('of ten rows, too few for a split, answers the class shares', async () => {
    const table = tableOf(numericColumn('x', normals(10)));
    const { predictions, difference } = await proved({ table, target: twoClasses(10), spec: specOf('LightGBM') });
    expect([...predictions]).toEqual(Array(20).fill(0.5));
    expect(difference).toBeLessThan(1e-6);
  });

  it.each(['LightGBM', 'RandomForest', 'LogisticRegression', 'KNN', 'SVM', 'BernoulliNaiveBayes', 'SGD', 'MLP', 'Prior'])(
    '%s of one text column only is exported',
    async (algorithm) => {
      const table = tableOf(
        stringColumn(
          'c',
          Array.from({ length: 400 }, (_, row) => `v${row % 5}`),
        ),
      );
      expect((await proved({ table, target: twoClasses(400), spec: specOf(algorithm) })).difference).toBeLessThan(1e-6);
    },
  );

  it.each(['LightGBM', 'ElasticNet', 'RandomForest', 'KNN', 'SGD', 'MLP'])(
    '%s of targets around a billion stays exact',
    async (algorithm) => {
      const x = normals(800);
      const target: Target = { task: 'regression', y: Float64Array.from(x, (value) => 2e9 + 1e8 * value) };
      const { predictions, difference } = await proved({
        table: tableOf(numericColumn('x', x)),
        target,
        spec: specOf(algorithm),
      });
      expect(Math.max(...predictions)).toBeGreaterThan(2e9);
      expect(difference).toBeLessThan(1e-6);
    },
  );

  it('of huge, tiny and infinite numbers is exported by every family', async () => {
    const huge = normals(600, 1e30);
    huge[3] = Number.POSITIVE_INFINITY;
    huge[4] = Number.NEGATIVE_INFINITY;
    const table = tableOf(
      numericColumn('huge', huge),
      numericColumn('tiny', normals(600, 1e-30)),
      numericColumn('beyond float32', normals(600, 1e300)),
    );
    const trees = ['LightGBM', 'ExtremeRandomTrees'];
    for (const algorithm of [...trees, 'LogisticRegression', 'KNN', 'LinearSVM', 'SVM', 'MLP']) {
      const spec = { ...specOf(algorithm), preprocessor: trees.includes(algorithm) ? '' : 'StandardScalerWrapper' };
      const { predictions, difference } = await proved({ table, target: twoClasses(600), spec });
      expect(predictions.every(Number.isFinite)).toBe(true);
      expect(difference).toBeLessThan(1e-5);
    }
  });

  it('of fifty classes answers fifty shares', async () => {
    const x = Array.from({ length: 1000 }, (_, row) => (row % 50) + 0.1 * random.nextNormal());
    const target: Target = {
      task: 'classification',
      classes: Array.from({ length: 50 }, (_, k) => k),
      y: Int32Array.from(x, (_, row) => row % 50),
    };
    for (const spec of [
      specOf('LightGBM', { n_estimators: 5, min_child_samples: 5 }),
      specOf('RandomForest', { n_estimators: 2 }),
    ]) {
      expect((await proved({ table: tableOf(numericColumn('x', x)), target, spec })).difference).toBeLessThan(1e-5);
    }
  });

  it('of a thousand columns is exported', async () => {
    const columns = Array.from({ length: 1000 }, (_, j) => numericColumn(j % 2 ? `a b ${j}` : `a.b.${j}`, normals(50)));
    expect(
      (await proved({ table: tableOf(...columns), target: twoClasses(50), spec: specOf('LightGBM', { n_estimators: 3 }) }))
        .difference,
    ).toBeLessThan(1e-6);
  });

  it('trained on rows where a column is missing throughout scores rows where it is not', async () => {
    const x = Array.from({ length: 400 }, (_, row) => (row < 200 ? null : row));
    const c = Array.from({ length: 400 }, (_, row) => (row < 200 ? null : `v${row % 3}`));
    const table = tableOf(numericColumn('x', x), stringColumn('c', c), numericColumn('z', normals(400)));
    const rows = Int32Array.from({ length: 200 }, (_, row) => row);
    for (const algorithm of ['LightGBM', 'LogisticRegression']) {
      expect((await proved({ table, target: twoClasses(400), rows, spec: specOf(algorithm) })).difference).toBeLessThan(1e-6);
    }
  });

  it('drops columns that say nothing, with the reason, and refuses a table of nothing else', () => {
    const identifier = stringColumn(
      'id',
      Array.from({ length: 100 }, (_, row) => `k-${row}`),
    );
    const constant = numericColumn('constant', Array(100).fill(7));
    const empty = numericColumn('empty', Array(100).fill(null));
    const fitted = fitPipeline({
      table: tableOf(identifier, constant, empty, numericColumn('x', normals(100))),
      target: twoClasses(100),
      spec: specOf('Prior'),
      seed: 1,
    });
    const rows = exportPipeline(fitted).featurizationSummary.filter(({ Dropped }) => Dropped === 'Yes');
    expect(rows.map(({ RawFeatureName, TypeDetected }) => [RawFeatureName, TypeDetected])).toEqual([
      ['id', 'Hashes'],
      ['constant', 'Ignore'],
      ['empty', 'AllNan'],
    ]);
    for (const { DroppedReason } of rows) expect(DroppedReason).toMatch(/\w+ \w+/);
    expect(() =>
      fitPipeline({ table: tableOf(identifier, constant), target: twoClasses(100), spec: specOf('LightGBM'), seed: 1 }),
    ).toThrow(/No column is left/);
  });

  it.each([
    [{ algorithm: 'NoSuch', preprocessor: '', params: {} }, 'NotSupported', /LightGBM/],
    [{ algorithm: 'LightGBM', preprocessor: 'MaxAbsScaler', params: {} }, 'InvalidInput', /scal/],
    [{ algorithm: 'LogisticRegression', preprocessor: 'KMeans', params: {} }, 'NotSupported', /StandardScalerWrapper/],
    [{ algorithm: 'LogisticRegression', preprocessor: '', params: { C: 0 } }, 'InvalidInput', /"C"/],
    [{ algorithm: 'ElasticNet', preprocessor: '', params: {} }, 'InvalidInput', /classification/],
  ])('refuses %j with a sentence', (spec, code, sentence) => {
    const fit = () => fitPipeline({ table: tableOf(numericColumn('x', normals(50))), target: twoClasses(50), spec, seed: 1 });
    expect(fit).toThrow(expect.objectContaining({ code }));
    expect(fit).toThrow(sentence);
  });

  it('names the column that a table to score lacks, or holds as another type', () => {
    const table = tableOf(
      numericColumn('x', normals(100)),
      stringColumn(
        'c',
        Array.from({ length: 100 }, (_, row) => `v${row % 3}`),
      ),
    );
    const fitted = fitPipeline({ table, target: twoClasses(100), spec: specOf('LightGBM'), seed: 1 });
    expect(() => predictPipeline(fitted, tableOf(numericColumn('x', [1])))).toThrow(/"c"/);
    expect(() => predictPipeline(fitted, tableOf(numericColumn('x', [1]), numericColumn('c', [1])))).toThrow(/"c" holds numbers/);
  });
});
