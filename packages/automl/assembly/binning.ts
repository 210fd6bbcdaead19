/** Which bin each value lies in. */

/**
 * @param bounds upper bounds, ascending, `width` of them, a power of two: the unused ones are +inf.
 * @param missingBin of NaN.
 */
export function assignBins(values: usize, count: i32, bounds: usize, width: i32, missingBin: i32, bins: usize): void {
  for (let i: i32 = 0; i < count; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    let bin: i32 = 0;
    // Always as many steps, and no branch for the processor to guess.
    for (let half = width >> 1; half > 0; half >>= 1) {
      bin += select<i32>(half, 0, value > load<f32>(bounds + ((<usize>(bin + half - 1)) << 2)));
    }
    // NaN is not even below infinity.
    store<u8>(bins + <usize>i, select<i32>(bin, missingBin, value <= <f32>Infinity));
  }
}
