/** A pipeline and its parameters in words, for people who do not know the libraries' parameter names by heart. */
import type { Trial } from '@malachite/core';

type Described = Pick<Trial, 'algorithm' | 'preprocessor' | 'parameters' | 'ensemble'>;

/** `Gradient boosted trees (LightGBM): 212 trees, learning rate 0.05, at most 31 leaves a tree, ….` */
export function describeTrial({ algorithm, preprocessor, parameters, ensemble }: Described): string {
  const kind = algorithms[algorithm];
  const name = kind === undefined ? algorithm : `${kind} (${algorithm})`;
  const settings = Object.entries(parameters).map(([parameter, value]) => settingInWords(parameter, value));
  const members = ensemble?.map(
    (member) =>
      `${algorithm === 'VotingEnsemble' ? `${percent(member.weight)} ` : ''}${member.algorithm} of trial ${member.iteration}`,
  );
  const details = [...(members ?? []), ...settings].join(', ');
  const step = preprocessors[preprocessor] ?? preprocessor;
  return `${name}${step ? ` on columns ${step}` : ''}${details ? `: ${details}` : ''}.`;
}

const algorithms: Readonly<Record<string, string>> = {
  Prior: 'The class shares or the mean of the training rows, whatever the features say',
  LightGBM: 'Gradient boosted trees, grown leaf by leaf',
  XGBoostClassifier: 'Gradient boosted trees, grown level by level',
  XGBoostRegressor: 'Gradient boosted trees, grown level by level',
  GradientBoosting: 'Gradient boosted trees',
  RandomForest: 'Trees on random rows and columns, averaged',
  ExtremeRandomTrees: 'Trees with random thresholds, averaged',
  DecisionTree: 'One decision tree',
  LogisticRegression: 'A weighted sum of the features, through a logistic curve',
  Ridge: 'A weighted sum of the features, weights kept small',
  ElasticNet: 'A weighted sum of the features, weights kept small and few',
  LassoLars: 'A weighted sum of few features',
  SGD: 'A weighted sum of the features, learned row by row',
  AveragedPerceptronClassifier: 'A weighted sum of the features, learned from mistakes',
  LinearSVM: 'A plane between the classes with the widest margin',
  SVM: 'A curved border between the classes with the widest margin',
  KNN: 'The answers of the most similar training rows',
  BernoulliNaiveBayes: 'Class shares by each feature on its own, present or not',
  MultinomialNaiveBayes: 'Class shares by each feature on its own, as counts',
  MLP: 'A small neural network',
  VotingEnsemble: 'The weighted mean of several models',
  StackEnsemble: 'A linear model over the answers of several models',
};

const preprocessors: Readonly<Record<string, string>> = {
  StandardScalerWrapper: 'scaled to standard deviation 1',
  MaxAbsScaler: 'divided by their largest absolute value',
  MinMaxScaler: 'scaled to 0 … 1',
  RobustScaler: 'scaled by their quartiles',
  SparseNormalizer: 'with every row scaled to length 1',
  TruncatedSVDWrapper: 'reduced to their singular vectors',
  PCA: 'reduced to their principal components',
};

/** `#` stands for the value. */
const settings: Readonly<Record<string, string>> = {
  n_estimators: '# trees',
  learning_rate: 'learning rate #',
  num_leaves: 'at most # leaves a tree',
  max_leaf_nodes: 'at most # leaves a tree',
  max_leaves: 'at most # leaves a tree',
  max_depth: 'at most # levels deep',
  min_child_samples: 'at least # rows a leaf',
  min_data_in_leaf: 'at least # rows a leaf',
  min_samples_leaf: 'at least # rows a leaf',
  min_samples_split: 'at least # rows to split',
  min_child_weight: 'at least # weight a leaf',
  feature_fraction: '#% of the columns a tree',
  colsample_bytree: '#% of the columns a tree',
  max_features: '#% of the columns a split',
  bagging_fraction: '#% of the rows a tree',
  subsample: '#% of the rows a tree',
  bagging_freq: 'rows drawn anew every # trees',
  lambda_l1: 'L1 penalty #',
  lambda_l2: 'L2 penalty #',
  reg_alpha: 'L1 penalty #',
  reg_lambda: 'L2 penalty #',
  alpha: 'penalty #',
  l1_ratio: '#% of the penalty on absolute weights',
  C: 'inverse penalty #',
  cat_smooth: 'categories smoothed by # rows',
  n_neighbors: '# neighbours',
  early_stopping_round: 'stops after # trees without gain',
  early_stopping_rounds: 'stops after # trees without gain',
  n_iter_no_change: 'stops after # rounds without gain',
  meta_learner: '# on top',
  temperature: 'made surer by a temperature of #',
  objective: 'loss #',
};

function settingInWords(name: string, value: unknown): string {
  if (name === 'bagging_freq' && value === 1) return 'rows drawn anew for every tree';
  const phrase = settings[name];
  const text = typeof value === 'number' ? String(Number(value.toPrecision(3))) : String(value);
  if (phrase === undefined) return `${name.replaceAll('_', ' ')} ${text}`;
  const isShare = phrase.includes('#%');
  // A share may also be given as a word, such as max_features sqrt.
  if (isShare && typeof value === 'number') return phrase.replace('#%', percent(value));
  return phrase.replace(isShare ? '#%' : '#', text);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
