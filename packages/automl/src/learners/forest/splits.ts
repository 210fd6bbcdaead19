/**
 * The split of one leaf by one feature: the best one (random forest, decision tree), or one drawn at random (extremely randomised
 * trees, Geurts, Ernst and Wehenkel 2006). Both look at the rows of the leaf and nothing else, so that few features cost little.
 */
import type { CategoricalFeature, FeatureMatrix, NumericFeature } from '../../featurization/features.ts';
import type { Random } from '../../random.ts';
import type { BinnedTable, CategoricalBins, NumericBins } from '../gbdt/binning.ts';
import type { Criterion } from './criterion.ts';

export type LeafSplit = {
  readonly feature: number;
  readonly gain: number;
  /** Number features: `value <= threshold` goes left. */
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Category features: the codes that go left, ascending. */
  readonly leftCodes: Int32Array;
};

/** What a search of a leaf's rows for a split by a feature gives: `constant` when all rows have one value, undefined when no split is allowed. */
export type FoundSplit = LeafSplit | 'constant' | undefined;

export type SplitSearch = (feature: number, rows: Int32Array, criterion: Criterion, leastRows: number) => FoundSplit;

const LARGEST_FLOAT32 = 3.4028234663852886e38;
const none = new Int32Array(0);

/** Every threshold between two bins is looked at. @param mostRows of a leaf. */
export function bestSplits(matrix: FeatureMatrix, table: BinnedTable, mostRows: number): SplitSearch {
  const counts = new Int32Array(257);
  const ordered = new Int32Array(mostRows);
  const ofCategory = categorySplits(table, mostRows, undefined);
  return (feature, rows, criterion, leastRows) => {
    const cut = table.features[feature] as NumericBins | CategoricalBins;
    if (cut.kind === 'categorical') return ofCategory(feature, rows, criterion, leastRows);
    const { values } = matrix.numeric[feature] as NumericFeature;
    const bins = table.bins.subarray(feature * table.rowCount, (feature + 1) * table.rowCount);
    const { missingBin, upperBounds } = cut;
    // The rows in the order of their bins; missing values, whose bin is the last, come last.
    let low = 256;
    let high = -1;
    for (let i = 0; i < rows.length; i++) {
      const bin = bins[rows[i] as number] as number;
      counts[bin + 1] = (counts[bin + 1] as number) + 1;
      if (bin < low) low = bin;
      if (bin > high) high = bin;
    }
    if (low === high) {
      counts.fill(0, low, high + 2);
      return 'constant';
    }
    for (let bin = low; bin < high; bin++) counts[bin + 1] = (counts[bin + 1] as number) + (counts[bin] as number);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const bin = bins[row] as number;
      const at = counts[bin] as number;
      ordered[at] = row;
      counts[bin] = at + 1;
    }
    counts.fill(0, low, high + 2);
    const binAt = (i: number): number => bins[ordered[i] as number] as number;
    let present = rows.length;
    while (present > 0 && binAt(present - 1) === missingBin) present--;

    let best: LeafSplit | undefined;
    let bestGain = criterion.floor();
    const scan = (missingLeft: boolean): void => {
      criterion.reset();
      const missing = rows.length - present;
      if (missingLeft) for (let i = present; i < rows.length; i++) criterion.moveLeft(ordered[i] as number);
      const last = missingLeft || missing === 0 ? present - 1 : present;
      for (let i = 0; i < last; i++) {
        criterion.moveLeft(ordered[i] as number);
        const bin = binAt(i);
        const next = i + 1 < present ? binAt(i + 1) : -1;
        if (next === bin) continue;
        const onLeft = i + 1 + (missingLeft ? missing : 0);
        if (onLeft < leastRows || rows.length - onLeft < leastRows) continue;
        const gain = criterion.gain();
        if (gain <= bestGain) continue;
        bestGain = gain;
        const threshold =
          next < 0
            ? Number.POSITIVE_INFINITY
            : between(values[ordered[i] as number] as number, values[ordered[i + 1] as number] as number, upperBounds, bin, next);
        best = { feature, gain, threshold, missingLeft: missing > 0 ? missingLeft : 2 * onLeft > rows.length, leftCodes: none };
      }
    };
    scan(false);
    if (present < rows.length) scan(true);
    return best;
  };
}

/** In the middle of two values of the leaf, as scikit-learn's threshold, but never inside one of their bins. */
function between(low: number, high: number, upperBounds: Float32Array, bin: number, next: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return Math.max(upperBounds[bin] as number, Math.min(upperBounds[next - 1] as number, middle));
}

