/** Rows that no leaf holds walk down the tree from bin to bin. */

/** A node in the table of nodes: its feature, then the nodes on its right and left, `~leaf` where that is a leaf; 16 bytes with a gap. */
const NODE_SHIFT: usize = 4;
const RIGHT: usize = 4;

/**
 * `scores[row * stride + offset] += values[leaf]` for the leaf that each of `count` rows comes to, four rows at a time: each step waits
 * for the one before, but not for other rows'.
 * @param goesLeft 256 bytes a node, one 0/1 a bin.
 * @param rowBins bins row by row, `rowStride` bytes each.
 */
export function addTreeValues(
  nodes: usize,
  goesLeft: usize,
  values: usize,
  rowBins: usize,
  rowStride: i32,
  rows: usize,
  count: i32,
  scores: usize,
  stride: i32,
  offset: i32,
): void {
  const bytes = (<usize>stride) << 3;
  const first = scores + ((<usize>offset) << 3);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const a = rowAt(rows, i);
    const b = rowAt(rows, i + 1);
    const c = rowAt(rows, i + 2);
    const d = rowAt(rows, i + 3);
    let atA: i32 = 0;
    let atB: i32 = 0;
    let atC: i32 = 0;
    let atD: i32 = 0;
    do {
      atA = step(nodes, goesLeft, atA, rowBins + a * <usize>rowStride);
      atB = step(nodes, goesLeft, atB, rowBins + b * <usize>rowStride);
      atC = step(nodes, goesLeft, atC, rowBins + c * <usize>rowStride);
      atD = step(nodes, goesLeft, atD, rowBins + d * <usize>rowStride);
    } while ((atA & atB & atC & atD) >= 0);
    addValue(first + a * bytes, values, atA);
    addValue(first + b * bytes, values, atB);
    addValue(first + c * bytes, values, atC);
    addValue(first + d * bytes, values, atD);
  }
  for (; i < count; i++) {
    const row = rowAt(rows, i);
    let at: i32 = 0;
    do at = step(nodes, goesLeft, at, rowBins + row * <usize>rowStride);
    while (at >= 0);
    addValue(first + row * bytes, values, at);
  }
}

function rowAt(rows: usize, i: i32): usize {
  return <usize>load<u32>(rows + ((<usize>i) << 2));
}

/** The node below; a leaf stays where it is. */
function step(nodes: usize, goesLeft: usize, at: i32, bins: usize): i32 {
  const inner = <usize>max(at, 0);
  const node = nodes + (inner << NODE_SHIFT);
  const bin = <usize>load<u8>(bins + <usize>load<u32>(node));
  const side = <usize>load<u8>(goesLeft + (inner << 8) + bin);
  return select(at, load<i32>(node + (side << 2), RIGHT), at < 0);
}

function addValue(score: usize, values: usize, at: i32): void {
  store<f64>(score, load<f64>(score) + load<f64>(values + ((<usize>~at) << 3)));
}
