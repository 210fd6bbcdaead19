/** All columns of a table made into features: planned, fitted, transformed and emitted together. */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import { detectPurpose } from '../purpose/index.ts';
import type { Column, Table } from '../table/table.ts';
import { categories } from './categories.ts';
import { datePartsOf } from './date-parts.ts';
import type { DateOrder } from './dates.ts';
import type { EmittedFeatures, FeatureMatrix } from './features.ts';
import type { Featurizer } from './featurizer.ts';
import { imputationMarker } from './imputation-marker.ts';
import { labelEncoder } from './label-encoder.ts';
import { meanImputer } from './mean-imputer.ts';
import { numbers } from './numbers.ts';
import { type ColumnPlan, type ColumnPurpose, type Family, type FeaturizerName, planColumn } from './plan.ts';
import { describeRawColumns, type RawColumn, rawInputs } from './raw-inputs.ts';
import { wordGrams } from './word-grams.ts';

export type FittedFeaturization = {
  readonly family: Family;
  /** Every column of the training table, dropped ones included. */
  readonly plans: readonly ColumnPlan[];
  /** The raw columns that are read. */
  readonly columns: readonly RawColumn[];
  /** Fitted featurizers in the order of their features. */
  readonly groups: readonly { readonly featurizer: FeaturizerName; readonly fitted: unknown }[];
};

/** Featurizers in the order in which their features stand. */
const order: readonly FeaturizerName[] = [
  'Numbers',
  'MeanImputer',
  'ImputationMarker',
  'LabelEncoder',
  'CharGramCountVectorizer',
  'DateTimeTransformer',
  'WordGramTfIdf',
];

export type FeaturizationInput = {
  readonly table: Table;
  readonly rows: Int32Array;
  readonly family: Family;
  /** Purposes by column name; a column not named gets the one that Azure's rule gives it. */
  readonly purposes?: Readonly<Record<string, ColumnPurpose>>;
};

/** @throws MalachiteError `InvalidInput` when no column is left to learn from. */
export function fitFeaturization({ table, rows, family, purposes = {} }: FeaturizationInput): FittedFeaturization {
  const plans = table.columns.map((column) => planColumn(column, purposes[column.name] ?? detectedPurpose(column), family, rows));
  // Inputs are named over all columns, so that pipelines which drop different ones agree on the names.
  const columns = describeRawColumns(table.columns).filter((_, i) => (plans[i] as ColumnPlan).featurizers.length > 0);
  if (columns.length === 0) {
    const reasons = plans.map(({ name, droppedBecause }) => `${name}: ${droppedBecause}`).join(' ');
    throw new MalachiteError('InvalidInput', `No column is left to learn from. ${reasons}`);
  }
  const groups = order.flatMap((name) => {
    const read = table.columns.filter((_, i) => (plans[i] as ColumnPlan).featurizers.includes(name));
    if (read.length === 0) return [];
    return [{ featurizer: name, fitted: featurizerNamed(name, family, plans).fit(read, rows) }];
  });
  return { family, plans, columns, groups };
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
export function transformFeatures({ family, plans, groups }: FittedFeaturization, table: Table): FeatureMatrix {
  const made = groups.map(({ featurizer, fitted }) => featurizerNamed(featurizer, family, plans).transform(fitted, table));
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
  const made = fitted.groups.map((group) =>
    featurizerNamed(group.featurizer, fitted.family, fitted.plans).emit(group.fitted, graph, raw),
  );
  const numeric = made.flatMap((features) => features.numeric ?? []);
  return {
    numeric: numeric.length > 1 ? graph.node('Concat', numeric, { axis: 1 }) : numeric[0],
    categorical: made.flatMap(({ categorical }) => categorical),
  };
}

function featurizerNamed(name: FeaturizerName, family: Family, plans: readonly ColumnPlan[]): Featurizer<unknown> {
  switch (name) {
    case 'Numbers':
      return numbers;
    case 'MeanImputer':
      return meanImputer;
    case 'ImputationMarker':
      return imputationMarker;
    case 'LabelEncoder':
      return labelEncoder;
    case 'CharGramCountVectorizer':
      return categories;
    case 'WordGramTfIdf':
      return wordGrams;
    case 'DateTimeTransformer': {
      const orders = new Map(plans.flatMap((plan): [string, DateOrder][] => (plan.order ? [[plan.name, plan.order]] : [])));
      return datePartsOf(orders, family === 'linear');
    }
  }
}
