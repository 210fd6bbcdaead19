/**
 * The inner loops of histogram boosting: the few lines where nearly all training time goes. Plain functions over typed
 * arrays; this file is the reference that any faster twin must equal.
 *
 * A gradient pair is two float64 side by side (gradient, hessian); so is a histogram bin (sum of gradients, of hessians).
 */

/** Copies the gradient pairs of `rows[begin..end)` next to each other, so that every feature reads them in sequence. */
export function gatherPairs(pairs: Float64Array, rows: Int32Array, begin: number, end: number, gathered: Float64Array): void {
  let to = 0;
  for (let i = begin; i < end; i++) {
    const from = 2 * (rows[i] as number);
    gathered[to] = pairs[from] as number;
    gathered[to + 1] = pairs[from + 1] as number;
    to += 2;
  }
}

/** Adds the gathered pairs of `rows[begin..end)` to one feature's histogram, which starts at bin `histogramBegin` of `histogram`. */
export function accumulateHistogram(
  bins: Uint8Array,
  rows: Int32Array,
  begin: number,
  end: number,
  gathered: Float64Array,
  histogram: Float64Array,
  histogramBegin: number,
): void {
  const base = 2 * histogramBegin;
  let from = 0;
  for (let i = begin; i < end; i++) {
    const at = base + 2 * (bins[rows[i] as number] as number);
    histogram[at] = (histogram[at] as number) + (gathered[from] as number);
    histogram[at + 1] = (histogram[at + 1] as number) + (gathered[from + 1] as number);
    from += 2;
  }
}

/** Turns a parent's histogram into the other child's: `parent -= child`. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (child[i] as number);
}

/**
 * Reorders `rows[begin..end)` so that rows whose bin goes left come first; the order within each side is kept.
 * @param goesLeft one 0/1 a bin.
 * @param scratch room for `end - begin` rows.
 * @returns how many went left.
 */
export function partitionRows(
  bins: Uint8Array,
  rows: Int32Array,
  begin: number,
  end: number,
  goesLeft: Uint8Array,
  scratch: Int32Array,
): number {
  let left = begin;
  let right = 0;
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    const side = goesLeft[bins[row] as number] as number;
    // Written to both sides, kept on one: no branch for the processor to guess.
    rows[left] = row;
    scratch[right] = row;
    left += side;
    right += 1 - side;
  }
  for (let i = 0; i < right; i++) rows[left + i] = scratch[i] as number;
  return left - begin;
}
