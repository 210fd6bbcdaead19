/**
 * LightGBM: histogram gradient boosting with leaf-wise trees, category splits and a learned side for missing values.
 * Our own engine under LightGBM's parameter names, defaults and meanings: `gbdt/params.ts` has those of growth,
 * `gbdt/objectives/objective-params.ts` those of the loss. Equal parameters give LightGBM's trees, but for what is drawn at random.
 * Ke et al. 2017, "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
 */
import { boostedLearner } from './gbdt/boosted-learner.ts';
import { objectiveParams } from './gbdt/objectives/objective-params.ts';
import { boostingParams } from './gbdt/params.ts';

export const lightGbm = boostedLearner('LightGBM', ['classification', 'regression'], (given) => {
  const { loss, others } = objectiveParams(given);
  return { growth: boostingParams(others), loss };
});
