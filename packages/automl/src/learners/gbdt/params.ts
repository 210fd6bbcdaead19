/**
 * LightGBM's parameters: its names, aliases, meanings and defaults.
 * Source: https://lightgbm.readthedocs.io/en/stable/Parameters.html
 */
import { MalachiteError } from '@malachite/core';

/** Values by LightGBM's main names; the defaults are LightGBM's. */
const defaults = {
  /** Boosting rounds; a multiclass round grows a tree a class. */
  num_iterations: 100,
  learning_rate: 0.1,
  /** Most leaves a tree. */
  num_leaves: 31,
  /** Most levels of splits; zero or less is no limit. */
  max_depth: -1,
  /** Fewest rows a leaf. */
  min_data_in_leaf: 20,
  min_sum_hessian_in_leaf: 1e-3,
  lambda_l1: 0,
  lambda_l2: 0,
  min_gain_to_split: 0,
  /** Share of the rows a tree is grown on, drawn anew every `bagging_freq` rounds; 0 rounds is no bagging. */
  bagging_fraction: 1,
  bagging_freq: 0,
  /** Share of the features a tree may use. */
  feature_fraction: 1,
  max_bin: 255,
  min_data_in_bin: 3,
  /** Added to a category's hessian when categories are ordered by gradient / hessian. */
  cat_smooth: 10,
  /** L2 penalty of category splits, added to `lambda_l2`. */
  cat_l2: 10,
  /** Most categories on the smaller side of a split. */
  max_cat_threshold: 32,
  /** Up to this many bins, one category against the rest. */
  max_cat_to_onehot: 4,
  /** Fewest rows a group of categories. */
  min_data_per_group: 100,
  /** Rounds without a better validation loss after which training stops; 0 is never. Needs validation rows. */
  early_stopping_round: 0,
  /** Threads that share one large fit; the trees are the same for any number. LightGBM's default is all cores, ours one: trials run side by side. */
  num_threads: 1,
};

export type BoostingParams = Readonly<typeof defaults>;

const aliases: Readonly<Record<string, keyof BoostingParams>> = {
  n_estimators: 'num_iterations',
  num_boost_round: 'num_iterations',
  n_iter: 'num_iterations',
  max_iter: 'num_iterations',
  eta: 'learning_rate',
  shrinkage_rate: 'learning_rate',
  num_leaf: 'num_leaves',
  max_leaves: 'num_leaves',
  max_leaf_nodes: 'num_leaves',
  min_child_samples: 'min_data_in_leaf',
  min_data: 'min_data_in_leaf',
  min_samples_leaf: 'min_data_in_leaf',
  min_child_weight: 'min_sum_hessian_in_leaf',
  min_sum_hessian: 'min_sum_hessian_in_leaf',
  reg_alpha: 'lambda_l1',
  reg_lambda: 'lambda_l2',
  lambda: 'lambda_l2',
  min_split_gain: 'min_gain_to_split',
  subsample: 'bagging_fraction',
  bagging: 'bagging_fraction',
  subsample_freq: 'bagging_freq',
  colsample_bytree: 'feature_fraction',
  max_bins: 'max_bin',
  num_thread: 'num_threads',
  nthread: 'num_threads',
  nthreads: 'num_threads',
  n_jobs: 'num_threads',
  early_stopping_rounds: 'early_stopping_round',
  n_iter_no_change: 'early_stopping_round',
};

/** The range each parameter must lie in, [lowest, highest]; those of whole numbers in steps of 1. */
const ranges: Readonly<Record<keyof BoostingParams, readonly [lowest: number, highest: number, whole?: 'whole']>> = {
  num_iterations: [0, 1e6, 'whole'],
  learning_rate: [1e-12, 1e3],
  num_leaves: [2, 131_072, 'whole'],
  max_depth: [-1, 1e6, 'whole'],
  min_data_in_leaf: [0, Number.MAX_SAFE_INTEGER, 'whole'],
  min_sum_hessian_in_leaf: [0, Number.MAX_VALUE],
  lambda_l1: [0, Number.MAX_VALUE],
  lambda_l2: [0, Number.MAX_VALUE],
  min_gain_to_split: [0, Number.MAX_VALUE],
  bagging_fraction: [1e-9, 1],
  bagging_freq: [0, 1e6, 'whole'],
  feature_fraction: [1e-9, 1],
  max_bin: [2, 255, 'whole'],
  min_data_in_bin: [1, Number.MAX_SAFE_INTEGER, 'whole'],
  cat_smooth: [0, Number.MAX_VALUE],
  cat_l2: [0, Number.MAX_VALUE],
  max_cat_threshold: [1, Number.MAX_SAFE_INTEGER, 'whole'],
  max_cat_to_onehot: [1, Number.MAX_SAFE_INTEGER, 'whole'],
  min_data_per_group: [1, Number.MAX_SAFE_INTEGER, 'whole'],
  early_stopping_round: [0, 1e6, 'whole'],
  num_threads: [1, 64, 'whole'],
};

/** Parameters that choose between ways of which this engine has one: dart, goss and random forests in LightGBM's manner are refused. */
const onlyWay: Readonly<Record<string, readonly string[]>> = {
  boosting: ['gbdt', 'gbrt'],
  boosting_type: ['gbdt', 'gbrt'],
  boost: ['gbdt', 'gbrt'],
  data_sample_strategy: ['bagging'],
  tree_learner: ['serial'],
  device_type: ['cpu'],
};

/**
 * Fills in LightGBM's defaults and resolves its aliases.
 * @throws MalachiteError `InvalidInput` for a name LightGBM does not have or we do not support, a value that is no number, or one out of range;
 * `NotSupported` for a way of boosting that this engine lacks.
 */
export function boostingParams(given: Readonly<Record<string, number | string | boolean>>): BoostingParams {
  const params: Record<keyof BoostingParams, number> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const ways = onlyWay[name];
    if (ways?.includes(String(value))) continue;
    if (ways !== undefined) {
      const sentence = `LightGBM parameter "${name}" is ${String(value)}; this engine has ${ways[0]} only.`;
      throw new MalachiteError('NotSupported', sentence);
    }
    const main = Object.hasOwn(defaults, name) ? (name as keyof BoostingParams) : aliases[name];
    if (main === undefined) {
      const known = Object.keys(defaults).join(', ');
      throw new MalachiteError('InvalidInput', `LightGBM parameter "${name}" is not one of: ${known} (or an alias of one).`);
    }
    const [lowest, highest, whole] = ranges[main];
    const isAllowed = typeof value === 'number' && value >= lowest && value <= highest && (!whole || Number.isInteger(value));
    if (!isAllowed) {
      const kind = whole ? 'a whole number' : 'a number';
      throw new MalachiteError(
        'InvalidInput',
        `LightGBM parameter "${name}" is ${String(value)}; it must be ${kind} in [${lowest}, ${highest}].`,
      );
    }
    params[main] = value;
  }
  return params;
}
