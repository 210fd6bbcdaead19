/** The best split of one leaf from its histograms, with LightGBM's gain, limits and category rule. */
import type { FeatureBins } from './binning.ts';
import { bestCategoricalSplit } from './categorical-splits.ts';
import { bestNumericSplit, type NumericSearch } from './numeric-splits.ts';
import type { BoostingParams } from './params.ts';
import type { Candidate, LeafSums, Split } from './split.ts';

export type SplitSearch = {
  /** Undefined when no split is worth it. */
  readonly split: Split | undefined;
  /** The features that some split is worth on; as in LightGBM, those of the leaf's children are sought among them only. */
  readonly splittable: Int32Array;
};

/**
 * The best split of a leaf over `features`. Ties go to the feature named first.
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
): SplitSearch {
  const splittable: number[] = [];
  let best: Candidate | undefined;
  for (let i = 0; i < features.length; i++) {
    const feature = features[i] as number;
    const bins = layout[feature] as FeatureBins;
    const begin = 2 * (binOffsets[feature] as number);
    const sums = histogram.subarray(begin, begin + 2 * bins.binCount);
    const found =
      bins.kind === 'numeric'
        ? searchNumbers(feature, bins, sums, leaf, params)
        : bestCategoricalSplit(feature, bins, sums, leaf, params);
    if (found === undefined) continue;
    splittable.push(feature);
    if (best === undefined || found.gain > best.gain) best = found;
  }
  return { split: best && withSides(best, layout[best.feature] as FeatureBins), splittable: Int32Array.from(splittable) };
}

function withSides(candidate: Candidate, bins: FeatureBins): Split {
  const goesLeft = new Uint8Array(bins.binCount);
  goesLeft.fill(1, 0, candidate.lastLeftBin + 1);
  for (const bin of candidate.leftBins) goesLeft[bin] = 1;
  if (bins.kind === 'numeric' && bins.missingBin >= 0) goesLeft[bins.missingBin] = candidate.missingLeft ? 1 : 0;
  return { ...candidate, goesLeft };
}
