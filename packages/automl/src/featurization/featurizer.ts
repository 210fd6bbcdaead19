/**
 * The shape every featurizer has: `fit`, `transform`, `emit`, in that order, side by side in one file so that they cannot drift.
 * A featurizer takes a group of columns at once, so that the exported graph has few nodes.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Target } from '../learners/learner.ts';
import type { Column, Table } from '../table/table.ts';
import type { CategoricalFeature, EmittedFeatures, NumericFeature } from './features.ts';
import type { ColumnPlan, FeaturizerName } from './plan.ts';
import type { RawInputs } from './raw-inputs.ts';

/** Features made from some columns. */
export type FeatureGroup = {
  readonly numeric: readonly NumericFeature[];
  readonly categorical: readonly CategoricalFeature[];
};

/** A column and what was decided for it: the options of its featurizers are in the plan. */
export type PlannedColumn = { readonly column: Column; readonly plan: ColumnPlan };

export type Featurizer<Fitted> = {
  /** The name that a fitted pipeline refers to it by. */
  readonly name: FeaturizerName;
  /** Learns from `rows` of the columns. Plain data that can be posted to a thread. */
  fit(columns: readonly PlannedColumn[], rows: Int32Array): Fitted;
  /** The features of every row of `table`. */
  transform(fitted: Fitted, table: Table): FeatureGroup;
  /** The same computation as nodes of an ONNX graph. */
  emit(fitted: Fitted, graph: GraphBuilder, raw: RawInputs): EmittedFeatures;
};

/** What a featurizer that looks at the target may look at. */
export type Supervision = {
  readonly target: Target;
  /** One weight >= 0 a row of the table. */
  readonly weights?: Float64Array;
  readonly seed: number;
};

/**
 * A featurizer that looks at the target. What a learner is trained on must not know the row's own target, so the rows it was
 * fitted on get features learned from the other folds of them; all other rows, and all rows later, get `transform`.
 */
export type SupervisedFeaturizer<Fitted> = Omit<Featurizer<Fitted>, 'fit'> & {
  /** Learns from `rows`; `training` has the features of every row of the table, those of `rows` out of fold. */
  fitOutOfFold(
    columns: readonly PlannedColumn[],
    rows: Int32Array,
    supervision: Supervision,
  ): { readonly fitted: Fitted; readonly training: FeatureGroup };
};

/** Room for one float32 a row that other threads can read. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** Room for one code a row that other threads can read. */
export function sharedCodes(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

/** The column's value at a row as one comparable thing: float32 number or text; missing is NaN or ''. */
export function valueAt(column: Column, row: number): number | string {
  if (column.kind === 'numeric') return Math.fround(column.values[row] as number);
  const code = column.codes[row] as number;
  return code < 0 ? '' : (column.dictionary[code] as string);
}

export function isMissing(value: number | string): boolean {
  return value === '' || Number.isNaN(value);
}

/** Number features side by side: float [n, all]; undefined when there are none. */
export function joinNumeric(graph: GraphBuilder, parts: readonly string[]): string | undefined {
  return parts.length > 1 ? graph.node('Concat', parts, { axis: 1 }) : parts[0];
}
