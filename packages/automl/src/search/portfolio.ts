/** The first pipelines to try, and what is searched after them: each algorithm under its own library's parameter names. */
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { lossStarts } from './losses.ts';
import type { SearchSpace } from './proposals.ts';
import type { TableFacts } from './quick-starts.ts';
import { smallStarts } from './small-starts.ts';

const pipeline = (algorithm: string, params: PipelineSpec['params'] = {}, preprocessor = ''): PipelineSpec => ({
  algorithm,
  preprocessor,
  params,
});

/** Rounds are cut by early stopping on the validation rows, so a generous number costs little. */
const patient = { n_estimators: 1500, early_stopping_round: 40 };
const lightGbm = (params: Readonly<Record<string, number>>): PipelineSpec => pipeline('LightGBM', { ...patient, ...params });
const xgBoost = (algorithm: string, params: Readonly<Record<string, number>>): PipelineSpec =>
  pipeline(algorithm, { n_estimators: 1500, early_stopping_rounds: 40, ...params });
const sampled = (feature_fraction: number, bagging_fraction: number) => ({ feature_fraction, bagging_fraction, bagging_freq: 1 });
const baseline = pipeline('Prior');

/** A wider network than `MLP`'s own: better where there is time for it, two to four times as slow. */
const wide = { hidden_units: 128 };

/**
 * The baseline, LightGBM's own defaults, then models of other kinds, because an ensemble gains most from a member that errs
 * elsewhere; between them settings of boosting and of networks that complement each other: the first were taken for being the best
 * where those before them were not, over seven tables of 2,300 to 80,000 rows. The quick ones stand first: a table that is slow to
 * learn has no time for the others.
 */
const portfolios: Readonly<Record<Task, readonly PipelineSpec[]>> = {
  classification: [
    baseline,
    lightGbm({}),
    lightGbm({ ...sampled(0.8, 0.8), learning_rate: 0.05, num_leaves: 15, min_child_samples: 10, lambda_l2: 1 }),
    pipeline('LogisticRegression', { C: 1 }, 'StandardScalerWrapper'),
    xgBoost('XGBoostClassifier', { learning_rate: 0.05, max_depth: 5, subsample: 0.8, colsample_bytree: 0.6 }),
    lightGbm({ ...sampled(0.6, 0.7), learning_rate: 0.03, num_leaves: 63, min_child_samples: 40, lambda_l2: 5 }),
    pipeline('MLP', {}, 'StandardScalerWrapper'),
    pipeline('ExtremeRandomTrees', { n_estimators: 100, min_samples_leaf: 2 }),
    pipeline('RandomForest', { n_estimators: 100, min_samples_leaf: 2 }),
    lightGbm({
      ...sampled(0.6, 0.6),
      learning_rate: 0.02,
      num_leaves: 13,
      min_child_samples: 40,
      lambda_l1: 0.1,
      lambda_l2: 1,
    }),
    lightGbm({ ...sampled(0.5, 0.8), learning_rate: 0.04, num_leaves: 127, min_child_samples: 10, lambda_l2: 3 }),
    lightGbm({ ...sampled(0.5, 0.9), learning_rate: 0.05, num_leaves: 31, min_child_samples: 5, lambda_l2: 10 }),
    pipeline('MLP', wide, 'StandardScalerWrapper'),
    xgBoost('XGBoostClassifier', { learning_rate: 0.03, max_depth: 8, subsample: 0.8, colsample_bytree: 0.6 }),
    lightGbm({ learning_rate: 0.05, num_leaves: 7, min_child_samples: 10, feature_fraction: 0.9, lambda_l2: 0.1 }),
    pipeline('SVM', { C: 1 }, 'StandardScalerWrapper'),
  ],
  regression: [
    baseline,
    lightGbm({}),
    lightGbm({ ...sampled(0.8, 0.8), learning_rate: 0.05, num_leaves: 15, min_child_samples: 10, lambda_l2: 1 }),
    pipeline('ElasticNet', { alpha: 0.001, l1_ratio: 0.5 }, 'StandardScalerWrapper'),
    xgBoost('XGBoostRegressor', { learning_rate: 0.05, max_depth: 6, subsample: 0.8, colsample_bytree: 0.8 }),
    lightGbm({ ...sampled(0.7, 0.8), learning_rate: 0.03, num_leaves: 63, min_child_samples: 20, lambda_l2: 1 }),
    pipeline('MLP', {}, 'StandardScalerWrapper'),
    pipeline('ExtremeRandomTrees', { n_estimators: 100, max_features: 1 }),
    pipeline('RandomForest', { n_estimators: 100, min_samples_leaf: 2 }),
    lightGbm({ learning_rate: 0.05, num_leaves: 7, min_child_samples: 3, feature_fraction: 0.9, lambda_l2: 0.01 }),
    pipeline('MLP', wide, 'StandardScalerWrapper'),
    pipeline('ExtremeRandomTrees', { n_estimators: 100, max_features: 0.6, min_samples_leaf: 3 }),
    pipeline('KNN', { n_neighbors: 8, weights: 'distance' }, 'StandardScalerWrapper'),
    lightGbm({ ...sampled(0.5, 0.8), learning_rate: 0.04, num_leaves: 127, min_child_samples: 10, lambda_l2: 3 }),
    lightGbm({ ...sampled(0.5, 0.7), learning_rate: 0.02, num_leaves: 31, min_child_samples: 5, lambda_l2: 3 }),
    xgBoost('XGBoostRegressor', { learning_rate: 0.1, max_depth: 3, subsample: 0.8, colsample_bytree: 0.8 }),
  ],
};

