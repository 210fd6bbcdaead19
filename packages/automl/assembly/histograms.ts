/**
 * Histograms of gradients. A bin of a histogram is 16 bytes (sum of gradients, of hessians), so one `f64x2` add serves a row.
 *
 * Rows are worked on a chunk at a time: their bins and pairs are first copied next to each other, which asks for many distant rows
 * of the table at once instead of waiting for each, and the chunk then stays in the nearest cache for all features.
 */
import { BIN_COUNT, FEATURE_SHIFT, FIRST_BIN } from './layout';

/** Rows of a chunk. */
const CHUNK: i32 = 512;

/** Bytes of a row's bins that are copied at a time. */
const TILE: i32 = 64;

/** Bytes that `buildHistograms` needs at `chunk`: bins, then pairs. */
export function chunkBytes(): i32 {
  return CHUNK * (TILE + 16);
}

/** Copies a column-wise table (`columnCount` columns of `rowCount` bytes) to rows of `stride` bytes. */
export function interleave(columns: usize, columnCount: i32, rowCount: i32, stride: i32, rowBins: usize): void {
  for (let begin: i32 = 0; begin < rowCount; begin += CHUNK) {
    const length = min(CHUNK, rowCount - begin);
    for (let j: i32 = 0; j < columnCount; j++) {
      let from = columns + <usize>j * <usize>rowCount + <usize>begin;
      const end = from + <usize>length;
      let to = rowBins + <usize>begin * <usize>stride + <usize>j;
      for (; from < end; from++) {
        store<u8>(to, load<u8>(from));
        to += stride;
      }
    }
  }
}

/** Writes the sum of the pairs of `count` rows to `sums`. */
export function sumPairs(pairs: usize, rows: usize, count: i32, sums: usize): void {
  let sum = f64x2.splat(0);
  for (let i: i32 = 0; i < count; i++) sum = f64x2.add(sum, pairOf(pairs, rowAt(rows, i)));
  v128.store(sums, sum);
}

/**
 * The histograms of some features over `count` rows.
 * @param ascending 1 when row numbers ascend: a chunk whose ends are as far apart as it is long then has no gaps.
 */
export function buildHistograms(
  layout: usize,
  features: usize,
  featureCount: i32,
  rowBins: usize,
  stride: i32,
  rows: usize,
  count: i32,
  ascending: i32,
  pairs: usize,
  chunk: usize,
  histogram: usize,
): void {
  for (let i: i32 = 0; i < featureCount; i++) {
    const feature = layout + (rowAt(features, i) << FEATURE_SHIFT);
    memory.fill(histogram + ((<usize>load<u32>(feature, FIRST_BIN)) << 4), 0, (<usize>load<u32>(feature, BIN_COUNT)) << 4);
  }
  const chunkPairs = chunk + <usize>(CHUNK * TILE);
  for (let begin: i32 = 0; begin < count; begin += CHUNK) {
    const length = min(CHUNK, count - begin);
    const chunkRows = rows + ((<usize>begin) << 2);
    for (let i: i32 = 0; i < length; i++) v128.store(chunkPairs + ((<usize>i) << 4), pairOf(pairs, rowAt(chunkRows, i)));
    const first = rowAt(chunkRows, 0);
    const gapless = ascending !== 0 && rowAt(chunkRows, length - 1) - first === <usize>(length - 1);
    let at: i32 = 0;
    while (at < featureCount) {
      // The next features whose bins lie within one tile of the row.
      const tile = rowAt(features, at) & ~15;
      let after = at + 1;
      while (after < featureCount && rowAt(features, after) < tile + TILE) after++;
      const width = (rowAt(features, after - 1) & ~15) + 16 - tile;
      if (gapless) {
        const bins = rowBins + first * <usize>stride;
        addFeatures(layout, features, at, after, bins, stride, chunkPairs, length, histogram);
      } else {
        gatherBins(rowBins + tile, stride, width, chunkRows, length, chunk);
        addFeatures(layout, features, at, after, chunk - tile, <i32>width, chunkPairs, length, histogram);
      }
      at = after;
    }
  }
}

function rowAt(rows: usize, i: i32): usize {
  return <usize>load<u32>(rows + ((<usize>i) << 2));
}

/** The gradient pair of a row, float32 numbers widened to float64. */
function pairOf(pairs: usize, row: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)));
}

/** Copies `width` (16, 32, 48 or 64) bytes of each row. */
function gatherBins(rowBins: usize, stride: i32, width: usize, rows: usize, count: i32, to: usize): void {
  if (width === 16) {
    for (let i: i32 = 0; i < count; i++) {
      v128.store(to, v128.load(rowBins + rowAt(rows, i) * <usize>stride));
      to += 16;
    }
  } else if (width === 32) {
    for (let i: i32 = 0; i < count; i++) {
      const from = rowBins + rowAt(rows, i) * <usize>stride;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      to += 32;
    }
  } else {
    for (let i: i32 = 0; i < count; i++) {
      const from = rowBins + rowAt(rows, i) * <usize>stride;
      for (let byte: usize = 0; byte < width; byte += 16) v128.store(to + byte, v128.load(from + byte));
      to += width;
    }
  }
}

