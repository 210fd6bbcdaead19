/**
 * Histogram binning in LightGBM's way: at most `maxBin` bins a feature, with about the same number of rows in each, a
 * frequent value and zero alone in their bins, a bin of its own for missing values. Done once a table and shared by all trials.
 *
 * Upper bounds are float32 numbers, so `value <= bound` means the same here and in an ONNX tree.
 * Source: Ke et al. 2017 (LightGBM); the equal-count rule is described in LightGBM's `bin.cpp` (GreedyFindBin).
 */
import type { FeatureMatrix } from '../../featurization/features.ts';
import { sortNumbers } from './sort-numbers.ts';
import { fastKernels } from './wasm-kernels.ts';

/** How a number feature is cut: bin `b` holds `upperBounds[b - 1] < value <= upperBounds[b]`; the last bound is +inf. */
export type NumericBins = {
  readonly kind: 'numeric';
  readonly upperBounds: Float32Array;
  /** The bin of missing values, or -1 when the table has none. */
  readonly missingBin: number;
  readonly binCount: number;
};

/** How a category feature is cut: bin 0 holds unseen and rare categories, bin `b` the code `codeOfBin[b]`, frequent ones first. */
export type CategoricalBins = {
  readonly kind: 'categorical';
  readonly codeOfBin: Int32Array;
  readonly binCount: number;
};

export type FeatureBins = NumericBins | CategoricalBins;

export type BinnedTable = {
  readonly rowCount: number;
  readonly features: readonly FeatureBins[];
  /** Bin numbers column by column over shared memory: feature `j` at `[j * rowCount, (j + 1) * rowCount)`. */
  readonly bins: Uint8Array<SharedArrayBuffer>;
};

export type BinningOptions = {
  /** Most bins a feature, the missing one included; 2..255. Default 255. */
  readonly maxBin?: number;
  /** Fewest rows in a bin of numbers. Default 3. */
  readonly minDataInBin?: number;
};

/** In a table of so many rows 255 bins hold three rows each anyway: those of the default options serve whatever `minDataInBin`. */
export const ROWS_OF_EQUAL_BINS = 5000;

/** Rows that the bounds are estimated from in a large table (LightGBM's `bin_construct_sample_cnt`). */
const SAMPLE_ROWS = 200_000;

/** Bins every feature of a table. Bounds look at feature values only, never at the target. */
export function binTable(features: FeatureMatrix, options: BinningOptions = {}): BinnedTable {
  const { maxBin = 255, minDataInBin = 3 } = options;
  const { rowCount } = features;
  const bins = new Uint8Array(new SharedArrayBuffer(rowCount * (features.numeric.length + features.categorical.length)));
  const layout: FeatureBins[] = [];
  const assignNumbers = numberAssigner();
  const next = () => bins.subarray(layout.length * rowCount, (layout.length + 1) * rowCount);
  for (const feature of features.numeric) {
    const cut = cutNumbers(feature.values, maxBin, minDataInBin);
    assignNumbers(feature.values, cut, next());
    layout.push(cut);
  }
  for (const feature of features.categorical) {
    const cut = cutCategories(feature.codes, feature.labels.length, maxBin, minDataInBin);
    assignCategories(feature.codes, cut, feature.labels.length, next());
    layout.push(cut);
  }
  return { rowCount, features: layout, bins };
}

function cutNumbers(values: Float32Array, maxBin: number, minDataInBin: number): NumericBins {
  const { distinct, counts, total } = countDistinct(sample(values));
  const missing = total < Math.min(values.length, SAMPLE_ROWS) || hasMissing(values);
  const upperBounds = zeroApartBounds(distinct, counts, missing ? maxBin - 1 : maxBin, minDataInBin);
  return {
    kind: 'numeric',
    upperBounds,
    missingBin: missing ? upperBounds.length : -1,
    binCount: upperBounds.length + (missing ? 1 : 0),
  };
}

function hasMissing(values: Float32Array): boolean {
  for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) return true;
  return false;
}

