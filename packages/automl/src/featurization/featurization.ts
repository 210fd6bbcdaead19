/** All columns of a table made into features: planned, fitted, transformed and emitted together. */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import type { Task } from '../learners/learner.ts';
import { detectPurpose } from '../purpose/index.ts';
import type { Column, Table } from '../table/table.ts';
import { requireDistinctNames } from './columns.ts';
import type { EmittedFeatures, FeatureMatrix } from './features.ts';
import { joinNumeric, type PlannedColumn, type Supervision } from './featurizer.ts';
import { featurizerNamed, isSupervised } from './featurizers.ts';
import { type ColumnPlan, type ColumnPurpose, type Family, type FeaturizerName, featurizerNames, planColumn } from './plan.ts';
import { describeRawColumns, type RawColumn, rawInputs } from './raw-inputs.ts';
import type { FeaturizationSettings } from './settings.ts';

export type FittedFeaturization = {
  readonly family: Family;
  /** Every column of the training table, dropped ones included. */
  readonly plans: readonly ColumnPlan[];
  /** The raw columns that are read. */
  readonly columns: readonly RawColumn[];
  /** Fitted featurizers in the order of their features. */
  readonly groups: readonly { readonly featurizer: FeaturizerName; readonly fitted: unknown }[];
};

export type FeaturizationInput = {
  readonly table: Table;
  readonly rows: Int32Array;
  readonly family: Family;
  /** Purposes by column name; a column not named gets the one that Azure's rule gives it. */
  readonly purposes?: Readonly<Record<string, ColumnPurpose>>;
  readonly settings?: FeaturizationSettings;
  /** What the target will be; without it nothing that looks at a target is planned. */
  readonly task?: Task;
};

/**
 * Plans all columns and fits what does not look at the target.
 * @throws MalachiteError `InvalidInput` when names are not distinct, or no column is left to learn from.
 */
export function fitFeaturization(input: FeaturizationInput): FittedFeaturization {
  const { table, rows } = input;
  const planned = planFeaturization(input);
  const groups = plannedGroups(table, planned.plans).flatMap(({ name, read }) => {
    const featurizer = featurizerNamed(name);
    return isSupervised(featurizer) ? [] : [{ featurizer: name, fitted: featurizer.fit(read, rows) }];
  });
  return { ...planned, groups };
}

/** The plan of all columns, with nothing fitted: it gives no feature. @throws MalachiteError as `fitFeaturization` does. */
export function planFeaturization({
  table,
  rows,
  family,
  purposes = {},
  settings,
  task,
}: FeaturizationInput): FittedFeaturization {
  requireDistinctNames(table);
  const input = { family, rows, ...(settings ? { settings } : {}), ...(task ? { task } : {}) };
  const plans = table.columns.map((column) => planColumn(column, purposes[column.name] ?? detectedPurpose(column), input));
  // Inputs are named over all columns, so that pipelines which drop different ones agree on the names.
  const columns = describeRawColumns(table.columns).filter((_, i) => (plans[i] as ColumnPlan).featurizers.length > 0);
  if (columns.length === 0) {
    const reasons = plans.slice(0, 30).map(({ name, droppedBecause }) => `${name}: ${droppedBecause}`);
    throw new MalachiteError('InvalidInput', `No column is left to learn from. ${reasons.join(' ')}`);
  }
  return { family, plans, columns, groups: [] };
}

/**
 * Fits what looks at the target, on `rows`.
 * @returns the whole featurization, and the added features to train on: those of `rows` out of fold.
 */
export function fitSupervised(
  featurization: FittedFeaturization,
  table: Table,
  rows: Int32Array,
  supervision: Supervision,
): { readonly featurization: FittedFeaturization; readonly added: FeatureMatrix } {
  const fits = plannedGroups(table, featurization.plans).flatMap(({ name, read }) => {
    const featurizer = featurizerNamed(name);
    return isSupervised(featurizer) ? [{ name, ...featurizer.fitOutOfFold(read, rows, supervision) }] : [];
  });
  return {
    featurization: {
      ...featurization,
      groups: [...featurization.groups, ...fits.map(({ name, fitted }) => ({ featurizer: name, fitted }))],
    },
    added: { rowCount: table.rowCount, numeric: fits.flatMap(({ training }) => training.numeric), categorical: [] },
  };
}

/** The columns that each featurizer reads, featurizers in the order of their features. */
function plannedGroups(table: Table, plans: readonly ColumnPlan[]): { name: FeaturizerName; read: PlannedColumn[] }[] {
  const reads = new Map<FeaturizerName, PlannedColumn[]>(featurizerNames.map((name) => [name, []]));
  table.columns.forEach((column, i) => {
    const plan = plans[i] as ColumnPlan;
    for (const name of plan.featurizers) reads.get(name)?.push({ column, plan });
  });
  return [...reads].filter(([, read]) => read.length > 0).map(([name, read]) => ({ name, read }));
}

/** Purposes found before: trials and folds of a thread look at the same columns. */
const detected = new WeakMap<Column, ColumnPurpose>();

function detectedPurpose(column: Column): ColumnPurpose {
  const known = detected.get(column);
  if (known !== undefined) return known;
  const purpose = detectPurpose(column);
  detected.set(column, purpose);
  return purpose;
}

/** The features of every row of `table`. @throws MalachiteError `InvalidInput` naming a column that is missing or of another type. */
export function transformFeatures({ groups }: FittedFeaturization, table: Table): FeatureMatrix {
  const made = groups.map(({ featurizer, fitted }) => featurizerNamed(featurizer).transform(fitted, table));
  return {
    rowCount: table.rowCount,
    numeric: made.flatMap(({ numeric }) => numeric),
    categorical: made.flatMap(({ categorical }) => categorical),
  };
}

/** @param inputs raw column name -> the graph value that holds it. */
export function emitFeatures(
  fitted: FittedFeaturization,
  graph: GraphBuilder,
  inputs: ReadonlyMap<string, string>,
): EmittedFeatures {
  const raw = rawInputs(graph, fitted.columns, inputs);
  const made = fitted.groups.map((group) => featurizerNamed(group.featurizer).emit(group.fitted, graph, raw));
  return {
    numeric: joinNumeric(
      graph,
      made.flatMap((features) => features.numeric ?? []),
    ),
    categorical: made.flatMap(({ categorical }) => categorical),
  };
}
