/**
 * Trees of any size: each row goes from the root to its leaf.
 *
 * A node is 8 bytes: its threshold (f32), how many nodes further on its second child is (u16), and the column it asks about (u16: twice
 * the column's number, plus 1 when a missing value goes to the first child). The first child stands right behind the second. A row goes to
 * the first child when its value is <= the threshold, else, NaN included, to the second. A leaf's second child is the leaf itself, and its
 * threshold is a NaN that carries the number of its values: a row that has arrived stays there.
 *
 * Eight walks are under way at a time and no step has a branch that depends on the data: eight independent chains of loads keep a
 * processor busy that one chain would leave waiting. Whole eights of rows walk one tree together, of the rows left each walks eight trees.
 */
import { COLUMN_BYTES } from './columns';

/** How far from here the next node is, in bytes; 0 at a leaf. @param row where the row is in every column, in bytes */
@inline
function step(node: u32, row: u32, missing: bool): u32 {
  const field = u32(load<u16>(node, 6));
  const x = load<f32>((field >> 1) * COLUMN_BYTES + row);
  let first = u32(x <= load<f32>(node));
  if (missing) first |= u32(x != x) & field & 1;
  return (u32(load<u16>(node, 4)) + first) << 3;
}

/** Where the values of a leaf are. */
@inline
function valuesOf(leaf: u32, values: u32, targets: u32): u32 {
  return values + (load<u32>(leaf) & 0x3fffff) * targets * 4;
}

/** Adds a leaf's values to the sums of one row. */
@inline
function add(leaf: u32, values: u32, out: u32, targets: u32): void {
  const from = valuesOf(leaf, values, targets);
  for (let k: u32 = 0; k < targets; k++) {
    const sum = out + k * COLUMN_BYTES;
    store<f32>(sum, load<f32>(sum) + load<f32>(from + k * 4));
  }
}

/** Eight rows, one tree after the other. */
@inline
function eightRows(row: u32, roots: u32, trees: u32, values: u32, out: u32, targets: u32, missing: bool): void {
  for (let t: u32 = 0; t < trees; t++) {
    const root = load<u32>(roots + t * 4);
    let a = root, b = root, c = root, d = root, e = root, f = root, g = root, h = root;
    let moved: u32;
    do {
      const ma = step(a, row, missing);
      a += ma;
      const mb = step(b, row + 4, missing);
      b += mb;
      moved = ma | mb;
      const mc = step(c, row + 8, missing);
      c += mc;
      moved |= mc;
      const md = step(d, row + 12, missing);
      d += md;
      moved |= md;
      const me = step(e, row + 16, missing);
      e += me;
      moved |= me;
      const mf = step(f, row + 20, missing);
      f += mf;
      moved |= mf;
      const mg = step(g, row + 24, missing);
      g += mg;
      moved |= mg;
      const mh = step(h, row + 28, missing);
      h += mh;
      moved |= mh;
    } while (moved);
    add(a, values, out, targets);
    add(b, values, out + 4, targets);
    add(c, values, out + 8, targets);
    add(d, values, out + 12, targets);
    add(e, values, out + 16, targets);
    add(f, values, out + 20, targets);
    add(g, values, out + 24, targets);
    add(h, values, out + 28, targets);
  }
}

/** One row, eight trees at a time. */
@inline
function eightTrees(row: u32, roots: u32, trees: u32, values: u32, out: u32, targets: u32, missing: bool): void {
  for (let t: u32 = 0; t < trees; t += 8) {
    const at = roots + t * 4;
    let a = load<u32>(at);
    let b = load<u32>(at, 4);
    let c = load<u32>(at, 8);
    let d = load<u32>(at, 12);
    let e = load<u32>(at, 16);
    let f = load<u32>(at, 20);
    let g = load<u32>(at, 24);
    let h = load<u32>(at, 28);
    let moved: u32;
    do {
      const ma = step(a, row, missing);
      a += ma;
      const mb = step(b, row, missing);
      b += mb;
      moved = ma | mb;
      const mc = step(c, row, missing);
      c += mc;
      moved |= mc;
      const md = step(d, row, missing);
      d += md;
      moved |= md;
      const me = step(e, row, missing);
      e += me;
      moved |= me;
      const mf = step(f, row, missing);
      f += mf;
      moved |= mf;
      const mg = step(g, row, missing);
      g += mg;
      moved |= mg;
      const mh = step(h, row, missing);
      h += mh;
      moved |= mh;
    } while (moved);
    add(a, values, out, targets);
    add(b, values, out, targets);
    add(c, values, out, targets);
    add(d, values, out, targets);
    add(e, values, out, targets);
    add(f, values, out, targets);
    add(g, values, out, targets);
    add(h, values, out, targets);
  }
}

@inline
function walk(rows: u32, roots: u32, trees: u32, values: u32, out: u32, targets: u32, missing: bool): void {
  const whole = rows & ~7;
  for (let r: u32 = 0; r < whole; r += 8) eightRows(r * 4, roots, trees, values, out + r * 4, targets, missing);
  for (let r = whole; r < rows; r++) eightTrees(r * 4, roots, trees, values, out + r * 4, targets, missing);
}

/**
 * Adds every tree's leaf to the sums, tree after tree in single precision, as ONNX Runtime does.
 *
 * @param rows at most as many as a column holds
 * @param roots address of the addresses of the trees' roots, filled up to a multiple of 8 with leaves of 0
 * @param values address of the leaves' values, `targets` a leaf
 * @param out address of the columns of the sums, one a target
 */
export function walkTrees(rows: u32, roots: u32, trees: u32, values: u32, out: u32, targets: u32): void {
  walk(rows, roots, trees, values, out, targets, false);
}

/** The same where a value is missing that may go to a first child. */
export function walkTreesMissing(rows: u32, roots: u32, trees: u32, values: u32, out: u32, targets: u32): void {
  walk(rows, roots, trees, values, out, targets, true);
}
