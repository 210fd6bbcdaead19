/**
 * The names of Azure AutoML's algorithms for tables, and those that only Malachite has: what `allowedTrainingAlgorithms` and
 * `blockedTrainingAlgorithms` may say. Source: Azure ML's `ClassificationModels` and `RegressionModels`.
 */
import type { AutoMLSpec } from './automl.ts';
import { MalachiteError } from './errors.ts';

export const azureAlgorithms: Readonly<Record<AutoMLSpec['task'], readonly string[]>> = {
  classification: [
    ...['LogisticRegression', 'SGD', 'MultinomialNaiveBayes', 'BernoulliNaiveBayes', 'SVM', 'LinearSVM', 'KNN', 'DecisionTree'],
    ...['RandomForest', 'ExtremeRandomTrees', 'LightGBM', 'GradientBoosting', 'XGBoostClassifier'],
    ...['AveragedPerceptronClassifier', 'TabnetClassifier', 'TensorFlowDNN', 'TensorFlowLinearClassifier'],
  ],
  regression: [
    ...['ElasticNet', 'GradientBoosting', 'DecisionTree', 'KNN', 'LassoLars', 'SGD', 'RandomForest', 'ExtremeRandomTrees'],
    ...['LightGBM', 'XGBoostRegressor', 'FastLinearRegressor', 'OnlineGradientDescentRegressor'],
    ...['TabnetRegressor', 'TensorFlowDNN', 'TensorFlowLinearRegressor'],
  ],
};

/** Azure's names that no engine stands behind here: neural networks of other libraries, and two that Azure itself has given up. */
export const algorithmsWithoutEngine: readonly string[] = [
  ...['TabnetClassifier', 'TabnetRegressor', 'TensorFlowDNN', 'TensorFlowLinearClassifier', 'TensorFlowLinearRegressor'],
  ...['FastLinearRegressor', 'OnlineGradientDescentRegressor'],
];

/** A small network for tables, linear regression with an L2 penalty alone, and regression by kernels: Azure has no names for them. */
export const ownAlgorithms: readonly string[] = ['MLP', 'Ridge', 'GaussianProcess'];

/**
 * The algorithm that is meant, in Azure's spelling: case and underscores do not matter (`light_gbm`).
 * @throws MalachiteError `InvalidInput` for a name that neither Azure nor Malachite has for the task.
 */
export function algorithmNamed(task: AutoMLSpec['task'], given: string): string {
  const bare = (name: string): string => name.replaceAll('_', '').toLowerCase();
  const found = [...azureAlgorithms[task], ...ownAlgorithms].find((name) => bare(name) === bare(given));
  if (found !== undefined) return found;
  throw new MalachiteError(
    'InvalidInput',
    `"${given}" is not a ${task} algorithm of Azure ML. Names: ${azureAlgorithms[task].join(', ')}.`,
  );
}
