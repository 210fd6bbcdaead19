/**
 * The best split of one leaf from its histograms, with LightGBM's gain, limits and category rule.
 *
 * Row counts are not kept in the histogram: as in LightGBM, a bin's count is its hessian times rows / hessian of the leaf.
 */
import type { FeatureBins } from './binning.ts';
import { bestCategoricalSplit } from './categorical-splits.ts';
import { bestNumericSplit, type NumericSearch } from './numeric-splits.ts';
import type { BoostingParams } from './params.ts';
import type { LeafSums, Split } from './split.ts';

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
