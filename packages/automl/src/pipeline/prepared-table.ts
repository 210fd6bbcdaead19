/**
 * Tables featurized and binned for tree learners, once a thread: what does not look at the target is shared by all trials and folds,
 * what does by all trials of a fold.
 */
import type { FeatureMatrix } from '../featurization/features.ts';
import { type FittedFeaturization, fitFeaturization, fitSupervised, transformFeatures } from '../featurization/featurization.ts';
import { type BinnedTable, binTable } from '../learners/gbdt/binning.ts';
import type { Table } from '../table/table.ts';
import type { PipelineInput } from './pipeline.ts';
import { requireFeatures } from './require-features.ts';

export type PreparedTable = {
  readonly featurization: FittedFeaturization;
  readonly features: FeatureMatrix;
  readonly binned: BinnedTable;
};

type Kept = {
  readonly purposes: PipelineInput['columnPurposes'];
  readonly settings: PipelineInput['settings'];
  readonly target: PipelineInput['target'];
  readonly base: PreparedTable;
  /** By the rows that were learned from, the latest last. */
  readonly ofRows: Map<string, { readonly rows: Int32Array; readonly prepared: PreparedTable }>;
};

const kept = new WeakMap<Table, Kept>();

/** Folds whose encodings are kept: as many as Azure's rule makes, and the refit. */
const MOST_KEPT = 11;

/** The table's features as a tree may learn from them on `rows`. Category lists and bin bounds come from all rows. */
export function prepareRows(input: PipelineInput, rows: Int32Array): PreparedTable {
  const { table, target, weights } = input;
  const { base, ofRows } = prepareTable(input);
  // Folds of one seed and size are told apart by their first rows and their sum.
  const key = `${rows.length} ${rows.slice(0, 20).join(' ')} ${rows.reduce((sum, row) => (Math.imul(sum, 31) + row) | 0, 0)}`;
  const known = ofRows.get(key);
  if (known !== undefined) return known.prepared;
  // The folds of an encoding are the table's: trials of other seeds share it.
  const { featurization, added } = fitSupervised(base.featurization, table, rows, { target, weights, seed: 0 });
  const prepared =
    added.numeric.length === 0
      ? base
      : { featurization, features: beside(base.features, added), binned: binnedBeside(base, added) };
  if (ofRows.size >= MOST_KEPT) ofRows.delete(ofRows.keys().next().value as string);
  ofRows.set(key, { rows, prepared });
  return prepared;
}

function prepareTable({ table, target, columnPurposes: purposes, settings }: PipelineInput): Kept {
  const known = kept.get(table);
  if (known !== undefined && known.purposes === purposes && known.settings === settings && known.target === target) return known;
  const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  const featurization = fitFeaturization({ table, rows, family: 'trees', purposes, settings, task: target.task });
  const features = requireFeatures(transformFeatures(featurization, table));
  const prepared = {
    purposes,
    settings,
    target,
    base: { featurization, features, binned: binTable(features) },
    ofRows: new Map(),
  };
  kept.set(table, prepared);
  return prepared;
}

function beside(base: FeatureMatrix, added: FeatureMatrix): FeatureMatrix {
  return { ...base, numeric: [...base.numeric, ...added.numeric] };
}

/** The bins of both: numbers, added numbers, categories. */
function binnedBeside({ features, binned }: PreparedTable, added: FeatureMatrix): BinnedTable {
  const { rowCount } = binned;
  const more = binTable(added);
  const numbers = features.numeric.length;
  const bins = new Uint8Array(new SharedArrayBuffer(binned.bins.length + more.bins.length));
  bins.set(binned.bins.subarray(0, numbers * rowCount));
  bins.set(more.bins, numbers * rowCount);
  bins.set(binned.bins.subarray(numbers * rowCount), (numbers + added.numeric.length) * rowCount);
  return {
    rowCount,
    features: [...binned.features.slice(0, numbers), ...more.features, ...binned.features.slice(numbers)],
    bins,
  };
}
