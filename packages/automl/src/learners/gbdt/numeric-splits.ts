/** The best threshold of a number feature, and the side its missing values go to. */
import type { NumericBins } from './binning.ts';
import { FOUND_NUMBERS, type LeafLimits } from './kernels.ts';
import { binsOf, FEATURE_INTS, MISSING_BIN, VALUE_BINS } from './layout.ts';
import { type Candidate, leafGain, rowsOf, TINY } from './split.ts';

/** The kernel `searchThresholds` in plain TypeScript. */
export function searchThresholds(
  layout: Int32Array,
  features: Int32Array,
  histogram: Float64Array,
  limits: LeafLimits,
  found: Float64Array,
): void {
  features.forEach((feature, i) => {
    const valueBins = layout[FEATURE_INTS * feature + VALUE_BINS] as number;
    const missingBin = layout[FEATURE_INTS * feature + MISSING_BIN] as number;
    found.set(bestThreshold(binsOf(layout, feature, histogram), valueBins, missingBin, limits), FOUND_NUMBERS * i);
  });
}

/**
 * As LightGBM's FindBestThresholdSequentially: from the right with missing values on the left, then, where the feature has any, from
 * the left with them on the right. Of equal gains the first one met stays.
 * @returns the numbers of one feature; TINY is still in the hessian.
 */
function bestThreshold(
  sums: Float64Array,
  valueBins: number,
  missingBin: number,
  limits: LeafLimits,
): [gain: number, lastLeftBin: number, missingLeft: number, gradient: number, hessian: number] {
  const { leastRows, leastHessian, lambdaL1, lambdaL2, floor } = limits;
  const rowsPerHessian = limits.count / limits.hessian;
  let bestGain = floor;
  let bestBin = -1;
  let bestMissingLeft = 0;
  let bestGradient = 0;
  let bestHessian = TINY;

  let right = 0;
  let rightHessian = TINY;
  let rightRows = 0;
  for (let bin = valueBins - 1; bin > 0; bin--) {
    right += sums[2 * bin] as number;
    rightHessian += sums[2 * bin + 1] as number;
    rightRows += rowsOf(sums[2 * bin + 1] as number, rowsPerHessian);
    if (rightRows < leastRows || rightHessian < leastHessian) continue;
    const hessian = limits.hessian - rightHessian;
    if (limits.count - rightRows < leastRows || hessian < leastHessian) break;
    const gradient = limits.gradient - right;
    const gain = leafGain(gradient, hessian, lambdaL1, lambdaL2) + leafGain(right, rightHessian, lambdaL1, lambdaL2);
    if (gain <= bestGain) continue;
    bestGain = gain;
    bestBin = bin - 1;
    bestMissingLeft = 1;
    bestGradient = gradient;
    bestHessian = hessian;
  }

  let left = 0;
  let leftHessian = TINY;
  let leftRows = 0;
  // All values left, only missing ones right, is a split too.
  for (let bin = 0; missingBin >= 0 && bin < valueBins; bin++) {
    left += sums[2 * bin] as number;
    leftHessian += sums[2 * bin + 1] as number;
    leftRows += rowsOf(sums[2 * bin + 1] as number, rowsPerHessian);
    if (leftRows < leastRows || leftHessian < leastHessian) continue;
    const hessian = limits.hessian - leftHessian;
    if (limits.count - leftRows < leastRows || hessian < leastHessian) break;
    const gain = leafGain(left, leftHessian, lambdaL1, lambdaL2) + leafGain(limits.gradient - left, hessian, lambdaL1, lambdaL2);
    if (gain <= bestGain) continue;
    bestGain = gain;
    bestBin = bin;
    bestMissingLeft = 0;
    bestGradient = left;
    bestHessian = leftHessian;
  }
  return [bestBin < 0 ? 0 : bestGain - floor, bestBin, bestMissingLeft, bestGradient, bestHessian];
}

/**
 * The split that `searchThresholds` found for its `i`-th feature, whose gain is above 0.
 * @param sums the feature's bins in the leaf's histogram.
 */
export function foundSplit(
  found: Float64Array,
  i: number,
  feature: number,
  { missingBin }: NumericBins,
  sums: Float64Array,
  limits: LeafLimits,
): Candidate {
  const at = FOUND_NUMBERS * i;
  const gradient = found[at + 3] as number;
  const hessian = found[at + 4] as number;
  const anyMissing = missingBin >= 0 && rowsOf(sums[2 * missingBin + 1] as number, limits.count / limits.hessian) > 0;
  return {
    feature,
    gain: found[at] as number,
    // Where training saw nothing missing, a missing value later follows the larger child.
    missingLeft: anyMissing ? found[at + 2] === 1 : 2 * hessian > limits.hessian,
    lastLeftBin: found[at + 1] as number,
    leftBins: [],
    leftGradient: gradient,
    leftHessian: hessian - TINY,
    rightGradient: limits.gradient - gradient,
    rightHessian: limits.hessian - hessian - TINY,
    lambdaL2: limits.lambdaL2,
  };
}
