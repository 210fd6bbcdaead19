/** Azure ML's algorithm names: which of them this engine has, and which a job allows. */
import { MalachiteError } from '@malachite/core';
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { portfolios, searchSpaces } from './portfolio.ts';
import type { SearchSpace } from './proposals.ts';

/** Every name Azure ML knows for tables. */
const azureNames: Readonly<Record<Task, readonly string[]>> = {
  classification: [
    ...['LogisticRegression', 'SGD', 'MultinomialNaiveBayes', 'BernoulliNaiveBayes', 'SVM', 'LinearSVM', 'KNN', 'DecisionTree'],
    ...[
      'RandomForest',
      'ExtremeRandomTrees',
      'LightGBM',
      'GradientBoosting',
      'XGBoostClassifier',
      'AveragedPerceptronClassifier',
    ],
    ...['TabnetClassifier', 'TensorFlowDNN', 'TensorFlowLinearClassifier'],
  ],
  regression: [
    ...[
      'ElasticNet',
      'GradientBoosting',
      'DecisionTree',
      'KNN',
      'LassoLars',
      'SGD',
      'RandomForest',
      'ExtremeRandomTrees',
      'LightGBM',
    ],
    ...[
      'XGBoostRegressor',
      'FastLinearRegressor',
      'OnlineGradientDescentRegressor',
      'TabnetRegressor',
      'TensorFlowDNN',
      'TensorFlowLinearRegressor',
    ],
  ],
};

export type Algorithms = {
  readonly portfolio: readonly PipelineSpec[];
  readonly spaces: readonly SearchSpace[];
  /** Names the job allows and this engine lacks, each a sentence. */
  readonly notes: readonly string[];
};

/**
 * What to search under a job's allowed and blocked names. The baseline (`Prior`) is always tried: without it nobody can
 * tell whether anything was learned.
 *
 * @throws MalachiteError `InvalidInput` for a name Azure ML does not know, `NotSupported` when nothing that this engine has is left.
 */
export function chooseAlgorithms(
  task: Task,
  allowed: readonly string[] | undefined,
  blocked: readonly string[] = [],
): Algorithms {
  const byLowerCase = new Map(azureNames[task].map((name) => [name.toLowerCase(), name]));
  const known = (given: string): string => {
    const name = byLowerCase.get(given.replaceAll('_', '').toLowerCase());
    if (!name)
      throw new MalachiteError(
        'InvalidInput',
        `"${given}" is not a ${task} algorithm of Azure ML. Names: ${azureNames[task].join(', ')}.`,
      );
    return name;
  };
  const spaces = searchSpaces[task];
  const engines = new Set(spaces.map((space) => space.algorithm));
  const wanted = new Set((allowed ?? [...engines]).map(known));
  const unwanted = new Set(blocked.map(known));
  const chosen = new Set([...wanted].filter((name) => !unwanted.has(name)));
  const missing = [...chosen].filter((name) => !engines.has(name));
  const kept = (algorithm: string): boolean => chosen.has(algorithm);
  if (!spaces.some((space) => kept(space.algorithm))) {
    throw new MalachiteError(
      'NotSupported',
      `None of the allowed algorithms is left to try. This engine has ${[...engines].join(', ')} for ${task}.`,
    );
  }
  return {
    portfolio: portfolios[task].filter(({ algorithm }) => algorithm === 'Prior' || kept(algorithm)),
    spaces: spaces.filter((space) => kept(space.algorithm)),
    notes: missing.map((name) => `${name} is skipped: this engine has no ${name}.`),
  };
}
