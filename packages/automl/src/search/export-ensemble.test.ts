import { expect, it } from 'vitest';
import { weightedMean } from '../ensemble/index.ts';
import { describeRawColumns } from '../featurization/raw-inputs.ts';
import type { Target } from '../learners/learner.ts';
import { exportPipeline, fitPipeline, predictPipeline } from '../pipeline/index.ts';
import { dropColumns, type StringColumn } from '../table/table.ts';
import { exampleTable } from './example-table.ts';
import { exportEnsemble, weightedSum } from './export-ensemble.ts';
import { loadPredictor } from './runtime.ts';

const table = exampleTable(300);
const features = dropColumns(table, new Set(['bought', 'spent']));
const bought = table.columns.find((column) => column.name === 'bought') as StringColumn;
const classes = [...bought.dictionary].sort();
const target: Target = {
  task: 'classification',
  classes,
  y: Int32Array.from(bought.codes, (code) => classes.indexOf(bought.dictionary[code] as string)),
};

it('an exported ensemble is the weighted mean of its members, over the columns that any of them reads', async () => {
  const fitted = [
    fitPipeline({
      table: features,
      target,
      spec: { algorithm: 'LightGBM', preprocessor: '', params: { num_iterations: 20 } },
      seed: 0,
    }),
    fitPipeline({
      table: features,
      target,
      spec: { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: { C: 1 } },
      seed: 0,
    }),
  ];
  const weights = [0.7, 0.3];
  const members = fitted.map((pipeline) => exportPipeline(pipeline).onnx);
  const predictor = await loadPredictor(
    exportEnsemble(describeRawColumns(features.columns), members, target, weightedSum(weights)),
  );
  const exported = await predictor.predict(features);
  const trained = weightedMean(
    fitted.map((pipeline) => predictPipeline(pipeline, features)),
    weights,
  );
  expect(exported.length).toBe(600);
  expect(Math.max(...trained.map((value, i) => Math.abs(value - (exported[i] as number))))).toBeLessThan(1e-6);
  await predictor.close();
});
