/** Random forest (Breiman 2001): trees on rows drawn with replacement, each leaf looking at a few features. */
import { type ForestModel, forestLearner } from './forest/forest.ts';
import type { Learner } from './learner.ts';

export const randomForest: Learner<ForestModel> = forestLearner({
  name: 'RandomForest',
  trees: 100,
  bootstrap: true,
  fewFeatures: true,
  randomThresholds: false,
});
