import type { AutoMLJob } from '@malachite/core';
import { expect, test } from 'vitest';
import { detailsOf, specOf, type TaskDetails, withDefaults } from './automl-details.ts';
import { tableOf } from './training-data.ts';

const data = {
  trainingData: { jobInputType: 'mltable', uri: 'azureml://datastores/d/paths/p' },
  validationData: undefined,
  testData: undefined,
} as const;
const job: AutoMLJob = {
  type: 'automl',
  task: 'regression',
  trainingData: { path: 'azureml:bank:1' },
  targetColumnName: 'age',
  primaryMetric: 'r2_score',
  nCrossValidations: 3,
  limits: { timeoutMinutes: 30, trialTimeoutMinutes: 2.5, maxTrials: 5, exitScore: 0.9 },
  featurization: { dropColumns: ['id'], columnNameAndTypes: { zip: 'Categorical' }, blockedTransformers: ['WordEmbedding'] },
  training: { allowedTrainingAlgorithms: ['LightGBM'] },
};

test('a job is written in ARM’s words', () => {
  expect(detailsOf(job, data)).toEqual({
    taskType: 'Regression',
    primaryMetric: 'R2Score',
    targetColumnName: 'age',
    logVerbosity: 'Info',
    trainingData: data.trainingData,
    validationData: undefined,
    testData: undefined,
    nCrossValidations: { mode: 'Custom', value: 3 },
    limitSettings: { timeout: 'PT1800S', trialTimeout: 'PT150S', maxTrials: 5, exitScore: 0.9, enableEarlyTermination: true },
    trainingSettings: { allowedTrainingAlgorithms: ['LightGBM'], enableOnnxCompatibleModels: true },
    featurizationSettings: {
      mode: 'Custom',
      blockedTransformers: ['WordEmbedding'],
      columnNameAndTypes: { zip: 'Categorical', id: 'Ignore' },
    },
  });
});

test('what others submitted is read back', () => {
  expect(specOf(detailsOf(job, data) as TaskDetails)).toMatchObject({
    task: 'regression',
    primaryMetric: 'r2_score',
    targetColumnName: 'age',
    trainingData: { path: 'azureml://datastores/d/paths/p' },
    nCrossValidations: 3,
    limits: { timeoutMinutes: 30, trialTimeoutMinutes: 2.5, maxTrials: 5, exitScore: 0.9 },
  });
});

test('a job without an end is given one, and a budget in work is refused: Azure would not keep it', () => {
  const { limits: _, primaryMetric: __, ...endless } = job;
  expect(withDefaults(endless)).toMatchObject({
    primaryMetric: 'normalized_root_mean_squared_error',
    limits: { timeoutMinutes: 60 },
  });
  expect(withDefaults(job).limits).not.toHaveProperty('timeout');
  expect(() => detailsOf({ ...job, limits: { workUnits: 10 } }, data)).toThrow(/workUnits: Azure ML counts no work/);
});

test('a table is told how its files are read', () => {
  expect(tableOf(['a "b".csv'], 'csv')).toContain('  - file: "./a \\"b\\".csv"');
  expect(tableOf(['a.parquet'], 'parquet')).toBe(
    'type: mltable\npaths:\n  - file: "./a.parquet"\ntransformations:\n  - read_parquet\n',
  );
});
