/** The best threshold of a number feature, and the side its missing values go to. */
import type { NumericBins } from './binning.ts';
import type { BoostingParams } from './params.ts';
import { type LeafSums, leafGain, type Split, TINY } from './split.ts';

/** Finds the split of one number feature whose gain is above `gainToBeat`, or undefined. */
export type NumericSearch = (
  feature: number,
  bins: NumericBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
  gainToBeat: number,
) => Split | undefined;

export function bestNumericSplit(
  feature: number,
  bins: NumericBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
  gainToBeat: number,
): Split | undefined {
  const { lambda_l1, lambda_l2, min_data_in_leaf, min_sum_hessian_in_leaf } = params;
  const rowsPerHessian = leaf.count / leaf.hessian;
  const floor = leafGain(leaf.gradient, leaf.hessian, lambda_l1, lambda_l2) + params.min_gain_to_split;
  const valueBins = bins.upperBounds.length;
  const missingGradient = bins.missingBin >= 0 ? (sums[2 * bins.missingBin] as number) : 0;
  const missingHessian = bins.missingBin >= 0 ? (sums[2 * bins.missingBin + 1] as number) : 0;
  const anyMissing = Math.round(missingHessian * rowsPerHessian) > 0;
  // A side's rows are its hessian times rows / hessian, rounded: the limit on rows, at least one, is a limit on the hessian.
  const leastRows = Math.max(1, min_data_in_leaf) - 0.5;
  const leastLeft = Math.max(min_sum_hessian_in_leaf, leastRows / rowsPerHessian);
  const mostLeft = Math.min(leaf.hessian - min_sum_hessian_in_leaf, (leaf.count - leastRows) / rowsPerHessian);
  let bestGain = floor + gainToBeat;
  let bestBin = -1;
  let bestMissingLeft = false;
  let bestGradient = 0;
  let bestHessian = 0;
  // One pass with missing values on the right, and where the leaf has any, one with them on the left.
  for (let pass = 0; pass < (anyMissing ? 2 : 1); pass++) {
    let gradient = pass === 1 ? missingGradient : 0;
    let hessian = (pass === 1 ? missingHessian : 0) + TINY;
    // All values left, only missing ones right, is a split too.
    const lastBin = anyMissing && pass === 0 ? valueBins : valueBins - 1;
    for (let bin = 0; bin < lastBin; bin++) {
      gradient += sums[2 * bin] as number;
      hessian += sums[2 * bin + 1] as number;
      if (hessian < leastLeft) continue;
      if (hessian > mostLeft) break;
      const rightHessian = leaf.hessian - hessian;
      const gain =
        leafGain(gradient, hessian, lambda_l1, lambda_l2) +
        leafGain(leaf.gradient - gradient, rightHessian, lambda_l1, lambda_l2);
      if (gain > bestGain) {
        bestGain = gain;
        bestBin = bin;
        bestMissingLeft = pass === 1;
        bestGradient = gradient;
        bestHessian = hessian;
      }
    }
  }
  if (bestBin < 0) return undefined;
  // Every threshold in a gap without rows gives the same sides; the middle of the gap is likeliest to suit other rows.
  let gapEnd = bestBin;
  while (gapEnd + 2 < valueBins && Math.round((sums[2 * gapEnd + 3] as number) * rowsPerHessian) === 0) gapEnd++;
  bestBin = (bestBin + gapEnd) >> 1;
  // Where training saw nothing missing, a missing value later follows the larger child.
  const missingLeft = anyMissing ? bestMissingLeft : 2 * bestHessian > leaf.hessian;
  return numericSplit(feature, bins, leaf, params, bestBin, missingLeft, bestGain - floor, bestGradient, bestHessian);
}

/** The split whose left side is the bins up to `lastLeftBin`, with these sums. */
export function numericSplit(
  feature: number,
  bins: NumericBins,
  leaf: LeafSums,
  params: BoostingParams,
  lastLeftBin: number,
  missingLeft: boolean,
  gain: number,
  leftGradient: number,
  leftHessian: number,
): Split {
  const goesLeft = new Uint8Array(bins.binCount);
  goesLeft.fill(1, 0, lastLeftBin + 1);
  if (bins.missingBin >= 0) goesLeft[bins.missingBin] = missingLeft ? 1 : 0;
  return {
    feature,
    gain,
    goesLeft,
    missingLeft,
    lastLeftBin,
    leftGradient,
    leftHessian,
    rightGradient: leaf.gradient - leftGradient,
    rightHessian: leaf.hessian - leftHessian,
    lambdaL2: params.lambda_l2,
  };
}
