/** The exported model is the trained model: ONNX Runtime and the trainer agree on every row, seen or unseen. */
import { describe, expect, it } from 'vitest';
import { preprocessorNames } from '../featurization/preprocessors.ts';
import type { ClassLabel, Task } from '../learners/learner.ts';
import { learners } from '../learners/learners.ts';
import { loadPredictor } from '../search/runtime.ts';
import { takeRows } from '../table/table.ts';
import { exportPipeline, fitPipeline, type PipelineSpec, predictPipeline } from './index.ts';
import { randomProblem } from './random-table.ts';

const boosting = { num_iterations: 40, num_leaves: 15, min_child_samples: 5, min_data_per_group: 5, cat_smooth: 1 };
const specs: Readonly<Record<Task, readonly PipelineSpec[]>> = {
  classification: [
    { algorithm: 'LightGBM', preprocessor: '', params: boosting },
    {
      algorithm: 'LightGBM',
      preprocessor: '',
      params: { ...boosting, bagging_freq: 1, bagging_fraction: 0.6, feature_fraction: 0.5, max_bin: 15 },
    },
    ...[{ scale_pos_weight: 3 }, {}].map((loss, i) => ({
      algorithm: 'LightGBM',
      preprocessor: '',
      params: { ...boosting, objective: 'multiclassova', is_unbalance: i === 1, ...loss },
    })),
    { algorithm: 'LogisticRegression', preprocessor: '', params: { max_iter: 30 } },
    { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: {} },
    { algorithm: 'LogisticRegression', preprocessor: 'RobustScaler', params: { C: 100, class_weight: 'balanced' } },
    { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: { C: 0.1, penalty: 'l1' } },
    { algorithm: 'LogisticRegression', preprocessor: 'SparseNormalizer', params: {} },
    { algorithm: 'LogisticRegression', preprocessor: 'PCA', params: {} },
    { algorithm: 'SGD', preprocessor: 'TruncatedSVDWrapper', params: { loss: 'log_loss', average: true } },
    { algorithm: 'XGBoostClassifier', preprocessor: '', params: { n_estimators: 20, subsample: 0.8 } },
    { algorithm: 'GradientBoosting', preprocessor: '', params: { n_estimators: 20 } },
    { algorithm: 'RandomForest', preprocessor: '', params: { n_estimators: 10 } },
    { algorithm: 'ExtremeRandomTrees', preprocessor: '', params: { n_estimators: 10, min_samples_leaf: 3 } },
    { algorithm: 'DecisionTree', preprocessor: '', params: { max_depth: 6 } },
    { algorithm: 'KNN', preprocessor: 'StandardScalerWrapper', params: { n_neighbors: 10 } },
    { algorithm: 'KNN', preprocessor: 'MinMaxScaler', params: { weights: 'distance' } },
    { algorithm: 'KNN', preprocessor: '', params: { n_neighbors: 3 } },
    { algorithm: 'BernoulliNaiveBayes', preprocessor: 'StandardScalerWrapper', params: {} },
    { algorithm: 'BernoulliNaiveBayes', preprocessor: 'MinMaxScaler', params: { binarize: 0.4, fit_prior: false } },
    { algorithm: 'MultinomialNaiveBayes', preprocessor: 'MinMaxScaler', params: { alpha: 0.1 } },
    { algorithm: 'LinearSVM', preprocessor: 'StandardScalerWrapper', params: {} },
    { algorithm: 'LinearSVM', preprocessor: '', params: { C: 0.01, max_iter: 50 } },
    { algorithm: 'SGD', preprocessor: 'StandardScalerWrapper', params: { loss: 'log_loss', average: true } },
    { algorithm: 'SGD', preprocessor: 'MinMaxScaler', params: { alpha: 0.001 } },
    { algorithm: 'AveragedPerceptronClassifier', preprocessor: 'MaxAbsScaler', params: {} },
    { algorithm: 'SVM', preprocessor: 'StandardScalerWrapper', params: {} },
    { algorithm: 'SVM', preprocessor: 'RobustScaler', params: { C: 10, gamma_scale: 0.3 } },
    { algorithm: 'MLP', preprocessor: 'StandardScalerWrapper', params: { max_iter: 10 } },
    { algorithm: 'MLP', preprocessor: 'MinMaxScaler', params: { hidden_layers: 1, max_iter: 10 } },
    { algorithm: 'Prior', preprocessor: '', params: {} },
  ],
  regression: [
    { algorithm: 'LightGBM', preprocessor: '', params: { ...boosting, lambda_l1: 0.5 } },
    ...['regression_l1', 'huber', 'fair', 'poisson', 'quantile', 'gamma', 'tweedie'].map((objective) => ({
      algorithm: 'LightGBM',
      preprocessor: '',
      params: { objective, fair_c: 50, alpha: objective === 'huber' ? 50 : 0.8, ...boosting },
    })),
    { algorithm: 'Ridge', preprocessor: 'StandardScalerWrapper', params: { alpha: 3 } },
    { algorithm: 'ElasticNet', preprocessor: 'StandardScalerWrapper', params: { alpha: 0.01 } },
    { algorithm: 'ElasticNet', preprocessor: 'PCA', params: { alpha: 0.01 } },
    { algorithm: 'ElasticNet', preprocessor: 'MinMaxScaler', params: { alpha: 0.01, l1_ratio: 1 } },
    { algorithm: 'LassoLars', preprocessor: 'MaxAbsScaler', params: { alpha: 0.1 } },
    { algorithm: 'XGBoostRegressor', preprocessor: '', params: { n_estimators: 20, gamma: 1 } },
    { algorithm: 'GradientBoosting', preprocessor: '', params: { n_estimators: 20 } },
    { algorithm: 'RandomForest', preprocessor: '', params: { n_estimators: 10 } },
    { algorithm: 'ExtremeRandomTrees', preprocessor: '', params: { n_estimators: 10 } },
    { algorithm: 'DecisionTree', preprocessor: '', params: {} },
    { algorithm: 'GaussianProcess', preprocessor: 'StandardScalerWrapper', params: {} },
    { algorithm: 'GaussianProcess', preprocessor: '', params: { alpha: 0.01, gamma_scale: 1, linear_scale: 0 } },
    { algorithm: 'KNN', preprocessor: 'RobustScaler', params: {} },
    { algorithm: 'KNN', preprocessor: 'MaxAbsScaler', params: { n_neighbors: 20, weights: 'distance' } },
    { algorithm: 'SGD', preprocessor: 'MinMaxScaler', params: { max_iter: 100 } },
    { algorithm: 'MLP', preprocessor: 'RobustScaler', params: { max_iter: 10 } },
    { algorithm: 'Prior', preprocessor: '', params: {} },
  ],
};
const labels: readonly (readonly ClassLabel[])[] = [
  ['no', 'yes'],
  [0, 1],
  [false, true],
  [-1, 3, 7],
  ['a', 'b', 'c', 'd'],
];

