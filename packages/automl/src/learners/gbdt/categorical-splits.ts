/** The best set of categories of a category feature, as LightGBM's FindBestThresholdCategoricalInner finds it. */
import type { CategoricalBins } from './binning.ts';
import type { BoostingParams } from './params.ts';
import { type Candidate, type LeafSums, leafGain, leastOfSide, rowsOf, TINY } from './split.ts';

/**
 * Few categories: each against the rest. More: categories ordered by gradient / (hessian + cat_smooth), and the best
 * prefix from either end (Fisher 1958: the best set is a prefix of that order). Bin 0 (unseen, rare) always goes right.
 */
export function bestCategoricalSplit(
  feature: number,
  bins: CategoricalBins,
  sums: Float64Array,
  leaf: LeafSums,
  params: BoostingParams,
): Candidate | undefined {
  const { lambda_l1, cat_smooth } = params;
  const oneAgainstRest = bins.binCount <= params.max_cat_to_onehot;
  const lambdaL2 = params.lambda_l2 + (oneAgainstRest ? 0 : params.cat_l2);
  const whole = leaf.hessian + 2 * TINY;
  const { rows: leastRows, hessian: leastHessian } = leastOfSide(params, whole);
  const rowsPerHessian = leaf.count / whole;
  const floor = leafGain(leaf.gradient, whole, lambda_l1, params.lambda_l2) + params.min_gain_to_split;
  const countOf = (bin: number) => rowsOf(sums[2 * bin + 1] as number, rowsPerHessian);
  const gainOf = (gradient: number, hessian: number) =>
    leafGain(gradient, hessian, lambda_l1, lambdaL2) + leafGain(leaf.gradient - gradient, whole - hessian, lambda_l1, lambdaL2);
  let bestGain = floor;
  let bestGradient = 0;
  let bestHessian = 0;
  let bestBins = none;

  if (oneAgainstRest) {
    let bestBin = 0;
    for (let bin = 1; bin < bins.binCount; bin++) {
      const hessian = sums[2 * bin + 1] as number;
      const count = countOf(bin);
      if (count < leastRows || hessian < leastHessian) continue;
      if (leaf.count - count < leastRows || whole - hessian - TINY < leastHessian) continue;
      const gain = gainOf(sums[2 * bin] as number, hessian + TINY);
      if (gain <= bestGain) continue;
      bestGain = gain;
      bestGradient = sums[2 * bin] as number;
      bestHessian = hessian + TINY;
      bestBin = bin;
    }
    if (bestBin > 0) bestBins = Int32Array.of(bestBin);
  } else {
    const ordered = orderByRatio(sums, bins.binCount, rowsPerHessian, cat_smooth);
    const longest = Math.min(params.max_cat_threshold, (ordered + 1) >> 1);
    let bestEnd = 0;
    let bestFromEnd = false;
    for (const fromEnd of [false, true]) {
      let gradient = 0;
      let hessian = TINY;
      let count = 0;
      let groupCount = 0;
      for (let i = 0; i < longest; i++) {
        const bin = order[fromEnd ? ordered - 1 - i : i] as number;
        const binRows = countOf(bin);
        gradient += sums[2 * bin] as number;
        hessian += sums[2 * bin + 1] as number;
        count += binRows;
        groupCount += binRows;
        if (count < leastRows || hessian < leastHessian) continue;
        const rightCount = leaf.count - count;
        if (rightCount < leastRows || rightCount < params.min_data_per_group) break;
        if (whole - hessian < leastHessian) break;
        if (groupCount < params.min_data_per_group) continue;
        groupCount = 0;
        const gain = gainOf(gradient, hessian);
        if (gain <= bestGain) continue;
        bestGain = gain;
        bestGradient = gradient;
        bestHessian = hessian;
        bestEnd = i + 1;
        bestFromEnd = fromEnd;
      }
    }
    if (bestEnd > 0) bestBins = bestFromEnd ? order.slice(ordered - bestEnd, ordered) : order.slice(0, bestEnd);
  }
  if (bestBins.length === 0) return undefined;
  return {
    feature,
    gain: bestGain - floor,
    missingLeft: false,
    lastLeftBin: -1,
    leftBins: bestBins,
    leftGradient: bestGradient,
    leftHessian: bestHessian - TINY,
    rightGradient: leaf.gradient - bestGradient,
    rightHessian: whole - bestHessian - TINY,
    lambdaL2,
  };
}

const none = new Int32Array(0);

/** Room for the bins of one feature: a leaf looks at every category feature, and the arrays would be thrown away each time. */
const order = new Int32Array(256);
const ratios = new Float64Array(256);

/**
 * Writes the bins of enough rows to `order`, by ascending gradient / (hessian + cat_smooth); equal ones by number.
 * @returns how many.
 */
function orderByRatio(sums: Float64Array, binCount: number, rowsPerHessian: number, catSmooth: number): number {
  let ordered = 0;
  for (let bin = 1; bin < binCount; bin++) {
    const hessian = sums[2 * bin + 1] as number;
    if (rowsOf(hessian, rowsPerHessian) < catSmooth) continue;
    const ratio = (sums[2 * bin] as number) / (hessian + catSmooth);
    let at = ordered++;
    for (; at > 0 && (ratios[at - 1] as number) > ratio; at--) {
      ratios[at] = ratios[at - 1] as number;
      order[at] = order[at - 1] as number;
    }
    ratios[at] = ratio;
    order[at] = bin;
  }
  return ordered;
}
