/**
 * Trees of at most 64 leaves, every test of a tree at once: no walk, no branch that depends on the data, four rows an operation.
 *
 * A tree's leaves are numbered so that those below a node's first child come before those below its second. A row keeps one bit a leaf,
 * all set at first. A test that sends it to the second child clears the bits below the first; the lowest bit that stays set is the leaf it
 * falls into. Source: Lucchese and others, "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression trees"
 * (SIGIR 2015), in the vector form of its sequel, without the order of thresholds: trees here are small.
 *
 * A test is 12 bytes: the threshold (f32), the column's address (plus 1 when a missing value goes to the first child), and the bits it
 * leaves. A tree is 16: where its tests of the leaves 0 to 31 begin, those of the leaves 32 to 63, the end of those, and its leaves' values.
 */
import { COLUMN_BYTES } from './columns';

const TEST_BYTES: u32 = 12;
const TREE_BYTES: u32 = 16;

/** The bits of four rows after a test. */
@inline
function tested(bits: v128, at: u32, threshold: v128, kept: v128, first: v128, missing: bool): v128 {
  const x = v128.load(at);
  let holds = f32x4.le(x, threshold);
  if (missing) holds = v128.or(holds, v128.and(f32x4.ne(x, x), first));
  return v128.and(bits, v128.or(kept, holds));
}

/** Adds the values of the leaf that one row fell into. */
@inline
function add(leaf: u32, values: u32, out: u32, targets: u32): void {
  const from = values + leaf * targets * 4;
  for (let k: u32 = 0; k < targets; k++) {
    const sum = out + k * COLUMN_BYTES;
    store<f32>(sum, load<f32>(sum) + load<f32>(from + k * 4));
  }
}

/** Adds the leaves of four rows. @param isLarge whether there are leaves beyond 32 */
@inline
function addFour(low: v128, high: v128, isLarge: bool, values: u32, out: u32, targets: u32): void {
  if (isLarge) {
    const even = v128.shuffle<u32>(low, high, 0, 4, 1, 5);
    const odd = v128.shuffle<u32>(low, high, 2, 6, 3, 7);
    add(u32(ctz(i64x2.extract_lane(even, 0))), values, out, targets);
    add(u32(ctz(i64x2.extract_lane(even, 1))), values, out + 4, targets);
    add(u32(ctz(i64x2.extract_lane(odd, 0))), values, out + 8, targets);
    add(u32(ctz(i64x2.extract_lane(odd, 1))), values, out + 12, targets);
  } else {
    add(ctz(i32x4.extract_lane(low, 0)), values, out, targets);
    add(ctz(i32x4.extract_lane(low, 1)), values, out + 4, targets);
    add(ctz(i32x4.extract_lane(low, 2)), values, out + 8, targets);
    add(ctz(i32x4.extract_lane(low, 3)), values, out + 12, targets);
  }
}

/** @param vectors 1, 2 or 4: fours of rows */
@inline
function scan(vectors: u32, trees: u32, count: u32, out: u32, targets: u32, missing: bool): void {
  const ones = i32x4.splat(-1);
  for (let tree = trees, end = trees + count * TREE_BYTES; tree < end; tree += TREE_BYTES) {
    const middle = load<u32>(tree, 4);
    const last = load<u32>(tree, 8);
    const values = load<u32>(tree, 12);
    let a = ones, b = ones, c = ones, d = ones;
    let at = load<u32>(tree);
    for (; at < middle; at += TEST_BYTES) {
      const field = load<u32>(at, 4);
      const column = field & ~1;
      const threshold = v128.load32_splat(at);
      const kept = v128.load32_splat(at, 8);
      const first = i32x4.splat(-i32(field & 1));
      a = tested(a, column, threshold, kept, first, missing);
      if (vectors > 1) b = tested(b, column + 16, threshold, kept, first, missing);
      if (vectors > 2) c = tested(c, column + 32, threshold, kept, first, missing);
      if (vectors > 2) d = tested(d, column + 48, threshold, kept, first, missing);
    }
    const isLarge = last > middle;
    let e = ones, f = ones, g = ones, h = ones;
    for (; at < last; at += TEST_BYTES) {
      const field = load<u32>(at, 4);
      const column = field & ~1;
      const threshold = v128.load32_splat(at);
      const kept = v128.load32_splat(at, 8);
      const first = i32x4.splat(-i32(field & 1));
      e = tested(e, column, threshold, kept, first, missing);
      if (vectors > 1) f = tested(f, column + 16, threshold, kept, first, missing);
      if (vectors > 2) g = tested(g, column + 32, threshold, kept, first, missing);
      if (vectors > 2) h = tested(h, column + 48, threshold, kept, first, missing);
    }
    addFour(a, e, isLarge, values, out, targets);
    if (vectors > 1) addFour(b, f, isLarge, values, out + 16, targets);
    if (vectors > 2) addFour(c, g, isLarge, values, out + 32, targets);
    if (vectors > 2) addFour(d, h, isLarge, values, out + 48, targets);
  }
}

@inline
function scanRows(rows: u32, trees: u32, count: u32, out: u32, targets: u32, missing: bool): void {
  if (rows <= 4) scan(1, trees, count, out, targets, missing);
  else if (rows <= 8) scan(2, trees, count, out, targets, missing);
  else scan(4, trees, count, out, targets, missing);
}

/** As `walkTrees`, for trees laid out as lists of tests. @param trees address of the trees, `count` of them */
export function scanTrees(rows: u32, trees: u32, count: u32, out: u32, targets: u32): void {
  scanRows(rows, trees, count, out, targets, false);
}

/** The same where a value is missing that may go to a first child. */
export function scanTreesMissing(rows: u32, trees: u32, count: u32, out: u32, targets: u32): void {
  scanRows(rows, trees, count, out, targets, true);
}
