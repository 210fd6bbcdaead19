/** The best split of one leaf from its histograms, with LightGBM's gain, limits and category rule. */
import type { FeatureBins, NumericBins } from './binning.ts';
import { bestCategoricalSplit } from './categorical-splits.ts';
import { FOUND_NUMBERS, type LeafLimits } from './kernels.ts';
import { binsOf } from './layout.ts';
import { foundSplit } from './numeric-splits.ts';
import type { BoostingParams } from './params.ts';
import { type Candidate, type LeafSums, leafGain, leastOfSide, type Split, TINY } from './split.ts';
import type { Workspace } from './workspace.ts';

export type SplitSearch = {
  /** Undefined when no split is worth it. */
  readonly split: Split | undefined;
  /** The features that some split is worth on; as in LightGBM, those of the leaf's children are sought among them only. */
  readonly splittable: Int32Array;
};

/** The best split of a leaf over `features`. Ties go to the feature named first. */
export function bestSplit(
  table: readonly FeatureBins[],
  { kernels, layout, found }: Workspace,
  histogram: Float64Array,
  features: Int32Array,
  leaf: LeafSums,
  params: BoostingParams,
): SplitSearch {
  const limits = leafLimits(leaf, params);
  kernels.searchThresholds(layout, features, histogram, limits, found);
  const splittable = new Int32Array(features.length);
  let splittableCount = 0;
  let best: Candidate | undefined;
  let bestGain = 0;
  /** The best feature's place in `features`, where `best` is not written out yet. */
  let bestNumber = -1;
  for (let i = 0; i < features.length; i++) {
    const feature = features[i] as number;
    const bins = table[feature] as FeatureBins;
    let candidate: Candidate | undefined;
    let gain: number;
    if (bins.kind === 'numeric') gain = found[FOUND_NUMBERS * i] as number;
    else {
      candidate = bestCategoricalSplit(feature, bins, binsOf(layout, feature, histogram), leaf, params);
      gain = candidate?.gain ?? 0;
    }
    if (gain > 0) splittable[splittableCount++] = feature;
    if (gain <= bestGain) continue;
    bestGain = gain;
    best = candidate;
    bestNumber = candidate === undefined ? i : -1;
  }
  if (bestNumber >= 0) {
    const feature = features[bestNumber] as number;
    const bins = table[feature] as NumericBins;
    best = foundSplit(found, bestNumber, feature, bins, binsOf(layout, feature, histogram), limits);
  }
  return {
    split: best && withSides(best, table[best.feature] as FeatureBins),
    splittable: splittable.subarray(0, splittableCount),
  };
}

function leafLimits({ gradient, hessian, count }: LeafSums, params: BoostingParams): LeafLimits {
  const whole = hessian + 2 * TINY;
  const least = leastOfSide(params, whole);
  return {
    gradient,
    hessian: whole,
    count,
    leastRows: least.rows,
    leastHessian: least.hessian,
    lambdaL1: params.lambda_l1,
    lambdaL2: params.lambda_l2,
    floor: leafGain(gradient, whole, params.lambda_l1, params.lambda_l2) + params.min_gain_to_split,
  };
}

function withSides(candidate: Candidate, bins: FeatureBins): Split {
  const goesLeft = new Uint8Array(bins.binCount);
  goesLeft.fill(1, 0, candidate.lastLeftBin + 1);
  for (let i = 0; i < candidate.leftBins.length; i++) goesLeft[candidate.leftBins[i] as number] = 1;
  if (bins.kind === 'numeric' && bins.missingBin >= 0) goesLeft[bins.missingBin] = candidate.missingLeft ? 1 : 0;
  return { ...candidate, goesLeft };
}