/** Adds a chunk to the histograms of `features[at..after)`, four at a time; feature `j` of the first row is at `bins + j`. */
function addFeatures(
  layout: usize,
  features: usize,
  at: i32,
  after: i32,
  bins: usize,
  stride: i32,
  pairs: usize,
  count: i32,
  histogram: usize,
): void {
  const end = pairs + ((<usize>count) << 4);
  let i = at;
  for (; i + 4 <= after; i += 4) {
    const a = rowAt(features, i);
    const b = rowAt(features, i + 1);
    const c = rowAt(features, i + 2);
    const d = rowAt(features, i + 3);
    const sumsA = sumsOf(layout, a, histogram);
    const sumsB = sumsOf(layout, b, histogram);
    const sumsC = sumsOf(layout, c, histogram);
    const sumsD = sumsOf(layout, d, histogram);
    if (d === a + 3) addFourInRow(bins + a, stride, pairs, end, sumsA, sumsB, sumsC, sumsD);
    else addFour(bins + a, bins + b, bins + c, bins + d, stride, pairs, end, sumsA, sumsB, sumsC, sumsD);
  }
  if (i + 2 <= after) {
    const a = rowAt(features, i);
    const b = rowAt(features, i + 1);
    addTwo(bins + a, bins + b, stride, pairs, end, sumsOf(layout, a, histogram), sumsOf(layout, b, histogram));
    i += 2;
  }
  if (i < after) {
    const a = rowAt(features, i);
    addOne(bins + a, stride, pairs, end, sumsOf(layout, a, histogram));
  }
}

function sumsOf(layout: usize, feature: usize, histogram: usize): usize {
  return histogram + ((<usize>load<u32>(layout + (feature << FEATURE_SHIFT), FIRST_BIN)) << 4);
}

function addFour(
  binsA: usize,
  binsB: usize,
  binsC: usize,
  binsD: usize,
  stride: i32,
  pairs: usize,
  end: usize,
  sumsA: usize,
  sumsB: usize,
  sumsC: usize,
  sumsD: usize,
): void {
  for (let at: usize = 0; pairs < end; at += stride) {
    const pair = v128.load(pairs);
    const a = sumsA + ((<usize>load<u8>(binsA + at)) << 4);
    const b = sumsB + ((<usize>load<u8>(binsB + at)) << 4);
    const c = sumsC + ((<usize>load<u8>(binsC + at)) << 4);
    const d = sumsD + ((<usize>load<u8>(binsD + at)) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b), pair));
    v128.store(c, f64x2.add(v128.load(c), pair));
    v128.store(d, f64x2.add(v128.load(d), pair));
    pairs += 16;
  }
}

/** Four features side by side in a row: one load for the bins of all. */
function addFourInRow(
  bins: usize,
  stride: i32,
  pairs: usize,
  end: usize,
  sumsA: usize,
  sumsB: usize,
  sumsC: usize,
  sumsD: usize,
): void {
  for (; pairs < end; pairs += 16) {
    const pair = v128.load(pairs);
    const four = load<u32>(bins);
    const a = sumsA + <usize>((four & 255) << 4);
    const b = sumsB + <usize>((four >>> 4) & 4080);
    const c = sumsC + <usize>((four >>> 12) & 4080);
    const d = sumsD + <usize>((four >>> 20) & 4080);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b), pair));
    v128.store(c, f64x2.add(v128.load(c), pair));
    v128.store(d, f64x2.add(v128.load(d), pair));
    bins += stride;
  }
}

function addTwo(binsA: usize, binsB: usize, stride: i32, pairs: usize, end: usize, sumsA: usize, sumsB: usize): void {
  for (let at: usize = 0; pairs < end; at += stride) {
    const pair = v128.load(pairs);
    const a = sumsA + ((<usize>load<u8>(binsA + at)) << 4);
    const b = sumsB + ((<usize>load<u8>(binsB + at)) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b), pair));
    pairs += 16;
  }
}

function addOne(bins: usize, stride: i32, pairs: usize, end: usize, sums: usize): void {
  for (; pairs < end; pairs += 16) {
    const a = sums + ((<usize>load<u8>(bins)) << 4);
    v128.store(a, f64x2.add(v128.load(a), v128.load(pairs)));
    bins += stride;
  }
}

/** Adds `count` histograms, which stand side by side from `others` on and are `size` bytes each, for some features. */
export function addHistograms(
  layout: usize,
  features: usize,
  featureCount: i32,
  histogram: usize,
  others: usize,
  size: usize,
  count: i32,
): void {
  for (let i: i32 = 0; i < featureCount; i++) {
    const feature = layout + (rowAt(features, i) << FEATURE_SHIFT);
    const begin = (<usize>load<u32>(feature, FIRST_BIN)) << 4;
    const end = begin + ((<usize>load<u32>(feature, BIN_COUNT)) << 4);
    for (let at = begin; at < end; at += 16) {
      let sum = v128.load(histogram + at);
      for (let j: i32 = 0; j < count; j++) sum = f64x2.add(sum, v128.load(others + <usize>j * size + at));
      v128.store(histogram + at, sum);
    }
  }
}

/** `parent -= child`, for some features. */
export function subtractHistograms(layout: usize, features: usize, featureCount: i32, parent: usize, child: usize): void {
  for (let i: i32 = 0; i < featureCount; i++) {
    const feature = layout + (rowAt(features, i) << FEATURE_SHIFT);
    const begin = (<usize>load<u32>(feature, FIRST_BIN)) << 4;
    const end = begin + ((<usize>load<u32>(feature, BIN_COUNT)) << 4);
    for (let at = begin; at < end; at += 16) {
      v128.store(parent + at, f64x2.sub(v128.load(parent + at), v128.load(child + at)));
    }
  }
}
