/** The list of learners. A new one is a new file and one line here. */
import { MalachiteError } from '@malachite/core';
import { averagedPerceptronClassifier } from './averaged-perceptron.ts';
import { bernoulliNaiveBayes } from './bernoulli-naive-bayes.ts';
import { withClassWeight } from './class-weights.ts';
import { decisionTree } from './decision-tree.ts';
import { elasticNet, lassoLars } from './elastic-net.ts';
import { extraTrees } from './extra-trees.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { gradientBoosting } from './gradient-boosting.ts';
import { knn } from './knn.ts';
import type { Learner } from './learner.ts';
import { lightGbm } from './lightgbm.ts';
import { linearSvm } from './linear-svm.ts';
import { logisticRegression } from './logistic-regression.ts';
import { mlp } from './mlp.ts';
import { multinomialNaiveBayes } from './multinomial-naive-bayes.ts';
import { prior } from './prior.ts';
import { randomForest } from './random-forest.ts';
import { ridge } from './ridge.ts';
import { sgd } from './sgd.ts';
import { svm } from './svm.ts';
import { xgBoostClassifier, xgBoostRegressor } from './xgboost.ts';

const all: readonly Learner<unknown>[] = [
  lightGbm,
  xgBoostClassifier,
  xgBoostRegressor,
  gradientBoosting,
  randomForest,
  extraTrees,
  decisionTree,
  logisticRegression,
  ridge,
  elasticNet,
  lassoLars,
  gaussianProcess,
  knn,
  bernoulliNaiveBayes,
  multinomialNaiveBayes,
  linearSvm,
  sgd,
  averagedPerceptronClassifier,
  svm,
  mlp,
];

/** All but the baseline take `class_weight`, and all take sample weights. */
export const learners: readonly Learner<unknown>[] = [prior, ...all.map(withClassWeight)];

/** @throws MalachiteError `NotSupported` for a name without an engine here. */
export function requireLearner(name: string): Learner<unknown> {
  const learner = learners.find((candidate) => candidate.name === name);
  if (learner !== undefined) return learner;
  throw new MalachiteError(
    'NotSupported',
    `Algorithm "${name}" is not supported. Supported: ${learners.map((known) => known.name).join(', ')}.`,
  );
}
