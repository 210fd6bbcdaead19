/** Arithmetic over columns: the rows of a block lie side by side, so that four of them are one operation. */

/** A column of a block: 16 rows of 4 bytes, the processor's cache line. */
export const COLUMN_BYTES: u32 = 64;

/** The address of a table's column; a table is a list of column addresses. */
@inline
function column(table: u32, c: u32): u32 {
  return load<u32>(table + c * 4);
}

/** The bytes of so many rows, in whole vectors. */
@inline
function vectors(rows: u32): u32 {
  return ((rows + 3) & ~3) * 4;
}

/** `(x - offset) * scale`, each column with a pair of its own. @param pairs address of offset and scale in turn */
export function scale(rows: u32, table: u32, columns: u32, pairs: u32, out: u32): void {
  const end = vectors(rows);
  for (let c: u32 = 0; c < columns; c++) {
    const from = column(table, c);
    const to = out + c * COLUMN_BYTES;
    const offset = v128.load32_splat(pairs + c * 8);
    const factor = v128.load32_splat(pairs + c * 8 + 4);
    for (let at: u32 = 0; at < end; at += 16)
      v128.store(to + at, f32x4.mul(f32x4.sub(v128.load(from + at), offset), factor));
  }
}

/** Each row divided by the largest of its values; a row whose largest is 0 stays. */
export function normalizeMax(rows: u32, table: u32, columns: u32, out: u32): void {
  const end = vectors(rows);
  for (let at: u32 = 0; at < end; at += 16) {
    let most = f32x4.splat(-Infinity);
    for (let c: u32 = 0; c < columns; c++) most = f32x4.max(most, v128.load(column(table, c) + at));
    divide(at, table, columns, out, most);
  }
}

/** Each row divided by the sum of its absolute values; a row of zeros stays. */
export function normalizeL1(rows: u32, table: u32, columns: u32, out: u32): void {
  const end = vectors(rows);
  for (let at: u32 = 0; at < end; at += 16) {
    let sum = f32x4.splat(0);
    for (let c: u32 = 0; c < columns; c++) sum = f32x4.add(sum, f32x4.abs(v128.load(column(table, c) + at)));
    divide(at, table, columns, out, sum);
  }
}

@inline
function divide(at: u32, table: u32, columns: u32, out: u32, by: v128): void {
  const isZero = f32x4.eq(by, f32x4.splat(0));
  for (let c: u32 = 0; c < columns; c++) {
    const x = v128.load(column(table, c) + at);
    v128.store(out + c * COLUMN_BYTES + at, v128.bitselect(x, f32x4.div(x, by), isZero));
  }
}

/** The root of each value's share of the row's sum of squares, with the value's sign; a row of zeros stays. */
export function normalizeL2(rows: u32, table: u32, columns: u32, out: u32): void {
  const end = vectors(rows);
  const zero = f32x4.splat(0);
  for (let at: u32 = 0; at < end; at += 16) {
    let sum = zero;
    for (let c: u32 = 0; c < columns; c++) {
      const x = v128.load(column(table, c) + at);
      sum = f32x4.add(sum, f32x4.mul(x, x));
    }
    const isZero = f32x4.eq(sum, zero);
    for (let c: u32 = 0; c < columns; c++) {
      const x = v128.load(column(table, c) + at);
      const size = f32x4.sqrt(f32x4.div(f32x4.mul(x, x), sum));
      const signed = v128.bitselect(f32x4.neg(size), size, f32x4.lt(x, zero));
      v128.store(out + c * COLUMN_BYTES + at, v128.bitselect(x, signed, isZero));
    }
  }
}

/**
 * `[rows, columns] x [columns, targets]` plus a bias, summed in double precision.
 *
 * @param coefficients address of the coefficients (f32), target after target
 * @param intercepts address of one bias (f32) a target
 */
export function linear(
  rows: u32,
  table: u32,
  columns: u32,
  coefficients: u32,
  intercepts: u32,
  out: u32,
  targets: u32,
): void {
  const end = vectors(rows);
  for (let k: u32 = 0; k < targets; k++) {
    const factors = coefficients + k * columns * 4;
    const bias = f64x2.splat(f64(load<f32>(intercepts + k * 4)));
    for (let at: u32 = 0; at < end; at += 16) {
      let low = bias;
      let high = bias;
      for (let c: u32 = 0; c < columns; c++) {
        const x = v128.load(column(table, c) + at);
        const factor = f64x2.splat(f64(load<f32>(factors + c * 4)));
        low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(x), factor));
        high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), factor));
      }
      const to = out + k * COLUMN_BYTES + at;
      v128.store64_lane(to, f32x4.demote_f64x2_zero(low), 0);
      v128.store64_lane(to + 8, f32x4.demote_f64x2_zero(high), 0);
    }
  }
}

/** Whether one of the columns has a missing value (NaN). */
export function hasMissing(rows: u32, table: u32, columns: u32): bool {
  for (let c: u32 = 0; c < columns; c++) {
    const from = column(table, c);
    for (let at: u32 = 0; at < rows * 4; at += 4) {
      const x = load<f32>(from + at);
      if (x != x) return true;
    }
  }
  return false;
}
