/**
 * The best split of one leaf from its histograms, with LightGBM's gain, limits and category rule.
 *
 * Row counts are not kept in the histogram: as in LightGBM, a bin's count is its hessian times rows / hessian of the leaf.
 */
import type { CategoricalBins, FeatureBins, NumericBins } from './binning.ts';
import type { BoostingParams } from './params.ts';

export type Split = {
  readonly feature: number;
  /** Loss reduction beyond `min_gain_to_split`; > 0. */
  readonly gain: number;
  /** One 0/1 a bin: does it go left? */
  readonly goesLeft: Uint8Array;
  readonly missingLeft: boolean;
  /** The last bin that goes left, for numbers; -1 for categories. */
  readonly lastLeftBin: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
  readonly rightGradient: number;
  readonly rightHessian: number;
  /** L2 penalty that the children's values use. */
  readonly lambdaL2: number;
};

/** Sums over the rows of a leaf. */
export type LeafSums = { readonly gradient: number; readonly hessian: number; readonly count: number };

/** G with the L1 penalty taken off. */
function shrink(gradient: number, lambdaL1: number): number {
  if (lambdaL1 === 0) return gradient;
  return Math.sign(gradient) * Math.max(0, Math.abs(gradient) - lambdaL1);
}

export function leafGain(gradient: number, hessian: number, lambdaL1: number, lambdaL2: number): number {
  const shrunk = shrink(gradient, lambdaL1);
  return (shrunk * shrunk) / (hessian + lambdaL2);
}

/** The value that minimises the second-order loss of a leaf. */
export function leafValue(gradient: number, hessian: number, lambdaL1: number, lambdaL2: number): number {
  return -shrink(gradient, lambdaL1) / (hessian + lambdaL2);
}

/** Histogram sums start here so that a division by them is defined (LightGBM's kEpsilon). */
const TINY = 1e-15;

/** Finds the split of one number feature whose gain is above `gainToBeat`, or undefined. */
export type NumericSearch = (
  feature: number,
  bins: NumericBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
  gainToBeat: number,
) => Split | undefined;

/**
 * The best split of a leaf over `features`, or undefined when none is worth it. Ties go to the feature named first.
 * @param histogram (gradient, hessian) pairs of all bins of all features; feature `j` starts at bin `binOffsets[j]`.
 * @param searchNumbers how number features are searched; default every threshold.
 */
export function bestSplit(
  layout: readonly FeatureBins[],
  binOffsets: Int32Array,
  histogram: Float64Array,
  features: Int32Array,
  leaf: LeafSums,
  params: BoostingParams,
  searchNumbers: NumericSearch = bestNumericSplit,
): Split | undefined {
  if (leaf.count < 2 * params.min_data_in_leaf || leaf.hessian < 2 * params.min_sum_hessian_in_leaf) return undefined;
  let best: Split | undefined;
  for (let i = 0; i < features.length; i++) {
    const feature = features[i] as number;
    const bins = layout[feature] as FeatureBins;
    const begin = 2 * (binOffsets[feature] as number);
    const sums = histogram.subarray(begin, begin + 2 * bins.binCount);
    const gainToBeat = best?.gain ?? 0;
    const split =
      bins.kind === 'numeric'
        ? searchNumbers(feature, bins, sums, leaf, params, gainToBeat)
        : bestCategoricalSplit(feature, bins, sums, leaf, params, gainToBeat);
    if (split !== undefined) best = split;
  }
  return best;
}

function bestNumericSplit(
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

/**
 * Few categories: each against the rest. More: categories ordered by gradient / (hessian + cat_smooth), and the best
 * prefix from either end (Fisher 1958: the best set is a prefix of that order). Bin 0 (unseen, rare) always goes right.
 */
function bestCategoricalSplit(
  feature: number,
  bins: CategoricalBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
  gainToBeat: number,
): Split | undefined {
  const { lambda_l1, min_data_in_leaf, min_sum_hessian_in_leaf, cat_smooth } = params;
  const oneAgainstRest = bins.binCount <= params.max_cat_to_onehot;
  const lambdaL2 = params.lambda_l2 + (oneAgainstRest ? 0 : params.cat_l2);
  const rowsPerHessian = leaf.count / leaf.hessian;
  const floor = leafGain(leaf.gradient, leaf.hessian, lambda_l1, params.lambda_l2) + params.min_gain_to_split;
  const countOf = (bin: number) => Math.round((sums[2 * bin + 1] as number) * rowsPerHessian);
  let bestGain = floor + gainToBeat;
  let bestSet: readonly number[] | undefined;
  let bestGradient = 0;
  let bestHessian = 0;

  const consider = (gradient: number, hessian: number, set: () => readonly number[]) => {
    const gain =
      leafGain(gradient, hessian, lambda_l1, lambdaL2) +
      leafGain(leaf.gradient - gradient, leaf.hessian - hessian, lambda_l1, lambdaL2);
    if (gain <= bestGain) return;
    bestGain = gain;
    bestSet = set();
    bestGradient = gradient;
    bestHessian = hessian;
  };

  if (oneAgainstRest) {
    for (let bin = 1; bin < bins.binCount; bin++) {
      const hessian = sums[2 * bin + 1] as number;
      const count = countOf(bin);
      if (count < min_data_in_leaf || hessian < min_sum_hessian_in_leaf) continue;
      if (leaf.count - count < min_data_in_leaf || leaf.hessian - hessian < min_sum_hessian_in_leaf) continue;
      consider(sums[2 * bin] as number, hessian + TINY, () => [bin]);
    }
  } else {
    const order: number[] = [];
    for (let bin = 1; bin < bins.binCount; bin++) if (countOf(bin) >= cat_smooth) order.push(bin);
    const ratio = (bin: number) => (sums[2 * bin] as number) / ((sums[2 * bin + 1] as number) + cat_smooth);
    order.sort((a, b) => ratio(a) - ratio(b) || a - b);
    const longest = Math.min(params.max_cat_threshold, (order.length + 1) >> 1);
    for (const fromEnd of [false, true]) {
      let gradient = 0;
      let hessian = TINY;
      let count = 0;
      let groupCount = 0;
      for (let i = 0; i < longest; i++) {
        const bin = order[fromEnd ? order.length - 1 - i : i] as number;
        gradient += sums[2 * bin] as number;
        hessian += sums[2 * bin + 1] as number;
        count += countOf(bin);
        groupCount += countOf(bin);
        if (count < min_data_in_leaf || hessian < min_sum_hessian_in_leaf) continue;
        const rightCount = leaf.count - count;
        if (rightCount < min_data_in_leaf || rightCount < params.min_data_per_group) break;
        if (leaf.hessian - hessian < min_sum_hessian_in_leaf) break;
        if (groupCount < params.min_data_per_group) continue;
        groupCount = 0;
        consider(gradient, hessian, () => (fromEnd ? order.slice(order.length - 1 - i) : order.slice(0, i + 1)));
      }
    }
  }
  if (bestSet === undefined) return undefined;
  const goesLeft = new Uint8Array(bins.binCount);
  for (const bin of bestSet as readonly number[]) goesLeft[bin] = 1;
  return {
    feature,
    gain: bestGain - floor,
    goesLeft,
    missingLeft: false,
    lastLeftBin: -1,
    leftGradient: bestGradient,
    leftHessian: bestHessian,
    rightGradient: leaf.gradient - bestGradient,
    rightHessian: leaf.hessian - bestHessian,
    lambdaL2,
  };
}
