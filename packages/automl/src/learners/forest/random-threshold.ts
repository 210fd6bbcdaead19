/** The split of extremely randomised trees (Geurts et al. 2006): one threshold a feature, drawn between the leaf's extremes. */
import type { Random } from '../../random.ts';
import type { NumericSearch } from '../gbdt/numeric-splits.ts';
import { leafGain } from '../gbdt/split.ts';

export function randomThreshold(random: Random): NumericSearch {
  return (feature, bins, sums, leaf, params) => {
    const valueBins = bins.upperBounds.length;
    let first = 0;
    let last = valueBins - 1;
    while (first < last && (sums[2 * first + 1] as number) <= 0) first++;
    while (last > first && (sums[2 * last + 1] as number) <= 0) last--;
    if (first === last) return undefined;
    const lastLeftBin = first + random.nextInt(last - first);
    const missingLeft = random.nextFloat() < 0.5;
    let gradient = missingLeft && bins.missingBin >= 0 ? (sums[2 * bins.missingBin] as number) : 0;
    let hessian = missingLeft && bins.missingBin >= 0 ? (sums[2 * bins.missingBin + 1] as number) : 0;
    for (let bin = first; bin <= lastLeftBin; bin++) {
      gradient += sums[2 * bin] as number;
      hessian += sums[2 * bin + 1] as number;
    }
    const rowsPerHessian = leaf.count / leaf.hessian;
    const leastRows = Math.max(1, params.min_data_in_leaf) - 0.5;
    if (hessian * rowsPerHessian < leastRows || (leaf.hessian - hessian) * rowsPerHessian < leastRows) return undefined;
    const { lambda_l1, lambda_l2 } = params;
    const gain =
      leafGain(gradient, hessian, lambda_l1, lambda_l2) +
      leafGain(leaf.gradient - gradient, leaf.hessian - hessian, lambda_l1, lambda_l2) -
      leafGain(leaf.gradient, leaf.hessian, lambda_l1, lambda_l2) -
      params.min_gain_to_split;
    if (gain <= 0) return undefined;
    return {
      feature,
      gain,
      missingLeft,
      lastLeftBin,
      leftBins: [],
      leftGradient: gradient,
      leftHessian: hessian,
      rightGradient: leaf.gradient - gradient,
      rightHessian: leaf.hessian - hessian,
      lambdaL2: lambda_l2,
    };
  };
}
