/** What one fit works on: bin numbers, gradient pairs, rows and histograms, in the memory of the kernels. */
import type { BinnedTable } from './binning.ts';
import type { Kernels } from './kernels.ts';
import type { BoostingParams } from './params.ts';
import { fastKernels } from './wasm-kernels.ts';

export type Workspace = {
  readonly kernels: Kernels;
  readonly binOffsets: Int32Array;
  readonly totalBins: number;
  /** Bin numbers of each feature. */
  readonly columns: readonly Uint8Array[];
  /** (gradient, hessian) of every row of the table. */
  readonly pairs: Float64Array;
  /** The rows of the tree that grows; leaf by leaf once it has grown. */
  readonly rows: Int32Array;
  readonly gathered: Float64Array;
  readonly scratch: Int32Array;
  /** Histograms not in use. */
  readonly spare: Float64Array[];
};

/** Room to grow trees of at most `mostRows` rows. */
export function openWorkspace(table: BinnedTable, mostRows: number, params: BoostingParams): Workspace {
  const binOffsets = new Int32Array(table.features.length);
  let totalBins = 0;
  table.features.forEach((feature, j) => {
    binOffsets[j] = totalBins;
    totalBins += feature.binCount;
  });
  const mostLeaves = Math.min(params.num_leaves, Math.ceil(mostRows / Math.max(1, params.min_data_in_leaf)));
  const bytesNeeded = table.bins.length + 16 * table.rowCount + 24 * mostRows + 16 * totalBins * (mostLeaves + 1) + ROUNDING;
  const kernels = fastKernels(bytesNeeded);
  const bins = kernels.bytes(table.bins.length);
  bins.set(table.bins);
  return {
    kernels,
    binOffsets,
    totalBins,
    columns: table.features.map((_, j) => bins.subarray(j * table.rowCount, (j + 1) * table.rowCount)),
    pairs: kernels.floats(2 * table.rowCount),
    rows: kernels.ints(mostRows),
    gathered: kernels.floats(2 * mostRows),
    scratch: kernels.ints(mostRows),
    spare: [],
  };
}

/** Bytes that rounding arrays up to 16 may add. */
const ROUNDING = 65_536;
