/** What one fit works on: bin numbers, gradient pairs, rows and histograms, in the memory of the kernels. */
import type { BinnedTable } from './binning.ts';
import { FOUND_NUMBERS, type Kernels, type RowBins } from './kernels.ts';
import { FEATURE_INTS, writeLayout } from './layout.ts';
import type { BoostingParams } from './params.ts';
import { blocksOf } from './slices.ts';
import { fastKernels } from './wasm-kernels.ts';

export type Workspace = {
  readonly kernels: Kernels;
  /** See `writeLayout`. */
  readonly layout: Int32Array;
  readonly totalBins: number;
  /** Bin numbers of each feature: what a split reads. */
  readonly columns: readonly Uint8Array[];
  /** The same row by row: what histograms are made from. */
  readonly rowBins: RowBins;
  /** (gradient, hessian) of every row of the table. */
  readonly pairs: Float32Array;
  /** Room for the rows of the tree that grows. */
  readonly rows: Int32Array;
  readonly scratch: Int32Array;
  /** What a search for thresholds finds. */
  readonly found: Float64Array;
  /** Histograms not in use. */
  readonly spare: Float64Array[];
};

/**
 * Room to grow trees of at most `mostRows` rows.
 * @param extraBytes that the caller will take from the kernels for arrays of its own.
 * @param threads that share the work; with more than one, close the kernels when done.
 */
export function openWorkspace(
  table: BinnedTable,
  mostRows: number,
  params: BoostingParams,
  extraBytes = 0,
  threads = 1,
): Workspace {
  const { rowCount, features } = table;
  const stride = 16 * Math.ceil(features.length / 16);
  const totalBins = features.reduce((sum, { binCount }) => sum + binCount, 0);
  const mostLeaves = Math.min(params.num_leaves, Math.ceil(mostRows / Math.max(1, params.min_data_in_leaf)));
  const histograms = mostLeaves + blocksOf(mostRows).length;
  const bytesNeeded =
    table.bins.length + (stride + 8) * rowCount + 12 * mostRows + 16 * totalBins * histograms + extraBytes + ROUNDING;
  const kernels = fastKernels(bytesNeeded, threads);
  const layout = kernels.ints(FEATURE_INTS * features.length);
  writeLayout(features, layout);
  const bins = kernels.bytes(table.bins.length);
  bins.set(table.bins);
  const rowBins = { bytes: kernels.bytes(stride * rowCount), stride };
  kernels.interleave(bins, rowCount, rowBins);
  return {
    kernels,
    layout,
    totalBins,
    columns: features.map((_, j) => bins.subarray(j * rowCount, (j + 1) * rowCount)),
    rowBins,
    pairs: kernels.singles(2 * rowCount),
    rows: kernels.ints(mostRows),
    scratch: kernels.ints(2 * mostRows),
    found: kernels.floats(FOUND_NUMBERS * features.length),
    spare: [],
  };
}

/** Bytes that rounding arrays up, and the small ones, may add. */
const ROUNDING = 1 << 20;
