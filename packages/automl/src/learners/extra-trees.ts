/** Extremely randomised trees (Geurts, Ernst, Wehenkel 2006): all rows, a few features a leaf, thresholds drawn at random. */
import { type ForestModel, forestLearner } from './forest/forest.ts';
import type { Learner } from './learner.ts';

export const extraTrees: Learner<ForestModel> = forestLearner({
  name: 'ExtremeRandomTrees',
  trees: 100,
  bootstrap: false,
  fewFeatures: true,
  randomThresholds: true,
});
