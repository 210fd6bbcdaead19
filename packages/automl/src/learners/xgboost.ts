/**
 * XGBoost's trees: depth-limited, every leaf that can be split is, with an L2 penalty. Our own histogram engine (XGBoost's
 * `tree_method=hist`) under XGBoost's parameter names and defaults. Chen and Guestrin 2016.
 */
import { boostedLearner } from './gbdt/boosted-learner.ts';
import { type BoostingParams, boostingParams } from './gbdt/params.ts';
import type { LearnerParams } from './learner.ts';
import { readParams } from './parameters.ts';

const params = {
  n_estimators: { default: 100, lowest: 0, highest: 1e6 },
  learning_rate: { default: 0.3, lowest: 1e-12, highest: 1e3 },
  max_depth: { default: 6, lowest: 1, highest: 16 },
  /** Least sum of hessians in a leaf. */
  min_child_weight: { default: 1, lowest: 0, highest: 1e12 },
  gamma: { default: 0, lowest: 0, highest: 1e12 },
  reg_alpha: { default: 0, lowest: 0, highest: 1e12 },
  reg_lambda: { default: 1, lowest: 0, highest: 1e12 },
  /** Share of the rows each tree is grown on. */
  subsample: { default: 1, lowest: 1e-9, highest: 1 },
  colsample_bytree: { default: 1, lowest: 1e-9, highest: 1 },
  early_stopping_rounds: { default: 0, lowest: 0, highest: 1e6 },
};

function paramsOf(given: LearnerParams): BoostingParams {
  const read = readParams('XGBoost', given, params);
  return boostingParams({
    num_iterations: read.n_estimators,
    learning_rate: read.learning_rate,
    max_depth: read.max_depth,
    num_leaves: 2 ** read.max_depth,
    min_data_in_leaf: 1,
    min_sum_hessian_in_leaf: read.min_child_weight,
    min_gain_to_split: 2 * read.gamma,
    lambda_l1: read.reg_alpha,
    lambda_l2: read.reg_lambda,
    bagging_fraction: read.subsample,
    bagging_freq: read.subsample < 1 ? 1 : 0,
    feature_fraction: read.colsample_bytree,
    early_stopping_round: read.early_stopping_rounds,
  });
}

export const xgBoostClassifier = boostedLearner('XGBoostClassifier', ['classification'], paramsOf);

export const xgBoostRegressor = boostedLearner('XGBoostRegressor', ['regression'], paramsOf);