/** Evenly spaced rows of a long column: no randomness, so two workers bin alike. */
function sample(values: Float32Array): Float32Array {
  if (values.length <= SAMPLE_ROWS) return values.slice();
  const step = values.length / SAMPLE_ROWS;
  const sampled = new Float32Array(SAMPLE_ROWS);
  for (let i = 0; i < SAMPLE_ROWS; i++) sampled[i] = values[Math.floor(i * step)] as number;
  return sampled;
}

/** Distinct values in ascending order and how often each occurs; they are written over `values`, missing ones are left out. */
function countDistinct(values: Float32Array): { distinct: Float32Array; counts: Int32Array; total: number } {
  const total = sortNumbers(values);
  const counts = new Int32Array(total);
  let size = 0;
  let last = Number.NaN;
  for (let i = 0; i < total; i++) {
    const value = values[i] as number;
    if (value !== last) {
      last = value;
      values[size++] = value;
    }
    counts[size - 1] = (counts[size - 1] as number) + 1;
  }
  return { distinct: values.subarray(0, size), counts: counts.subarray(0, size), total };
}

/** Magnitudes up to this count as zero (LightGBM's `kZeroThreshold`). */
const ZERO_THRESHOLD = Math.fround(1e-35);

/** Upper bounds of the bins: zero has one of its own, the others are shared out between negative and positive values by their rows (LightGBM's FindBinWithZeroAsOneBin). */
function zeroApartBounds(distinct: Float32Array, counts: Int32Array, maxBin: number, minDataInBin: number): Float32Array {
  const firstNotBelow = firstAboveOf(distinct, -ZERO_THRESHOLD);
  const firstAbove = firstAboveOf(distinct, ZERO_THRESHOLD);
  const below = counts.subarray(0, firstNotBelow);
  const above = counts.subarray(firstAbove);
  const [rowsBelow, rowsAbove] = [sum(below), sum(above)];
  const bounds: number[] = [];
  if (rowsBelow > 0 && maxBin > 1) {
    const share = Math.max(1, Math.floor((rowsBelow / (rowsBelow + rowsAbove)) * (maxBin - 1)));
    bounds.push(...equalCountBounds(distinct.subarray(0, firstNotBelow), below, rowsBelow, share, minDataInBin), -ZERO_THRESHOLD);
  }
  const left = maxBin - 1 - bounds.length;
  if (rowsAbove > 0 && left > 0)
    bounds.push(ZERO_THRESHOLD, ...equalCountBounds(distinct.subarray(firstAbove), above, rowsAbove, left, minDataInBin));
  return Float32Array.from([...bounds, Number.POSITIVE_INFINITY]);
}

/** The place of the first value above a limit, or the length. */
function firstAboveOf(distinct: Float32Array, limit: number): number {
  let place = 0;
  while (place < distinct.length && !((distinct[place] as number) > limit)) place++;
  return place;
}

function sum(counts: Int32Array): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i] as number;
  return total;
}

/** The bounds between bins with about equal counts, the last bin's not among them; a value with more than an average bin's count gets a bin of its own (LightGBM's GreedyFindBin). */
function equalCountBounds(
  distinct: Float32Array,
  counts: Int32Array,
  total: number,
  maxBin: number,
  minDataInBin: number,
): number[] {
  const bounds: number[] = [];
  const last = distinct.length - 1;
  const cutAfter = (i: number) => bounds.push(boundBetween(distinct[i] as number, distinct[i + 1] as number));
  if (distinct.length <= maxBin) {
    let inBin = 0;
    for (let i = 0; i < last; i++) {
      inBin += counts[i] as number;
      if (inBin < minDataInBin) continue;
      cutAfter(i);
      inBin = 0;
    }
  } else {
    const binLimit = Math.max(1, Math.min(maxBin, Math.floor(total / Math.max(1, minDataInBin))));
    const average = total / binLimit;
    let openBins = binLimit;
    let openRows = total;
    const frequent = new Uint8Array(distinct.length);
    for (let i = 0; i <= last; i++) {
      if ((counts[i] as number) < average) continue;
      frequent[i] = 1;
      openBins--;
      openRows -= counts[i] as number;
    }
    let target = openRows / openBins;
    let inBin = 0;
    for (let i = 0; i < last && bounds.length < binLimit - 1; i++) {
      if (!frequent[i]) openRows -= counts[i] as number;
      inBin += counts[i] as number;
      const full = frequent[i] === 1 || inBin >= target || (frequent[i + 1] === 1 && inBin >= Math.max(1, target * 0.5));
      if (!full) continue;
      cutAfter(i);
      inBin = 0;
      if (!frequent[i]) target = openRows / --openBins;
    }
  }
  return bounds;
}

