/** One tree on all rows and features (Breiman et al. 1984). */
import { type ForestModel, forestLearner } from './forest/forest.ts';
import type { Learner } from './learner.ts';

export const decisionTree: Learner<ForestModel> = forestLearner({
  name: 'DecisionTree',
  trees: 1,
  bootstrap: false,
  fewFeatures: false,
  randomThresholds: false,
});
