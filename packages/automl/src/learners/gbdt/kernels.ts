/**
 * The inner loops of histogram boosting: the few lines where nearly all training time goes. This file is the reference in plain
 * TypeScript; `wasm-kernels.ts` runs the same loops as SIMD WebAssembly and must equal it bit by bit.
 *
 * A gradient pair is two float64 side by side (gradient, hessian); so is a histogram bin (sum of gradients, of hessians).
 */

export type Kernels = {
  /** Room for the arrays of one fit; the arrays given to the loops below must come from here. Contents are not defined. */
  bytes(length: number): Uint8Array;
  ints(length: number): Int32Array;
  floats(length: number): Float64Array;

  /** Zeroes a histogram. */
  clear(histogram: Float64Array): void;

  /** Copies the pairs of `rows[begin..end)` next to each other, so that every feature reads them in sequence. */
  gatherPairs(pairs: Float64Array, rows: Int32Array, begin: number, end: number, gathered: Float64Array): void;

  /**
   * Adds the gathered pairs of `rows[begin..end)` to the histograms of `features`.
   * @param columns bin numbers of each feature, one a row of the table.
   * @param binOffsets where each feature's bins begin in the histogram.
   */
  accumulate(
    columns: readonly Uint8Array[],
    features: Int32Array,
    binOffsets: Int32Array,
    rows: Int32Array,
    begin: number,
    end: number,
    gathered: Float64Array,
    histogram: Float64Array,
  ): void;

  /** Turns a parent's histogram into the other child's: `parent -= child`. */
  subtract(parent: Float64Array, child: Float64Array): void;

  /**
   * Reorders `rows[begin..end)` so that rows whose bin goes left come first; the order within each side is kept.
   * @param goesLeft one 0/1 a bin; any array.
   * @param scratch room for `end - begin` rows.
   * @returns how many went left.
   */
  partition(bins: Uint8Array, rows: Int32Array, begin: number, end: number, goesLeft: Uint8Array, scratch: Int32Array): number;
};

export const plainKernels: Kernels = {
  bytes: (length) => new Uint8Array(length),
  ints: (length) => new Int32Array(length),
  floats: (length) => new Float64Array(length),

  clear(histogram) {
    histogram.fill(0);
  },

  gatherPairs(pairs, rows, begin, end, gathered) {
    let to = 0;
    for (let i = begin; i < end; i++) {
      const from = 2 * (rows[i] as number);
      gathered[to] = pairs[from] as number;
      gathered[to + 1] = pairs[from + 1] as number;
      to += 2;
    }
  },

  accumulate(columns, features, binOffsets, rows, begin, end, gathered, histogram) {
    for (const feature of features) {
      const bins = columns[feature] as Uint8Array;
      const base = 2 * (binOffsets[feature] as number);
      let from = 0;
      for (let i = begin; i < end; i++) {
        const at = base + 2 * (bins[rows[i] as number] as number);
        histogram[at] = (histogram[at] as number) + (gathered[from] as number);
        histogram[at + 1] = (histogram[at + 1] as number) + (gathered[from + 1] as number);
        from += 2;
      }
    }
  },

  subtract(parent, child) {
    for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (child[i] as number);
  },

  partition(bins, rows, begin, end, goesLeft, scratch) {
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
  },
};
