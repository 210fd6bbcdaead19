/**
 * LightGBM: histogram gradient boosting with leaf-wise trees, category splits and a learned side for missing values.
 * Our own engine under LightGBM's parameter names, defaults and meanings (see `gbdt/params.ts`).
 * Ke et al. 2017, "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
 */
import { boostedLearner } from './gbdt/boosted-learner.ts';
import { boostingParams } from './gbdt/params.ts';

export const lightGbm = boostedLearner('LightGBM', ['classification', 'regression'], boostingParams);
