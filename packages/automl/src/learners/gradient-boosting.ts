/**
 * Gradient boosting of shallow trees (Friedman 2001) under scikit-learn's parameter names and defaults, on our histogram engine
 * (as scikit-learn's HistGradientBoosting does).
 */
import { boostedLearner } from './gbdt/boosted-learner.ts';
import { objectiveParams } from './gbdt/objectives/objective-params.ts';
import { type BoostingParams, boostingParams } from './gbdt/params.ts';
import { type ParamValues, readParams } from './parameters.ts';

const params = {
  n_estimators: { default: 100, lowest: 0, highest: 1e6 },
  learning_rate: { default: 0.1, lowest: 1e-12, highest: 1e3 },
  max_depth: { default: 3, lowest: 1, highest: 16 },
  min_samples_leaf: { default: 1, lowest: 1, highest: 1e9 },
  /** Share of the rows each tree is grown on. */
  subsample: { default: 1, lowest: 1e-9, highest: 1 },
  /** Share of the features each tree may use. */
  max_features: { default: 1, lowest: 1e-9, highest: 1 },
  /** Rounds without a better validation loss after which training stops; 0 is never. */
  n_iter_no_change: { default: 0, lowest: 0, highest: 1e6 },
} as const;

/** scikit-learn's losses of a regression -> LightGBM's objectives. */
const objectives = {
  squared_error: 'regression',
  absolute_error: 'regression_l1',
  huber: 'huber',
  quantile: 'quantile',
} as const;

const regressionParams = {
  ...params,
  loss: { default: 'squared_error', choices: ['squared_error', 'absolute_error', 'huber', 'quantile'] },
  /** The share of `quantile`; for `huber` the error up to which the loss is squared. */
  alpha: { default: 0.9, lowest: 1e-12, highest: 1e12 },
} as const;

export const gradientBoosting = boostedLearner('GradientBoosting', ['classification', 'regression'], (given, task) => {
  if (task === 'classification')
    return { growth: growthOf(readParams('GradientBoosting', given, params)), loss: objectiveParams({}).loss };
  const { loss, alpha, ...growth } = readParams('GradientBoosting', given, regressionParams);
  return { growth: growthOf(growth), loss: objectiveParams({ objective: objectives[loss], alpha }).loss };
});

function growthOf(read: ParamValues<typeof params>): BoostingParams {
  return boostingParams({
    num_iterations: read.n_estimators,
    learning_rate: read.learning_rate,
    max_depth: read.max_depth,
    num_leaves: 2 ** read.max_depth,
    min_data_in_leaf: read.min_samples_leaf,
    // A value of one row may be split off, as there.
    min_data_in_bin: 1,
    bagging_fraction: read.subsample,
    bagging_freq: read.subsample < 1 ? 1 : 0,
    feature_fraction: read.max_features,
    early_stopping_round: read.n_iter_no_change,
  });
}
