/** Rows of a split leaf to its children, and a leaf's value to its rows. */

/** Writes rows that go left to `left` (may be `rows`), the others to `right`, each in their order. Returns how many went left. */
export function separateRows(bins: usize, rows: usize, count: i32, goesLeft: usize, left: usize, right: usize): i32 {
  const begin = left;
  for (let i: i32 = 0; i < count; i++) {
    const row = load<u32>(rows + ((<usize>i) << 2));
    const side = <usize>load<u8>(goesLeft + <usize>load<u8>(bins + <usize>row));
    // Written to both sides, kept on one: no branch for the processor to guess.
    store<u32>(left, row);
    store<u32>(right, row);
    left += side << 2;
    right += (1 - side) << 2;
  }
  return <i32>((left - begin) >> 2);
}

/** `scores[row * stride + offset] += value` for `count` rows. */
export function addToRows(rows: usize, count: i32, value: f64, scores: usize, stride: i32, offset: i32): void {
  const bytes = (<usize>stride) << 3;
  const first = scores + ((<usize>offset) << 3);
  for (let i: i32 = 0; i < count; i++) {
    const at = first + <usize>load<u32>(rows + ((<usize>i) << 2)) * bytes;
    store<f64>(at, load<f64>(at) + value);
  }
}
