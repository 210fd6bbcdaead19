/**
 * The inner loops of histogram boosting: the few lines where nearly all training time goes. `plain-kernels.ts` is the reference in plain
 * TypeScript; `wasm-kernels.ts` runs the same loops as SIMD WebAssembly and must equal it bit by bit.
 *
 * A gradient pair is two float32 side by side (gradient, hessian), one pair a row of the table; a bin of a histogram is two float64
 * (sum of gradients, of hessians). `features` are listed in ascending order; `layout` is what `writeLayout` writes.
 */

/** Bin numbers row by row: feature `j` of a row at `row * stride + j`. */
export type RowBins = { readonly bytes: Uint8Array; readonly stride: number };

/** The rows of a leaf: `rows[begin .. end)`. */
export type RowRange = { readonly rows: Int32Array; readonly begin: number; readonly end: number };

/** The leaves of a tree: leaf `l` holds `rows[begin[l] .. begin[l] + count[l])`, the lowest first. */
export type LeafRows = { readonly begin: Int32Array; readonly count: Int32Array; readonly value: Float64Array };

/** A tree to walk down from bin to bin, numbered as `Tree` is; it has a split. */
export type BinWalk = {
  readonly feature: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** One 0/1 a bin, for each inner node. */
  readonly goesLeft: readonly Uint8Array[];
  readonly value: Float64Array;
};

/** A leaf and what a split of it must reach. */
export type LeafLimits = {
  /** Sum of gradients, sum of hessians (above 0), number of rows. */
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
  /** Least rows and hessian of a side. */
  readonly leastRows: number;
  readonly leastHessian: number;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  /** The gain that the sides together must exceed. */
  readonly floor: number;
};

/** Numbers that `searchThresholds` writes a feature: gain, last bin of the left side, missing left, gradient and hessian of the left. */
export const FOUND_NUMBERS = 5;

/** The losses of one score a row that have a kernel. */
export type KernelLoss = 'logistic' | 'squared';

export type Kernels = {
  /** Room for the arrays of one fit; the arrays given to the loops below must come from here. Contents are not defined. */
  bytes(length: number): Uint8Array;
  ints(length: number): Int32Array;
  floats(length: number): Float64Array;
  singles(length: number): Float32Array;

  /**
   * The bin of each value: the first whose upper bound is not below it.
   * @param bounds ascending, a power of two of them; those that are too many are +inf.
   * @param missingBin of missing values.
   */
  assignBins(values: Float32Array, bounds: Float32Array, missingBin: number, bins: Uint8Array): void;

  /** Copies bins column by column (`rowCount` a column) to bins row by row. */
  interleave(columns: Uint8Array, rowCount: number, rowBins: RowBins): void;

  /** [gradient, hessian] of rows, summed in their order, block by block (`blocksOf`). */
  sumPairs(pairs: Float32Array, range: RowRange): [number, number];

  /**
   * The histograms of `features` over rows, each bin summed in the order of the rows, block by block (`blocksOf`); what they held before
   * is lost.
   * @param ascending whether each row number is above the one before it.
   */
  buildHistograms(
    layout: Int32Array,
    features: Int32Array,
    rowBins: RowBins,
    range: RowRange,
    ascending: boolean,
    pairs: Float32Array,
    histogram: Float64Array,
  ): void;

  /** Turns the parent's histograms of `features` into the other child's: `parent -= child`. */
  subtractHistograms(layout: Int32Array, features: Int32Array, parent: Float64Array, child: Float64Array): void;

  /**
   * The best threshold of every number feature of a leaf; what `features[i]` has is written to `found[5 i .. 5 i + 5)`, a gain of 0 where
   * no threshold is worth it or the feature is one of categories.
   */
  searchThresholds(
    layout: Int32Array,
    features: Int32Array,
    histogram: Float64Array,
    limits: LeafLimits,
    found: Float64Array,
  ): void;

  /**
   * Reorders rows so that those whose bin goes left come first; the order within each side is kept.
   * @param goesLeft one 0/1 a bin; any array.
   * @param scratch room for twice as many rows.
   * @returns how many went left.
   */
  partition(bins: Uint8Array, range: RowRange, goesLeft: Uint8Array, scratch: Int32Array): number;

  /** `scores[row * stride + offset] += value` of its leaf for each of `rows`. */
  addLeafValues(rows: Int32Array, leaves: LeafRows, scores: Float64Array, stride: number, offset: number): void;

  /** The same for rows that no leaf holds: they walk down the tree. */
  addTreeValues(tree: BinWalk, rowBins: RowBins, rows: Int32Array, scores: Float64Array, stride: number, offset: number): void;

  /** Gradient pairs of a loss. @param targets one a row of the table: -1 or 1 for `logistic`. */
  gradients(
    loss: KernelLoss,
    scores: Float64Array,
    targets: Float64Array,
    weights: Float64Array | undefined,
    range: RowRange,
    pairs: Float32Array,
  ): void;

  /**
   * Softmax of the scores of rows, row-major `rows x classes`.
   * @param probabilities that of class `k` for the `i`-th row of the range goes to `probabilities[k * rows of the range + i]`.
   */
  softmax(scores: Float64Array, classes: number, range: RowRange, probabilities: Float64Array): void;

  /** Gradient pairs of softmax cross entropy for class `k`, from what `softmax` wrote. @param labels class numbers, one a row of the table. */
  classGradients(
    probabilities: Float64Array,
    k: number,
    classes: number,
    labels: Float64Array,
    weights: Float64Array | undefined,
    range: RowRange,
    pairs: Float32Array,
  ): void;

  /** Waits until the threads that share large calls have started. @returns false when time is up before. */
  waitForThreads(milliseconds: number): boolean;
  /** Ends them; the arrays stay. */
  close(): void;
};