/** The largest difference on rows of both tables; relative to the larger of 1 and the value for regression. */
async function largestDifference(task: Task, spec: PipelineSpec, classes: readonly ClassLabel[], seed: number): Promise<number> {
  const { table, target, unseen } = randomProblem(seed, task, classes);
  const rows = Int32Array.from({ length: 500 }, (_, row) => row);
  const fitted = fitPipeline({ table, target, rows, spec, seed });
  const predictor = await loadPredictor(exportPipeline(fitted).onnx);
  try {
    let largest = 0;
    for (const scored of [table, unseen, takeRows(unseen, [7])]) {
      const mine = predictPipeline(fitted, scored);
      const theirs = await predictor.predict(scored);
      expect(theirs.length).toBe(mine.length);
      mine.forEach((value, i) => {
        // NaN on one side makes the largest difference NaN, which is below nothing.
        const difference = Math.abs(value - (theirs[i] as number)) / (task === 'regression' ? Math.max(1, Math.abs(value)) : 1);
        largest = Math.max(largest, difference);
      });
    }
    return largest;
  } finally {
    await predictor.close();
  }
}

it('random tables exercise every featurizer of both families', () => {
  const { table, target } = randomProblem(0, 'classification');
  const used = ['LightGBM', 'LogisticRegression'].map((algorithm) => {
    const { featurization } = fitPipeline({ table, target, spec: { algorithm, preprocessor: '', params: {} }, seed: 1 });
    return featurization.groups.map(({ featurizer }) => featurizer);
  });
  expect(used).toEqual([
    [
      ...['Numbers', 'CharGramCountVectorizer', 'DateTimeTransformer', 'DateSpans', 'WordTfIdf', 'TextTruncatedSVD'],
      ...['CountEncoder', 'CatTargetEncoder', 'TextTargetEncoder'],
    ],
    [
      ...['Imputer', 'ImputationMarker', 'LabelEncoder', 'CharGramCountVectorizer', 'DateTimeTransformer', 'WordGramTfIdf'],
      ...['HashOneHotEncoder', 'WoETargetEncoder'],
    ],
  ]);
});

it('every learner is proved', () => {
  const proved = new Set([...specs.classification, ...specs.regression].map(({ algorithm }) => algorithm));
  expect([...proved].sort()).toEqual(learners.map(({ name }) => name).sort());
});

it('every preprocessor is proved', () => {
  const proved = new Set([...specs.classification, ...specs.regression].map(({ preprocessor }) => preprocessor));
  expect([...proved].sort()).toEqual(['', ...preprocessorNames].sort());
});

describe.each(['classification', 'regression'] as const)('%s: ONNX Runtime answers as the trainer does', (task) => {
  it.each(specs[task])('$algorithm $preprocessor $params', async (spec) => {
    for (const [seed, classes] of labels.entries()) expect(await largestDifference(task, spec, classes, seed)).toBeLessThan(1e-5);
  });
});

it('reads number columns as categories where the user says so, missing and unseen values too', async () => {
  const columnPurposes = {
    rating: { purpose: 'Categorical', byUser: true },
    'emp.var.rate': { purpose: 'CategoricalHash', byUser: true },
  } as const;
  const { table, target, unseen } = randomProblem(8, 'classification');
  for (const algorithm of ['LightGBM', 'LogisticRegression']) {
    const spec = { algorithm, preprocessor: '', params: algorithm === 'LightGBM' ? boosting : {} };
    const fitted = fitPipeline({ table, target, spec, columnPurposes, seed: 1 });
    expect(fitted.featurization.plans.find(({ name }) => name === 'rating')?.featurizers).toEqual(['CharGramCountVectorizer']);
    const predictor = await loadPredictor(exportPipeline(fitted).onnx);
    const theirs = await predictor.predict(unseen);
    await predictor.close();
    predictPipeline(fitted, unseen).forEach((value, i) => {
      expect(Math.abs(value - (theirs[i] as number))).toBeLessThan(1e-5);
    });
  }
});
