import { MalachiteError } from '@malachite/core';
import type { FeatureMatrix } from '../featurization/features.ts';

/** @throws MalachiteError `InvalidInput` when there is nothing to learn from. */
export function requireFeatures(features: FeatureMatrix): FeatureMatrix {
  if (features.numeric.length + features.categorical.length > 0) return features;
  throw new MalachiteError('InvalidInput', 'No feature is left to learn from: the text columns have no word that repeats.');
}
