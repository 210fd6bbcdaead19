/** What is tried right after the baseline where boosting is slow to learn. */
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { Loss } from './losses.ts';

/** What is known of a table before any trial. */
export type TableFacts = {
  readonly rows: number;
  readonly columns: number;
  /** Numbers that a model answers with: one a class where there are more than two. */
  readonly outputs: number;
  /** What boosting may lower; none for classes. */
  readonly losses: readonly Loss[];
};

/**
 * From this product of rows, columns and outputs on, a round of boosting takes so long that the first model would come late or, where
 * time is short, never. The size decides, not a clock, so that trials are the same everywhere.
 */
const SLOW_TO_LEARN = 1e6;

/** Few trees that look at few columns, and models that read the table once; nothing for a table that is quick to learn. */
export function quickStarts(task: Task, { rows, columns, outputs }: TableFacts): readonly PipelineSpec[] {
  return rows * columns * outputs > SLOW_TO_LEARN ? starts[task] : [];
}

const fewTrees = {
  algorithm: 'ExtremeRandomTrees',
  preprocessor: '',
  params: { n_estimators: 20, min_samples_leaf: 2, max_leaf_nodes: 256 },
};
const fewRounds = {
  algorithm: 'LightGBM',
  preprocessor: '',
  params: { n_estimators: 20, learning_rate: 0.2, num_leaves: 7, feature_fraction: 0.3 },
};

const starts: Readonly<Record<Task, readonly PipelineSpec[]>> = {
  classification: [fewTrees, { algorithm: 'BernoulliNaiveBayes', preprocessor: 'StandardScalerWrapper', params: {} }, fewRounds],
  regression: [fewTrees, fewRounds],
};
