/** The first pipelines to try, and what is searched after them: LightGBM's and scikit-learn's parameter names. */
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { SearchSpace } from './proposals.ts';

/** Rounds are cut by early stopping on the validation rows, so a generous number costs little. */
const boosting = { n_estimators: 1500, early_stopping_round: 40 };
const lightGbm = (params: Readonly<Record<string, number>>): PipelineSpec => ({
  algorithm: 'LightGBM',
  preprocessor: '',
  params: { ...boosting, ...params },
});

/**
 * LightGBM's own defaults first, then settings that have done well on many tables for small, noisy and large data; a
 * linear model early, because an ensemble gains most from a member of another kind.
 */
export const portfolios: Readonly<Record<Task, readonly PipelineSpec[]>> = {
  classification: [
    { algorithm: 'Prior', preprocessor: '', params: {} },
    lightGbm({}),
    { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: { C: 1 } },
    lightGbm({
      learning_rate: 0.05,
      num_leaves: 15,
      min_child_samples: 20,
      feature_fraction: 0.7,
      bagging_fraction: 0.8,
      bagging_freq: 1,
      lambda_l2: 1,
    }),
    lightGbm({
      learning_rate: 0.03,
      num_leaves: 63,
      min_child_samples: 40,
      feature_fraction: 0.6,
      bagging_fraction: 0.7,
      bagging_freq: 1,
      lambda_l2: 5,
    }),
    lightGbm({ learning_rate: 0.05, num_leaves: 7, min_child_samples: 10, feature_fraction: 0.9, lambda_l2: 0.1 }),
  ],
  regression: [
    { algorithm: 'Prior', preprocessor: '', params: {} },
    lightGbm({}),
    { algorithm: 'ElasticNet', preprocessor: 'StandardScalerWrapper', params: { alpha: 0.001, l1_ratio: 0.5 } },
    lightGbm({
      learning_rate: 0.05,
      num_leaves: 15,
      min_child_samples: 10,
      feature_fraction: 0.8,
      bagging_fraction: 0.8,
      bagging_freq: 1,
      lambda_l2: 1,
    }),
    lightGbm({
      learning_rate: 0.03,
      num_leaves: 63,
      min_child_samples: 20,
      feature_fraction: 0.7,
      bagging_fraction: 0.8,
      bagging_freq: 1,
      lambda_l2: 1,
    }),
    lightGbm({ learning_rate: 0.05, num_leaves: 7, min_child_samples: 3, feature_fraction: 0.9, lambda_l2: 0.01 }),
  ],
};

const lightGbmSpace: SearchSpace = {
  algorithm: 'LightGBM',
  preprocessors: [''],
  fixed: { ...boosting, bagging_freq: 1 },
  ranges: {
    learning_rate: { low: 0.01, high: 0.3, log: true },
    num_leaves: { low: 4, high: 255, log: true, integer: true },
    min_child_samples: { low: 2, high: 128, log: true, integer: true },
    feature_fraction: { low: 0.3, high: 1 },
    bagging_fraction: { low: 0.5, high: 1 },
    lambda_l1: { low: 1e-4, high: 10, log: true },
    lambda_l2: { low: 1e-4, high: 100, log: true },
    cat_smooth: { low: 1, high: 100, log: true },
  },
};

export const searchSpaces: Readonly<Record<Task, readonly SearchSpace[]>> = {
  classification: [
    lightGbmSpace,
    {
      algorithm: 'LogisticRegression',
      preprocessors: ['StandardScalerWrapper', 'MaxAbsScaler'],
      fixed: {},
      ranges: { C: { low: 1e-3, high: 100, log: true } },
    },
  ],
  regression: [
    lightGbmSpace,
    {
      algorithm: 'ElasticNet',
      preprocessors: ['StandardScalerWrapper', 'MaxAbsScaler'],
      fixed: {},
      ranges: { alpha: { low: 1e-5, high: 1, log: true }, l1_ratio: { low: 0.01, high: 1 } },
    },
  ],
};