/** Models that answer for all classes at once, while boosting grows a tree a class a round. */
const atOnce: ReadonlySet<string> = new Set(['LogisticRegression', 'ExtremeRandomTrees', 'MLP', 'RandomForest']);

/** With more numbers to answer with boosting comes later, but for its defaults and what other losses suit the target. */
export function portfolioOf(task: Task, facts: TableFacts): readonly PipelineSpec[] {
  const [first, boosting, ...others] = portfolios[task] as [PipelineSpec, PipelineSpec, ...PipelineSpec[]];
  const defaults = [boosting, ...lossStarts(facts.losses), ...smallStarts(task, facts)];
  const isLate = ({ algorithm }: PipelineSpec): boolean => facts.outputs > 1 && !atOnce.has(algorithm);
  return [first, ...defaults, ...others.toSorted((a, b) => Number(isLate(a)) - Number(isLate(b)))];
}

/**
 * Chances of algorithms that were not tried yet: `promising` ones are seen within a few dozen trials. `unlikely` ones are seldom the
 * best on any table (Fernández-Delgado et al. 2014; Gijsbers et al. 2024): a short search is not spent on them, a long one sees them.
 */
const promising = 0.15;
const unlikely = 0.02;

const lightGbmSpace: SearchSpace = {
  algorithm: 'LightGBM',
  untried: promising,
  preprocessors: [''],
  fixed: { ...patient, bagging_freq: 1 },
  ranges: {
    learning_rate: { low: 0.01, high: 0.2, log: true },
    num_leaves: { low: 4, high: 255, log: true, integer: true },
    min_child_samples: { low: 2, high: 128, log: true, integer: true },
    feature_fraction: { low: 0.3, high: 1 },
    bagging_fraction: { low: 0.5, high: 1 },
    lambda_l1: { low: 1e-4, high: 10, log: true },
    lambda_l2: { low: 1e-4, high: 100, log: true },
    cat_smooth: { low: 1, high: 100, log: true },
  },
};

const xgBoostSpace = (algorithm: string): SearchSpace => ({
  algorithm,
  untried: promising,
  preprocessors: [''],
  fixed: { n_estimators: 1500, early_stopping_rounds: 40 },
  ranges: {
    learning_rate: { low: 0.01, high: 0.3, log: true },
    max_depth: { low: 2, high: 10, integer: true },
    min_child_weight: { low: 0.5, high: 16, log: true },
    subsample: { low: 0.5, high: 1 },
    colsample_bytree: { low: 0.3, high: 1 },
    reg_alpha: { low: 1e-4, high: 10, log: true },
    reg_lambda: { low: 1e-3, high: 100, log: true },
  },
});

const gradientBoostingSpace: SearchSpace = {
  algorithm: 'GradientBoosting',
  untried: promising,
  preprocessors: [''],
  fixed: { n_estimators: 1500, n_iter_no_change: 40 },
  ranges: {
    learning_rate: { low: 0.02, high: 0.3, log: true },
    max_depth: { low: 2, high: 8, integer: true },
    min_samples_leaf: { low: 1, high: 64, log: true, integer: true },
    subsample: { low: 0.5, high: 1 },
    max_features: { low: 0.3, high: 1 },
  },
};

const forestSpace = (algorithm: string): SearchSpace => ({
  algorithm,
  untried: promising,
  preprocessors: [''],
  fixed: { n_estimators: 100 },
  ranges: {
    max_features: { low: 0.1, high: 1 },
    min_samples_leaf: { low: 1, high: 32, log: true, integer: true },
    max_leaf_nodes: { low: 32, high: 1024, log: true, integer: true },
  },
});

const treeSpace: SearchSpace = {
  algorithm: 'DecisionTree',
  untried: unlikely,
  preprocessors: [''],
  fixed: {},
  ranges: {
    max_leaf_nodes: { low: 4, high: 256, log: true, integer: true },
    min_samples_leaf: { low: 1, high: 64, log: true, integer: true },
  },
};

