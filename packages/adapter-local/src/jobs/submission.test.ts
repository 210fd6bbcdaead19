import type { AutoMLJob, Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { createTable, learnableCsv } from '../test-data.ts';
import { temporaryHome } from '../test-home.ts';
import { openLocalWorkspace } from '../workspace.ts';
import { prepareSubmission } from './submission.ts';

async function room(): Promise<Workspace> {
  const workspace = await openLocalWorkspace({ home: temporaryHome() });
  onTestFinished(() => workspace.close());
  await createTable(workspace, 'people');
  return workspace;
}

const job: AutoMLJob = {
  type: 'automl',
  task: 'classification',
  trainingData: { path: 'azureml:people@latest' },
  targetColumnName: 'y',
};

test('what is recorded names its data by version and has every default', async () => {
  const { datasets, compute } = await room();
  const { spec, compute: computeName, properties } = await prepareSubmission(job, datasets, compute);
  expect(spec).toEqual({
    ...job,
    name: expect.stringMatching(/^[a-z]+_[a-z]+_[a-z0-9]{10}$/),
    displayName: spec.name,
    experimentName: 'Default',
    compute: 'serverless',
    trainingData: { type: 'uri_file', path: 'azureml:people:1' },
    primaryMetric: 'AUC_weighted',
    limits: { timeoutMinutes: 1, enableEarlyTermination: true },
    featurization: { mode: 'auto' },
    training: { enableVoteEnsemble: true, enableModelExplainability: true },
    seed: 0,
  });
  expect(computeName).toBe('serverless');
  expect(properties).toMatchObject({ target: 'Serverless', primary_metric: 'AUC_weighted', num_iterations: '1000' });
});

test('a number of trials is a limit of its own; a cluster is named without its prefix', async () => {
  const { datasets, compute } = await room();
  await compute.create({ name: 'Cluster' });
  const asked = { ...job, compute: 'azureml:cluster', limits: { maxTrials: 3 } };
  const { spec, compute: computeName } = await prepareSubmission(asked, datasets, compute);
  expect(spec.limits).toEqual({ maxTrials: 3, enableEarlyTermination: true });
  expect(computeName).toBe('Cluster');
});

test.each<[string, Partial<AutoMLJob>, string, string]>([
  ['data that does not exist', { trainingData: { path: 'azureml:nobody' } }, 'NotFound', 'nobody'],
  ['a version that does not exist', { trainingData: { path: 'azureml:people:9' } }, 'NotFound', 'Versions: 1.'],
  ['a file as data', { trainingData: { path: './people.csv' } }, 'InvalidInput', 'not an asset reference'],
  ['a target that is not in the data', { targetColumnName: 'z' }, 'InvalidInput', 'Columns: age, balance, job, y.'],
  ['weights that are not in the data', { weightColumnName: 'w' }, 'InvalidInput', 'weightColumnName'],
  ['a dropped column that is not in the data', { featurization: { dropColumns: ['q'] } }, 'InvalidInput', '"q"'],
  ['a fold column that is not in the data', { cvSplitColumnNames: ['fold'] }, 'InvalidInput', 'cvSplitColumnNames'],
  [
    'an allowed algorithm that Azure does not know',
    { training: { allowedTrainingAlgorithms: ['LightGBN'] } },
    'InvalidInput',
    '"LightGBN"',
  ],
  [
    'a blocked algorithm of the other task',
    { training: { blockedTrainingAlgorithms: ['ElasticNet'] } },
    'InvalidInput',
    '"ElasticNet"',
  ],
  [
    'algorithms of which none has an engine',
    {
      training: {
        allowedTrainingAlgorithms: ['TensorFlowDNN', 'light_gbm'],
        blockedTrainingAlgorithms: ['LightGBM'],
      },
    },
    'NotSupported',
    'TensorFlowDNN has no engine here, LightGBM is blocked',
  ],
  [
    'a type for a column that is not in the data',
    { featurization: { columnNameAndTypes: { aeg: 'Numeric' } } },
    'InvalidInput',
    'featurization.columnNameAndTypes: dataset "people:1" has no column "aeg"',
  ],
  [
    'parameters for a column that is not in the data',
    { featurization: { transformerParams: { Imputer: [{ fields: ['blance'], parameters: { strategy: 'median' } }] } } },
    'InvalidInput',
    'featurization.transformerParams.Imputer: dataset "people:1" has no column "blance"',
  ],
  ['a metric of the other task', { primaryMetric: 'r2_score' }, 'InvalidInput', 'does not fit classification'],
  ['compute that does not exist', { compute: 'azureml:cluster' }, 'NotFound', 'cluster'],
])('%s is refused', async (_, change, code, sentence) => {
  const { training } = await room();
  const submitted = training.submit({ ...job, ...change });
  await expect(submitted).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
  expect(await training.list({})).toEqual([]);
});

test('validation data must have the columns of the training data, and both must have columns', async () => {
  const workspace = await room();
  await createTable(workspace, 'other', 'age,y\n1,yes\n2,no\n');
  const narrow = workspace.training.submit({ ...job, validationData: { path: 'azureml:other:1' } });
  await expect(narrow).rejects.toThrow("lacks the training data's columns balance, job");
  const untested = workspace.training.submit({ ...job, testData: { path: 'azureml:other:1' } });
  await expect(untested).rejects.toThrow('testData: dataset "other:1" lacks');
  await createTable(workspace, 'unweighted', learnableCsv().replaceAll(/^([^,]*),[^,]*/gm, '$1'));
  const weighted = { ...job, weightColumnName: 'balance' };
  const unvalidated = workspace.training.submit({ ...weighted, validationData: { path: 'azureml:unweighted' } });
  await expect(unvalidated).rejects.toThrow("lacks the training data's columns balance");
  // Test rows are only scored.
  await prepareSubmission({ ...weighted, testData: { path: 'azureml:unweighted' } }, workspace.datasets, workspace.compute);
  const { sha256 } = await workspace.datastore.put(
    (async function* () {
      yield new Uint8Array([0, 1, 2, 255]);
    })(),
  );
  await workspace.datasets.create({ name: 'picture', files: [{ path: 'picture.png', sha256 }] });
  const binary = workspace.training.submit({ ...job, trainingData: { path: 'azureml:picture:1' } });
  await expect(binary).rejects.toThrow('has no columns');
});
