/**
 * XGBoost's trees: depth-limited, every leaf that can be split is, with an L2 penalty. Our own histogram engine (XGBoost's
 * `tree_method=hist`) under XGBoost's parameter names and defaults. Chen and Guestrin 2016.
 */
import { boostedLearner } from './gbdt/boosted-learner.ts';
import { objectiveParams } from './gbdt/objectives/objective-params.ts';
import { type BoostingParams, boostingParams } from './gbdt/params.ts';
import { type ParamValues, readParams } from './parameters.ts';

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
} as const;

const classifierParams = {
  ...params,
  /** What a row of the second of two classes counts for. */
  scale_pos_weight: { default: 1, lowest: 1e-12, highest: 1e12 },
} as const;

/** XGBoost's objectives of a regression -> LightGBM's. */
const objectives = {
  'reg:squarederror': 'regression',
  'reg:absoluteerror': 'regression_l1',
  'reg:quantileerror': 'quantile',
  'reg:gamma': 'gamma',
  'reg:tweedie': 'tweedie',
  'count:poisson': 'poisson',
} as const;

const regressorParams = {
  ...params,
  objective: {
    default: 'reg:squarederror',
    choices: ['reg:squarederror', 'reg:absoluteerror', 'reg:quantileerror', 'reg:gamma', 'reg:tweedie', 'count:poisson'],
  },
  /** The share of `reg:quantileerror`. */
  quantile_alpha: { default: 0.5, lowest: 1e-12, highest: 1 - 1e-12 },
  tweedie_variance_power: { default: 1.5, lowest: 1, highest: 2 - 1e-9 },
} as const;

export const xgBoostClassifier = boostedLearner('XGBoostClassifier', ['classification'], (given) => {
  const { scale_pos_weight, ...growth } = readParams('XGBoost', given, classifierParams);
  return { growth: growthOf(growth), loss: objectiveParams({ scale_pos_weight }).loss };
});

export const xgBoostRegressor = boostedLearner('XGBoostRegressor', ['regression'], (given) => {
  const { objective, quantile_alpha, tweedie_variance_power, ...growth } = readParams('XGBoost', given, regressorParams);
  const loss = { objective: objectives[objective], alpha: quantile_alpha, tweedie_variance_power };
  return { growth: growthOf(growth), loss: objectiveParams(loss).loss };
});

function growthOf(read: ParamValues<typeof params>): BoostingParams {
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
    // A value of one row may be split off, as there.
    min_data_in_bin: 1,
    bagging_fraction: read.subsample,
    bagging_freq: read.subsample < 1 ? 1 : 0,
    feature_fraction: read.colsample_bytree,
    early_stopping_round: read.early_stopping_rounds,
  });
}