/** What Azure ML puts before a linear model: columns brought to one size, rows brought to length 1, or few directions in place of all columns. */
const scalers = ['StandardScalerWrapper', 'MaxAbsScaler', 'RobustScaler'];
const reshaping = ['SparseNormalizer', 'TruncatedSVDWrapper', 'PCA'];
const standard = ['StandardScalerWrapper'];

const nearestNeighbours: SearchSpace = {
  algorithm: 'KNN',
  untried: promising,
  preprocessors: standard,
  fixed: { weights: 'distance' },
  ranges: { n_neighbors: { low: 2, high: 100, log: true, integer: true } },
};

/** A small network: our own name, for Azure has none for it. */
const network: SearchSpace = {
  algorithm: 'MLP',
  untried: promising,
  preprocessors: standard,
  fixed: {},
  ranges: {
    hidden_units: { low: 16, high: 256, log: true, integer: true },
    hidden_layers: { low: 1, high: 2, integer: true },
    alpha: { low: 1e-6, high: 1, log: true },
    learning_rate_init: { low: 3e-4, high: 1e-2, log: true },
  },
};

/** Kernel ridge regression: ours, as `MLP` is. */
const gaussianProcess: SearchSpace = {
  algorithm: 'GaussianProcess',
  untried: promising,
  preprocessors: standard,
  fixed: {},
  ranges: {
    alpha: { low: 3e-3, high: 3, log: true },
    gamma_scale: { low: 3e-3, high: 1, log: true },
    linear_scale: { low: 0.03, high: 10, log: true },
  },
};

const smoothing = { alpha: { low: 0.01, high: 10, log: true } };

export const searchSpaces: Readonly<Record<Task, readonly SearchSpace[]>> = {
  classification: [
    lightGbmSpace,
    xgBoostSpace('XGBoostClassifier'),
    gradientBoostingSpace,
    forestSpace('RandomForest'),
    forestSpace('ExtremeRandomTrees'),
    {
      algorithm: 'LogisticRegression',
      untried: promising,
      preprocessors: [...scalers, ...reshaping],
      fixed: {},
      ranges: { C: { low: 1e-3, high: 100, log: true } },
    },
    network,
    nearestNeighbours,
    {
      algorithm: 'SVM',
      untried: promising,
      preprocessors: standard,
      fixed: {},
      ranges: { C: { low: 0.03, high: 100, log: true }, gamma_scale: { low: 0.03, high: 10, log: true } },
    },
    {
      algorithm: 'LinearSVM',
      untried: unlikely,
      preprocessors: [...standard, ...reshaping],
      fixed: {},
      ranges: { C: { low: 1e-3, high: 30, log: true } },
    },
    {
      algorithm: 'SGD',
      untried: unlikely,
      preprocessors: [...standard, ...reshaping],
      fixed: { loss: 'log_loss', average: true },
      ranges: { alpha: { low: 1e-6, high: 0.1, log: true } },
    },
    {
      algorithm: 'AveragedPerceptronClassifier',
      untried: unlikely,
      preprocessors: standard,
      fixed: {},
      ranges: { max_iter: { low: 2, high: 50, log: true, integer: true } },
    },
    { algorithm: 'BernoulliNaiveBayes', untried: unlikely, preprocessors: standard, fixed: {}, ranges: smoothing },
    // It counts: numbers below 0 are refused.
    { algorithm: 'MultinomialNaiveBayes', untried: unlikely, preprocessors: ['MinMaxScaler'], fixed: {}, ranges: smoothing },
    treeSpace,
  ],
  regression: [
    lightGbmSpace,
    xgBoostSpace('XGBoostRegressor'),
    gradientBoostingSpace,
    forestSpace('RandomForest'),
    forestSpace('ExtremeRandomTrees'),
    {
      algorithm: 'ElasticNet',
      untried: promising,
      preprocessors: [...scalers, ...reshaping],
      fixed: {},
      ranges: { alpha: { low: 1e-5, high: 1, log: true }, l1_ratio: { low: 0.01, high: 1 } },
    },
    {
      algorithm: 'Ridge',
      untried: unlikely,
      preprocessors: [...scalers, ...reshaping],
      fixed: {},
      ranges: { alpha: { low: 1e-3, high: 1e4, log: true } },
    },
    {
      algorithm: 'LassoLars',
      untried: unlikely,
      preprocessors: scalers,
      fixed: {},
      ranges: { alpha: { low: 1e-5, high: 1, log: true } },
    },
    network,
    gaussianProcess,
    nearestNeighbours,
    {
      algorithm: 'SGD',
      untried: unlikely,
      preprocessors: [...standard, ...reshaping],
      fixed: { average: true },
      ranges: { alpha: { low: 1e-6, high: 0.1, log: true }, eta0: { low: 1e-3, high: 0.1, log: true } },
    },
    treeSpace,
  ],
};
