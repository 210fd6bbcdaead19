/**
 * The split of one leaf by one feature: the best one (random forest, decision tree), or one drawn at random (extremely randomised
 * trees, Geurts, Ernst and Wehenkel 2006). Both look at the rows of the leaf and nothing else, so that few features cost little.
 */
import type { CategoricalFeature, FeatureMatrix, NumericFeature } from '../../featurization/features.ts';
import type { Random } from '../../random.ts';
import type { BinnedTable, CategoricalBins, NumericBins } from '../gbdt/binning.ts';
import { categorySplits } from './category-splits.ts';
import type { Criterion, Cut } from './criterion.ts';
import { orderedLeaf } from './ordered-leaf.ts';

export type LeafSplit = {
  readonly feature: number;
  readonly gain: number;
  /** Number features: `value <= threshold` goes left. */
  readonly threshold: number;
  /** Undefined where no row of the leaf was without a value: what lacks it later goes with the more. */
  readonly missingLeft: boolean | undefined;
  /** Category features: the codes that go left, ascending. */
  readonly leftCodes: Int32Array;
};

/** What a search of a leaf's rows for a split by a feature gives: `constant` when all rows have one value, undefined when no split is allowed. */
export type FoundSplit = LeafSplit | 'constant' | undefined;

/** @param criterion With `rows` open. */
export type SplitSearch = (feature: number, rows: Int32Array, criterion: Criterion, leastRows: number) => FoundSplit;

const LARGEST_FLOAT32 = 3.4028234663852886e38;
const none = new Int32Array(0);

/** Every threshold between two values is looked at, in a large leaf between two bins. @param mostRows of a leaf. */
export function bestSplits(matrix: FeatureMatrix, table: BinnedTable, mostRows: number): SplitSearch {
  const ofCategory = categorySplits(table, mostRows, undefined);
  const leaf = orderedLeaf(mostRows);
  return (feature, rows, criterion, leastRows) => {
    const cut = table.features[feature] as NumericBins | CategoricalBins;
    if (cut.kind === 'categorical') return ofCategory(feature, rows, criterion, leastRows);
    const { values } = matrix.numeric[feature] as NumericFeature;
    const bins = table.bins.subarray(feature * table.rowCount, (feature + 1) * table.rowCount);
    const order = leaf.sort(rows, values, bins, cut);
    if (order.groups < 2) return 'constant';
    const split = ({ groups, gain }: Cut, missingLeft: boolean | undefined): LeafSplit => ({
      feature,
      gain,
      threshold: leaf.thresholdAfter(groups),
      missingLeft,
      leftCodes: none,
    });
    const last = criterion.bestCut(order, leastRows);
    if (leaf.missing() === 0) return last && split(last, undefined);
    const first = criterion.bestCut(leaf.missingFirst(), leastRows);
    // A front of nothing but missing values is the last cut seen from the other side.
    if (first !== undefined && first.groups > 1 && first.gain > (last?.gain ?? 0))
      return split({ ...first, groups: first.groups - 1 }, true);
    return last && split(last, false);
  };
}

/** One threshold a feature, drawn evenly between the leaf's extremes. @param mostRows of a leaf. */
export function randomSplits(matrix: FeatureMatrix, table: BinnedTable, mostRows: number, random: Random): SplitSearch {
  const ofCategory = categorySplits(table, mostRows, random);
  const own = new Float32Array(mostRows);
  return (feature, rows, criterion, leastRows) => {
    if (feature >= matrix.numeric.length) return ofCategory(feature, rows, criterion, leastRows);
    const { values } = matrix.numeric[feature] as NumericFeature;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let missing = 0;
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i] as number] as number;
      own[i] = value;
      if (value < low) low = value;
      if (value > high) high = value;
      if (Number.isNaN(value)) missing++;
    }
    const isFlat = low >= high;
    if (isFlat && (missing === 0 || missing === rows.length)) return 'constant';
    const threshold = isFlat ? Number.POSITIVE_INFINITY : drawBetween(low, high, random);
    const missingLeft = !isFlat && missing > 0 && random.nextFloat() < 0.5;
    const gain = criterion.gainBelow(own, threshold, missingLeft, leastRows);
    if (gain <= criterion.floor()) return undefined;
    return { feature, gain, threshold, missingLeft: missing > 0 ? missingLeft : undefined, leftCodes: none };
  };
}

/** A float32 number with low <= it < high; infinite values stand at the ends of what float32 holds. */
function drawBetween(low: number, high: number, random: Random): number {
  const from = Math.max(low, -LARGEST_FLOAT32);
  const share = random.nextFloat();
  const drawn = Math.fround(from * (1 - share) + Math.min(high, LARGEST_FLOAT32) * share);
  return drawn >= from && drawn < high ? drawn : from;
}

/** A function that tells whether a row goes left; written out for each kind of feature, for it is asked for every row. */
export function sideOf(
  matrix: FeatureMatrix,
  { feature, threshold, missingLeft, leftCodes }: LeafSplit,
): (row: number) => boolean {
  const numbers = matrix.numeric.length;
  if (feature < numbers) {
    const { values } = matrix.numeric[feature] as NumericFeature;
    return (row) => {
      const value = values[row] as number;
      return value <= threshold || (missingLeft === true && Number.isNaN(value));
    };
  }
  const { codes, labels } = matrix.categorical[feature - numbers] as CategoricalFeature;
  const member = new Uint8Array(labels.length + 1);
  for (const code of leftCodes) member[code] = 1;
  return (row) => member[codes[row] as number] === 1;
}
