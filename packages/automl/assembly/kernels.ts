/**
 * AssemblyScript twin of `src/learners/gbdt/kernels.ts`: the same loops as SIMD WebAssembly. Pointers are byte offsets into the
 * imported memory; gradient pairs and histogram bins are 16 bytes, so one `f64x2` add serves a row.
 */

/** Zeroes `bytes` bytes. */
export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}

/** Copies the pairs of `count` rows next to each other. */
export function gatherPairs(pairs: usize, rows: usize, count: i32, gathered: usize): void {
  for (let i: i32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2));
    v128.store(gathered + ((<usize>i) << 4), v128.load(pairs + (row << 4)));
  }
}

/** Adds the gathered pairs of `count` rows to one feature's histogram. */
export function accumulateOne(bins: usize, rows: usize, count: i32, gathered: usize, histogram: usize): void {
  for (let i: i32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2));
    const at = histogram + ((<usize>load<u8>(bins + row)) << 4);
    v128.store(at, f64x2.add(v128.load(at), v128.load(gathered + ((<usize>i) << 4))));
  }
}

/** Adds them to two features' histograms in one pass: row numbers and pairs are read once for both. */
export function accumulateTwo(
  binsA: usize,
  binsB: usize,
  rows: usize,
  count: i32,
  gathered: usize,
  histogramA: usize,
  histogramB: usize,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2));
    const pair = v128.load(gathered + ((<usize>i) << 4));
    const a = histogramA + ((<usize>load<u8>(binsA + row)) << 4);
    const b = histogramB + ((<usize>load<u8>(binsB + row)) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b), pair));
  }
}

/** And four. */
export function accumulateFour(
  binsA: usize,
  binsB: usize,
  binsC: usize,
  binsD: usize,
  rows: usize,
  count: i32,
  gathered: usize,
  histogramA: usize,
  histogramB: usize,
  histogramC: usize,
  histogramD: usize,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2));
    const pair = v128.load(gathered + ((<usize>i) << 4));
    const a = histogramA + ((<usize>load<u8>(binsA + row)) << 4);
    const b = histogramB + ((<usize>load<u8>(binsB + row)) << 4);
    const c = histogramC + ((<usize>load<u8>(binsC + row)) << 4);
    const d = histogramD + ((<usize>load<u8>(binsD + row)) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b), pair));
    v128.store(c, f64x2.add(v128.load(c), pair));
    v128.store(d, f64x2.add(v128.load(d), pair));
  }
}

/** `parent -= child`, `bytes` bytes of each. */
export function subtractHistogram(parent: usize, child: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(parent + at, f64x2.sub(v128.load(parent + at), v128.load(child + at)));
  }
}

/** Reorders `count` rows so that those whose bin goes left come first, each side in its order. Returns how many went left. */
export function partitionRows(bins: usize, rows: usize, count: i32, goesLeft: usize, scratch: usize): i32 {
  let left: usize = rows;
  let right: usize = scratch;
  for (let i: i32 = 0; i < count; i++) {
    const row = load<u32>(rows + ((<usize>i) << 2));
    const side = <usize>load<u8>(goesLeft + <usize>load<u8>(bins + <usize>row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += side << 2;
    right += (1 - side) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - rows) >> 2);
}
