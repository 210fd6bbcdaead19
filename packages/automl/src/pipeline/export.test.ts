import { decodeModel, embeddedSignature } from '@malachite/onnx';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { ClassLabel } from '../learners/learner.ts';
import { feedsOf } from '../search/runtime.ts';
import { exportPipeline, fitPipeline, labelText, predictPipeline } from './index.ts';
import { randomProblem } from './random-table.ts';

const spec = { algorithm: 'LightGBM', preprocessor: '', params: { num_iterations: 10, min_child_samples: 5 } };
const exported = (classes: readonly ClassLabel[]) => {
  const { table, target, unseen } = randomProblem(3, 'classification', classes);
  const fitted = fitPipeline({ table, target, spec, seed: 1 });
  return { table, unseen, fitted, ...exportPipeline(fitted, { targetName: 'y' }) };
};

describe('exportPipeline', () => {
  it.each([
    [['no', 'yes'], 'string'],
    [[false, true], 'string'],
    [[0.5, 1.5], 'string'],
    [[0, 1], 'int64'],
    [[-1, 4, 9], 'int64'],
  ])('answers the labels %j as %s, the likeliest class of each row', async (classes: readonly ClassLabel[], type) => {
    const { unseen, fitted, onnx } = exported(classes);
    const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 });
    const answer = await session.run(feedsOf(unseen, embeddedSignature(decodeModel(onnx))?.columns ?? []));
    await session.release();
    expect(answer.label?.type).toBe(type);
    const probabilities = predictPipeline(fitted, unseen);
    Array.from(answer.label?.data as ArrayLike<string | bigint>).forEach((label, row) => {
      const mine = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
      const [second = 0, first = 0] = [...mine].sort((a, b) => a - b).slice(-2);
      if (first - second > 1e-5) expect(String(label)).toBe(labelText(classes[mine.indexOf(first)] as ClassLabel));
    });
  });

  it('carries the signature: raw names, input names, types, categories, an example', () => {
    const { onnx } = exported(['no', 'yes']);
    const signature = embeddedSignature(decodeModel(onnx));
    expect(signature).toMatchObject({ task: 'classification', target: 'y', classes: ['no', 'yes'] });
    const columns = new Map(signature?.columns.map((column) => [column.name, column]));
    expect(columns.get('age')).toMatchObject({ input: 'age', type: 'integer' });
    expect(columns.get('emp.var.rate')).toMatchObject({ input: 'emp_var_rate', type: 'number' });
    expect(columns.get('emp_var_rate')).toMatchObject({ input: 'emp_var_rate_1', type: 'number' });
    expect(columns.get('flag')).toMatchObject({ type: 'boolean', categories: ['False', 'True'] });
    expect(columns.get('signup')).toMatchObject({ type: 'date' });
  });

  it('is opset 17, ai.onnx.ml 3, IR 8', () => {
    const model = decodeModel(exported(['no', 'yes']).onnx);
    expect(Number(model.irVersion)).toBe(8);
    const opsets = new Map(model.opsetImport.map(({ domain, version }) => [domain, Number(version)]));
    expect([opsets.get(''), opsets.get('ai.onnx.ml')]).toEqual([17, 3]);
  });

  it('tells the featurization as Azure ML does', () => {
    const { table, target } = randomProblem(3, 'classification');
    const linear = { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: {} };
    const { featurizationSummary, engineeredFeatureNames } = exportPipeline(
      fitPipeline({ table, target, spec: linear, seed: 1 }),
    );
    const rows = new Map(featurizationSummary.map((row) => [row.RawFeatureName, row]));
    expect(rows.get('age')).toEqual({
      RawFeatureName: 'age',
      TypeDetected: 'Numeric',
      Dropped: 'No',
      EngineeredFeatureCount: 1,
      Transformations: ['MeanImputer'],
      Reason: expect.stringMatching(/60 distinct values in 600 rows/),
    });
    expect(rows.get('emp.var.rate')?.Transformations).toEqual(['MeanImputer', 'ImputationMarker']);
    expect(rows.get('contact type')?.Transformations).toEqual(['ModeCatImputer-StringCast-LabelEncoder']);
    expect(rows.get('job')).toMatchObject({ TypeDetected: 'Categorical', EngineeredFeatureCount: 9 });
    expect(engineeredFeatureNames).toContain('job_CharGramCountVectorizer_0');
    expect(engineeredFeatureNames).toContain('job_CharGramCountVectorizer_8');
    expect(engineeredFeatureNames).toContain('signup_ModeCatImputer_DayOfYear');
    expect(engineeredFeatureNames).toContain('flag_ModeCatImputer_LabelEncoder');
    const total = featurizationSummary.reduce((sum, row) => sum + row.EngineeredFeatureCount, 0);
    expect(engineeredFeatureNames).toHaveLength(total);
  });
});