/** A float32 number `t` with `low <= t < high`, in the middle where float32 has one. */
export function boundBetween(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  if (Number.isFinite(middle)) return middle >= low && middle < high ? middle : low;
  // One side is infinite: the finite side, or 0 between -inf and +inf.
  if (Number.isFinite(low)) return low;
  return Number.isFinite(high) ? -LARGEST_FLOAT32 : 0;
}

const LARGEST_FLOAT32 = Math.fround(3.4028234663852886e38);

/** Values that are brought to the kernels' memory at a time. */
const BATCH = 65_536;

/** A function that writes the bin of every value. */
function numberAssigner(): (values: Float32Array, cut: NumericBins, bins: Uint8Array) => void {
  const kernels = fastKernels(8 * BATCH);
  const [inputs, outputs, bounds] = [kernels.singles(BATCH), kernels.bytes(BATCH), kernels.singles(256)];
  return (values, { upperBounds, missingBin }, bins) => {
    let width = 1;
    while (width < upperBounds.length) width *= 2;
    bounds.fill(Number.POSITIVE_INFINITY).set(upperBounds);
    for (let begin = 0; begin < values.length; begin += BATCH) {
      const batch = values.subarray(begin, begin + BATCH);
      inputs.set(batch);
      kernels.assignBins(inputs.subarray(0, batch.length), bounds.subarray(0, width), missingBin, outputs);
      bins.set(outputs.subarray(0, batch.length), begin);
    }
  };
}

/**
 * Categories get a bin each, frequent ones first; those of fewer than `minDataInBin` rows share bin 0 with unseen ones, and so does
 * the rarest when the others make up 99 % of the rows. The two most frequent have a bin whatever their rows (LightGBM's FindBin).
 */
function cutCategories(codes: Int32Array, categories: number, maxBin: number, minDataInBin: number): CategoricalBins {
  const counts = new Int32Array(categories + 1);
  for (let row = 0; row < codes.length; row++) counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1;
  const countOf = (code: number): number => counts[code] as number;
  const frequent = Array.from({ length: categories }, (_, i) => i + 1)
    .filter((code) => countOf(code) > 0)
    .sort((a, b) => countOf(b) - countOf(a) || a - b);
  const unknown = countOf(0);
  const wantedRows = Math.round((codes.length - unknown) * 0.99);
  const wantedBins = Math.min(frequent.length + (unknown > 0 ? 1 : 0), maxBin);
  const kept = [0];
  let rows = 0;
  for (const [i, code] of frequent.entries()) {
    const enough = rows >= wantedRows && kept.length >= wantedBins;
    if (enough || kept.length >= maxBin || (countOf(code) < minDataInBin && i > 1)) break;
    kept.push(code);
    rows += countOf(code);
  }
  return { kind: 'categorical', codeOfBin: Int32Array.from(kept), binCount: kept.length };
}

function assignCategories(codes: Int32Array, cut: CategoricalBins, categories: number, bins: Uint8Array): void {
  const binOfCode = new Uint8Array(categories + 1);
  cut.codeOfBin.forEach((code, bin) => {
    binOfCode[code] = bin;
  });
  for (let row = 0; row < codes.length; row++) bins[row] = binOfCode[codes[row] as number] as number;
}
