/** The best threshold of a number feature, and the side its missing values go to. */
import type { NumericBins } from './binning.ts';
import type { BoostingParams } from './params.ts';
import { type Candidate, type LeafSums, leafGain, leastOfSide, rowsOf, TINY } from './split.ts';

/** Finds the split of one number feature with the largest gain above 0, or undefined. */
export type NumericSearch = (
  feature: number,
  bins: NumericBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
) => Candidate | undefined;

/**
 * As LightGBM's FindBestThresholdSequentially: from the right with missing values on the left, then, where the leaf has any, from
 * the left with them on the right. Of equal gains the first one met stays.
 */
export function bestNumericSplit(
  feature: number,
  bins: NumericBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
): Candidate | undefined {
  const { lambda_l1, lambda_l2 } = params;
  const whole = leaf.hessian + 2 * TINY;
  const { rows: leastRows, hessian: leastHessian } = leastOfSide(params, whole);
  const rowsPerHessian = leaf.count / whole;
  const floor = leafGain(leaf.gradient, whole, lambda_l1, lambda_l2) + params.min_gain_to_split;
  const valueBins = bins.upperBounds.length;
  const anyMissing = bins.missingBin >= 0 && rowsOf(sums[2 * bins.missingBin + 1] as number, rowsPerHessian) > 0;
  let bestGain = floor;
  let bestBin = -1;
  let bestMissingLeft = false;
  let bestGradient = 0;
  let bestHessian = 0;

  let right = 0;
  let rightHessian = TINY;
  let rightRows = 0;
  for (let bin = valueBins - 1; bin > 0; bin--) {
    right += sums[2 * bin] as number;
    rightHessian += sums[2 * bin + 1] as number;
    rightRows += rowsOf(sums[2 * bin + 1] as number, rowsPerHessian);
    if (rightRows < leastRows || rightHessian < leastHessian) continue;
    const hessian = whole - rightHessian;
    if (leaf.count - rightRows < leastRows || hessian < leastHessian) break;
    const gradient = leaf.gradient - right;
    const gain = leafGain(gradient, hessian, lambda_l1, lambda_l2) + leafGain(right, rightHessian, lambda_l1, lambda_l2);
    if (gain <= bestGain) continue;
    bestGain = gain;
    bestBin = bin - 1;
    bestMissingLeft = true;
    bestGradient = gradient;
    bestHessian = hessian;
  }

  let left = 0;
  let leftHessian = TINY;
  let leftRows = 0;
  // All values left, only missing ones right, is a split too.
  for (let bin = 0; anyMissing && bin < valueBins; bin++) {
    left += sums[2 * bin] as number;
    leftHessian += sums[2 * bin + 1] as number;
    leftRows += rowsOf(sums[2 * bin + 1] as number, rowsPerHessian);
    if (leftRows < leastRows || leftHessian < leastHessian) continue;
    const hessian = whole - leftHessian;
    if (leaf.count - leftRows < leastRows || hessian < leastHessian) break;
    const gain =
      leafGain(left, leftHessian, lambda_l1, lambda_l2) + leafGain(leaf.gradient - left, hessian, lambda_l1, lambda_l2);
    if (gain <= bestGain) continue;
    bestGain = gain;
    bestBin = bin;
    bestMissingLeft = false;
    bestGradient = left;
    bestHessian = leftHessian;
  }
  if (bestBin < 0) return undefined;
  return {
    feature,
    gain: bestGain - floor,
    // Where training saw nothing missing, a missing value later follows the larger child.
    missingLeft: anyMissing ? bestMissingLeft : 2 * bestHessian > leaf.hessian,
    lastLeftBin: bestBin,
    leftBins: [],
    leftGradient: bestGradient,
    leftHessian: bestHessian - TINY,
    rightGradient: leaf.gradient - bestGradient,
    rightHessian: whole - bestHessian - TINY,
    lambdaL2: lambda_l2,
  };
}
