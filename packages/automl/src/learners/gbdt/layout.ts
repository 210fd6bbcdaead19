/**
 * The features of a binned table as one integer array, as the kernels read them: four a feature, at `4 * feature`. A histogram holds
 * the bins of all features one after another, two float64 (sum of gradients, of hessians) a bin.
 */
import type { FeatureBins } from './binning.ts';

/** Integers a feature. */
export const FEATURE_INTS = 4;

/** Which integer of a feature is what. */
export const FIRST_BIN = 0;
export const BIN_COUNT = 1;
/** Bins of values; 0 for categories. */
export const VALUE_BINS = 2;
/** The bin of missing values, or -1. */
export const MISSING_BIN = 3;

/** Writes the layout of `features` into `into`. @returns the number of bins of all features. */
export function writeLayout(features: readonly FeatureBins[], into: Int32Array): number {
  let firstBin = 0;
  features.forEach((bins, feature) => {
    const isNumeric = bins.kind === 'numeric';
    const valueBins = isNumeric ? bins.upperBounds.length : 0;
    into.set([firstBin, bins.binCount, valueBins, isNumeric ? bins.missingBin : -1], FEATURE_INTS * feature);
    firstBin += bins.binCount;
  });
  return firstBin;
}

/** The bins of one feature in a histogram. */
export function binsOf(layout: Int32Array, feature: number, histogram: Float64Array): Float64Array {
  const begin = 2 * (layout[FEATURE_INTS * feature + FIRST_BIN] as number);
  return histogram.subarray(begin, begin + 2 * (layout[FEATURE_INTS * feature + BIN_COUNT] as number));
}
