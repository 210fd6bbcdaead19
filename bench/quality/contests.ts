/** Which learner meets which peer, with the same parameters on both sides. */
import type { LearnerParams, Task } from '../../packages/automl/src/learners/learner.ts';

export type Contest = {
  readonly name: string;
  readonly algorithm: string;
  readonly params: LearnerParams;
  /** A Python expression: an estimator with `fit`, `predict`, `predict_proba`. */
  readonly peer: string;
  /** `raw`: numbers and category codes. `one-hot`: the peer has no categories, ours does. `scaled`: standardised numbers. `unit`: from 0 to 1. */
  readonly input: 'raw' | 'one-hot' | 'scaled' | 'unit';
  readonly tasks: readonly Task[];
  /** Rows beyond which it takes too long, or our learner refuses. */
  readonly mostRows: number;
};

const both = ['classification', 'regression'] as const;
const classification = ['classification'] as const;
const regression = ['regression'] as const;
const SMALL = 3000;

const contest = (
  algorithm: string,
  params: LearnerParams,
  peer: string,
  input: Contest['input'],
  tasks: readonly Task[],
  mostRows = SMALL,
): Contest => ({
  name: [algorithm, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' '),
  algorithm,
  params,
  peer,
  input,
  tasks,
  mostRows,
});

const calibrated = (estimator: string): string => `CalibratedClassifierCV(${estimator}, cv=5, ensemble=False)`;

export const contests: readonly Contest[] = [
  contest('LightGBM', {}, 'lightgbm(verbose=-1, n_jobs=1)', 'raw', both, 1e9),
  contest(
    'LightGBM',
    { learning_rate: 0.05, num_leaves: 7, min_child_samples: 10, lambda_l2: 1 },
    'lightgbm(verbose=-1, n_jobs=1, learning_rate=0.05, num_leaves=7, min_child_samples=10, reg_lambda=1)',
    'raw',
    both,
    1e9,
  ),
  contest('XGBoostClassifier', {}, 'xgboost(n_jobs=1, tree_method="hist")', 'one-hot', classification),
  contest('XGBoostRegressor', {}, 'xgboost(n_jobs=1, tree_method="hist")', 'one-hot', regression),
  contest('GradientBoosting', {}, 'GradientBoosting(random_state=seed)', 'one-hot', both),
  contest('RandomForest', {}, 'RandomForest(100, random_state=seed)', 'one-hot', both),
  contest('RandomForest', { min_samples_leaf: 5 }, 'RandomForest(100, min_samples_leaf=5, random_state=seed)', 'one-hot', both),
  contest('ExtremeRandomTrees', {}, 'ExtraTrees(100, random_state=seed)', 'one-hot', both),
  contest(
    'ExtremeRandomTrees',
    { min_samples_leaf: 5 },
    'ExtraTrees(100, min_samples_leaf=5, random_state=seed)',
    'one-hot',
    both,
  ),
  contest(
    'DecisionTree',
    { max_leaf_nodes: 31, min_samples_leaf: 10 },
    'DecisionTree(max_leaf_nodes=31, min_samples_leaf=10, random_state=seed)',
    'one-hot',
    both,
  ),
  contest('LogisticRegression', { C: 1 }, 'LogisticRegression(C=1, max_iter=1000)', 'scaled', classification),
  contest(
    'LogisticRegression',
    { C: 1, class_weight: 'balanced' },
    'LogisticRegression(C=1, class_weight="balanced", max_iter=1000)',
    'scaled',
    classification,
  ),
  contest(
    'LogisticRegression',
    { C: 0.1, penalty: 'l1' },
    'LogisticRegression(C=0.1, l1_ratio=1, solver="saga", max_iter=3000)',
    'scaled',
    classification,
  ),
  contest(
    'LogisticRegression',
    { C: 0.3, penalty: 'elasticnet', l1_ratio: 0.5 },
    'LogisticRegression(C=0.3, l1_ratio=0.5, solver="saga", max_iter=3000)',
    'scaled',
    classification,
  ),
  contest('LinearSVM', {}, calibrated('LinearSVC(C=1, dual=False)'), 'scaled', classification),
  contest('SVM', {}, calibrated('SVC(C=1)'), 'scaled', classification),
  contest('SGD', {}, calibrated('SGDClassifier(random_state=seed)'), 'scaled', classification),
  contest(
    'SGD',
    { loss: 'log_loss', average: true },
    'SGDClassifier(loss="log_loss", average=True, random_state=seed)',
    'scaled',
    classification,
  ),
  contest(
    'AveragedPerceptronClassifier',
    { max_iter: 10 },
    calibrated(
      'SGDClassifier(loss="perceptron", learning_rate="constant", eta0=1, penalty=None, average=True, max_iter=10, tol=None, random_state=seed)',
    ),
    'scaled',
    classification,
  ),
  contest('KNN', {}, 'KNeighbors()', 'scaled', both),
  contest('KNN', { n_neighbors: 25, weights: 'distance' }, 'KNeighbors(25, weights="distance")', 'scaled', both),
  contest('BernoulliNaiveBayes', {}, 'BernoulliNB()', 'scaled', classification),
  contest('MultinomialNaiveBayes', {}, 'MultinomialNB()', 'unit', classification),
  contest('Ridge', { alpha: 1 }, 'Ridge(alpha=1)', 'scaled', regression),
  contest('ElasticNet', { alpha: 0.01 }, 'ElasticNet(alpha=0.01)', 'scaled', regression),
  contest(
    'GaussianProcess',
    { alpha: 0.1, gamma_scale: 0.3, linear_scale: 0 },
    'scaled_target(radial_ridge(alpha=0.1, gamma_scale=0.3))',
    'scaled',
    regression,
  ),
  contest('LassoLars', { alpha: 0.1 }, 'Lasso(alpha=0.1)', 'scaled', regression),
  contest('SGD', {}, 'scaled_target(SGDRegressor(random_state=seed))', 'scaled', regression),
  contest(
    'MLP',
    {},
    'MLPClassifier((64, 64), batch_size=64, early_stopping=True, n_iter_no_change=15, random_state=seed)',
    'scaled',
    classification,
  ),
  contest(
    'MLP',
    {},
    'scaled_target(MLPRegressor(hidden_layer_sizes=(64, 64), batch_size=64, early_stopping=True, n_iter_no_change=15, random_state=seed))',
    'scaled',
    regression,
  ),
];