/** One threshold a feature, drawn evenly between the leaf's extremes. @param mostRows of a leaf. */
export function randomSplits(matrix: FeatureMatrix, table: BinnedTable, mostRows: number, random: Random): SplitSearch {
  const ofCategory = categorySplits(table, mostRows, random);
  return (feature, rows, criterion, leastRows) => {
    if (feature >= matrix.numeric.length) return ofCategory(feature, rows, criterion, leastRows);
    const { values } = matrix.numeric[feature] as NumericFeature;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let missing = 0;
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i] as number] as number;
      if (value < low) low = value;
      if (value > high) high = value;
      if (Number.isNaN(value)) missing++;
    }
    const isFlat = low >= high;
    if (isFlat && (missing === 0 || missing === rows.length)) return 'constant';
    const threshold = isFlat ? Number.POSITIVE_INFINITY : drawBetween(low, high, random);
    const missingLeft = !isFlat && missing > 0 && random.nextFloat() < 0.5;
    criterion.reset();
    let onLeft = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const value = values[row] as number;
      if (value > threshold || (Number.isNaN(value) && !missingLeft)) continue;
      criterion.moveLeft(row);
      onLeft++;
    }
    if (onLeft < leastRows || rows.length - onLeft < leastRows) return undefined;
    const gain = criterion.gain();
    if (gain <= criterion.floor()) return undefined;
    return { feature, gain, threshold, missingLeft: missing > 0 ? missingLeft : 2 * onLeft > rows.length, leftCodes: none };
  };
}

/** A float32 number with low <= it < high; infinite values stand at the ends of what float32 holds. */
function drawBetween(low: number, high: number, random: Random): number {
  const from = Math.max(low, -LARGEST_FLOAT32);
  const share = random.nextFloat();
  const drawn = Math.fround(from * (1 - share) + Math.min(high, LARGEST_FLOAT32) * share);
  return drawn >= from && drawn < high ? drawn : from;
}

/** Of a feature with more categories than this, those of few rows in the leaf stay on the right: their means are chance. */
const FEW_CATEGORIES = 4;
const ENOUGH_ROWS = 10;

/**
 * Categories in the order of their means, and a place among them (Fisher 1958): the best, or with `random` any one. Unseen and rare
 * ones go right.
 */
function categorySplits(table: BinnedTable, mostRows: number, random: Random | undefined): SplitSearch {
  const counts = new Int32Array(257);
  const means = new Float64Array(256);
  const ordered = new Int32Array(mostRows);
  return (feature, rows, criterion, leastRows) => {
    const { codeOfBin, binCount } = table.features[feature] as CategoricalBins;
    const bins = table.bins.subarray(feature * table.rowCount, (feature + 1) * table.rowCount);
    counts.fill(0, 0, binCount + 1);
    means.fill(0, 0, binCount);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const bin = bins[row] as number;
      counts[bin + 1] = (counts[bin + 1] as number) + 1;
      means[bin] = (means[bin] as number) + criterion.order(row);
    }
    const least = binCount - 1 > FEW_CATEGORIES ? ENOUGH_ROWS : 1;
    const able: number[] = [];
    let met = (counts[1] as number) > 0 ? 1 : 0;
    for (let bin = 1; bin < binCount; bin++) {
      const count = counts[bin + 1] as number;
      if (count > 0) met++;
      if (count >= least) able.push(bin);
      means[bin] = (means[bin] as number) / (count + (least > 1 ? least : 0));
    }
    if (met < 2) return 'constant';
    if (able.length === 0) return undefined;
    able.sort((a, b) => (means[a] as number) - (means[b] as number) || a - b);
    for (let bin = 0; bin < binCount; bin++) counts[bin + 1] = (counts[bin + 1] as number) + (counts[bin] as number);
    const begins = counts.slice(0, binCount + 1);
    for (let i = 0; i < rows.length; i++) {
      const bin = bins[rows[i] as number] as number;
      const at = counts[bin] as number;
      ordered[at] = rows[i] as number;
      counts[bin] = at + 1;
    }

    const drawn = random?.nextInt(able.length) ?? -1;
    criterion.reset();
    let best = -1;
    let bestGain = criterion.floor();
    let onLeft = 0;
    for (const [i, bin] of able.entries()) {
      const end = begins[bin + 1] as number;
      for (let at = begins[bin] as number; at < end; at++) criterion.moveLeft(ordered[at] as number);
      onLeft += end - (begins[bin] as number);
      if ((drawn >= 0 && i !== drawn) || onLeft < leastRows || rows.length - onLeft < leastRows) continue;
      const gain = criterion.gain();
      if (gain <= bestGain) continue;
      best = i;
      bestGain = gain;
    }
    if (best < 0) return undefined;
    const leftCodes = Int32Array.from(able.slice(0, best + 1), (bin) => codeOfBin[bin] as number).sort();
    return { feature, gain: bestGain, threshold: 0, missingLeft: false, leftCodes };
  };
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
      return value <= threshold || (missingLeft && Number.isNaN(value));
    };
  }
  const { codes, labels } = matrix.categorical[feature - numbers] as CategoricalFeature;
  const member = new Uint8Array(labels.length + 1);
  for (const code of leftCodes) member[code] = 1;
  return (row) => member[codes[row] as number] === 1;
}
