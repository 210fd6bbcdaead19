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
  let bestGain = floor;
  let bestSet: readonly number[] = [];
  let bestGradient = 0;
  let bestHessian = 0;

  const consider = (gradient: number, hessian: number, set: () => readonly number[]) => {
    const gain =
      leafGain(gradient, hessian, lambda_l1, lambdaL2) + leafGain(leaf.gradient - gradient, whole - hessian, lambda_l1, lambdaL2);
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
      if (count < leastRows || hessian < leastHessian) continue;
      if (leaf.count - count < leastRows || whole - hessian - TINY < leastHessian) continue;
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
        if (count < leastRows || hessian < leastHessian) continue;
        const rightCount = leaf.count - count;
        if (rightCount < leastRows || rightCount < params.min_data_per_group) break;
        if (whole - hessian < leastHessian) break;
        if (groupCount < params.min_data_per_group) continue;
        groupCount = 0;
        consider(gradient, hessian, () => (fromEnd ? order.slice(order.length - 1 - i) : order.slice(0, i + 1)));
      }
    }
  }
  if (bestSet.length === 0) return undefined;
  return {
    feature,
    gain: bestGain - floor,
    missingLeft: false,
    lastLeftBin: -1,
    leftBins: bestSet,
    leftGradient: bestGradient,
    leftHessian: bestHessian - TINY,
    rightGradient: leaf.gradient - bestGradient,
    rightHessian: whole - bestHessian - TINY,
    lambdaL2,
  };
}
