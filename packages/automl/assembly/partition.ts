/** Rows of a split leaf to its children, and the leaves' values to their rows. */

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

export function copyRows(from: usize, to: usize, count: i32): void {
  memory.copy(to, from, (<usize>count) << 2);
}

/**
 * `scores[row * stride + offset] += values[leaf]` for the rows `from .. to` of each leaf. Leaf `l` holds `counts[l]` rows from `rows[begins[l]]`
 * on, the lowest first.
 */
export function addLeafValues(
  rows: usize,
  begins: usize,
  counts: usize,
  values: usize,
  leafCount: i32,
  from: u32,
  to: u32,
  scores: usize,
  stride: i32,
  offset: i32,
): void {
  const bytes = (<usize>stride) << 3;
  const first = scores + ((<usize>offset) << 3);
  for (let leaf: i32 = 0; leaf < leafCount; leaf++) {
    const value = load<f64>(values + ((<usize>leaf) << 3));
    const begin = rows + ((<usize>load<u32>(begins + ((<usize>leaf) << 2))) << 2);
    const end = begin + ((<usize>load<u32>(counts + ((<usize>leaf) << 2))) << 2);
    for (let at = firstFrom(begin, end, from); at < end; at += 4) {
      const row = load<u32>(at);
      if (row >= to) break;
      const score = first + <usize>row * bytes;
      store<f64>(score, load<f64>(score) + value);
    }
  }
}

/** Where the first row that is not below `least` stands, among ascending rows `begin .. end`. */
function firstFrom(begin: usize, end: usize, least: u32): usize {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = low + (((high - low) >> 3) << 2);
    if (load<u32>(middle) < least) low = middle + 4;
    else high = middle;
  }
  return low;
}
