/** From a table and a specification to a learning problem: the target read, bad input refused with a sentence, rows split. */
import {
  type AutoMLSpec,
  classificationPrimaryMetrics,
  MalachiteError,
  type PrimaryMetric,
  regressionPrimaryMetrics,
} from '@malachite/core';
import { requireDistinctNames } from '../featurization/columns.ts';
import { type RequestedPurpose, requestedFeaturization } from '../featurization/requested.ts';
import type { FeaturizationSettings } from '../featurization/settings.ts';
import type { ClassLabel, Target } from '../learners/learner.ts';
import { labelText } from '../pipeline/index.ts';
import { type Column, columnNamed, concatTables, dropColumns, type Table, takeRows, valuesOfRow } from '../table/table.ts';
import { chooseValidation, type ValidationPlan } from '../validation/index.ts';

/** Everything trials share; plain data over shared memory, so that it is posted to worker threads without a copy. */
export type Problem = {
  /** The feature columns only; rows without a target are gone. */
  readonly features: Table;
  readonly target: Target;
  readonly weights: Float64Array | undefined;
  readonly validation: ValidationPlan;
  readonly primaryMetric: PrimaryMetric;
  /** The class that `_binary` metrics are about, where the specification names one. */
  readonly positiveClass: number | undefined;
  /** Smallest and largest target, which normalized errors are divided by; regression only. */
  readonly targetRange: readonly [number, number] | undefined;
  /** Up to 10,000 rows on which the trainer and ONNX Runtime are compared. */
  readonly parityRows: Int32Array;
  readonly seed: number;
  /** Threads that share one large fit: where fewer trials run side by side than there are cores. Default 1. */
  readonly threads?: number;
  /** Things worth telling: rows and columns that were left out. */
  readonly notes: readonly string[];
  /** What each feature column is for, by column name. */
  readonly purposes: Readonly<Record<string, RequestedPurpose>>;
  /** Which transformers may run, and with which parameters. */
  readonly settings: FeaturizationSettings;
  /** False when the specification switches featurization off. */
  readonly featurized: boolean;
};

const parityRowLimit = 10_000;

/** @throws MalachiteError `InvalidInput` that names the column and what to do. */
export function defineProblem(given: Table, ownValidation: Table | undefined, spec: AutoMLSpec): Problem {
  const seed = spec.seed ?? 0;
  const notes: string[] = [];
  if (given.rowCount === 0) throw new MalachiteError('InvalidInput', 'The training data has no rows.');
  requireDistinctNames(given);
  const joined = ownValidation ? concatTables(given, ownValidation) : given;
  const wholeTarget = columnNamed(joined, spec.targetColumnName);
  if (!wholeTarget) {
    throw new MalachiteError(
      'InvalidInput',
      `The training data has no column "${spec.targetColumnName}". Columns: ${namesOf(joined)}.`,
    );
  }
  const labelled = rowsWithValue(wholeTarget);
  if (labelled.length < joined.rowCount)
    notes.push(
      `${joined.rowCount - labelled.length} rows have no ${wholeTarget.kind === 'numeric' ? 'finite number' : 'value'} in "${spec.targetColumnName}" and are left out.`,
    );
  if (labelled.length < 10) {
    throw new MalachiteError(
      'InvalidInput',
      `Only ${labelled.length} rows have a value in the target column "${spec.targetColumnName}"; at least 10 are needed.`,
    );
  }
  const table = labelled.length < joined.rowCount ? takeRows(joined, labelled) : joined;
  const target = readTarget(columnNamed(table, spec.targetColumnName) as Column, spec);
  const weights = spec.weightColumnName === undefined ? undefined : readWeights(table, spec.weightColumnName);
  const away = new Set([
    spec.targetColumnName,
    ...(spec.weightColumnName ? [spec.weightColumnName] : []),
    ...(spec.cvSplitColumnNames ?? []),
    ...(spec.featurization?.dropColumns ?? []),
  ]);
  for (const name of away) {
    if (!columnNamed(table, name))
      throw new MalachiteError('InvalidInput', `The training data has no column "${name}". Columns: ${namesOf(table)}.`);
  }
  const left = dropColumns(table, away);
  if (left.columns.length === 0)
    throw new MalachiteError('InvalidInput', `No column is left to learn from beside the target "${spec.targetColumnName}".`);
  const featurized = spec.featurization?.mode !== 'off';
  const { features, purposes, settings, notes: said } = requestedFeaturization(left, spec.featurization);
  notes.push(...said);
  const firstOwn = ownValidation ? labelled.filter((row) => row < given.rowCount).length : undefined;
  const validation = chooseValidation({
    rowCount: table.rowCount,
    valuesOfRow: valuesOfRow(features),
    classes: target.task === 'classification' ? target.y : undefined,
    nCrossValidations: spec.nCrossValidations,
    validationDataSize: spec.validationDataSize,
    firstValidationRow: firstOwn,
    splitColumns: spec.cvSplitColumnNames && splitColumns(table, spec.cvSplitColumnNames),
    seed,
  });
  const everyRow = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  const stride = Math.max(1, table.rowCount / parityRowLimit);
  const parityRows = everyRow.filter((row) => Math.floor((row + 1) / stride) > Math.floor(row / stride));
  const targetRange = target.task === 'regression' ? rangeOf(target.y) : undefined;
  return {
    features,
    target,
    weights,
    validation,
    primaryMetric: primaryMetricOf(spec),
    positiveClass: positiveClassOf(target, spec),
    targetRange,
    parityRows,
    seed,
    notes,
    purposes,
    settings,
    featurized,
  };
}

function rangeOf(values: Float64Array): readonly [number, number] {
  return values.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function namesOf(table: Table): string {
  const names = table.columns.map((column) => column.name);
  return names.length > 30 ? `${names.slice(0, 30).join(', ')}, and ${names.length - 30} more` : names.join(', ');
}

function rowsWithValue(column: Column): Int32Array {
  const present =
    column.kind === 'numeric'
      ? (row: number) => Number.isFinite(column.values[row])
      : (row: number) => (column.codes[row] as number) >= 0;
  return Int32Array.from(
    { length: column.kind === 'numeric' ? column.values.length : column.codes.length },
    (_, row) => row,
  ).filter(present);
}

function readTarget(column: Column, spec: AutoMLSpec): Target {
  const name = spec.targetColumnName;
  if (spec.task === 'regression') {
    if (column.kind !== 'numeric') {
      throw new MalachiteError(
        'InvalidInput',
        `The target column "${name}" holds text, such as "${column.dictionary[0]}"; regression needs numbers. For labels, use task classification.`,
      );
    }
    if (column.values.every((value) => value === column.values[0])) {
      throw new MalachiteError(
        'InvalidInput',
        `The target column "${name}" has the same value, ${column.values[0]}, in every row; there is nothing to learn.`,
      );
    }
    return { task: 'regression', y: Float64Array.from(column.values) };
  }
  if (column.kind === 'numeric') refuseCoarseLabels(column.values, name);
  const { classes, y } = column.kind === 'numeric' ? numberClasses(column.values) : textClasses(column.codes, column.dictionary);
  if (classes.length < 2) {
    throw new MalachiteError(
      'InvalidInput',
      `The target column "${name}" has one class only, "${classes[0]}"; classification needs at least two.`,
    );
  }
  if (classes.length > 1000) {
    throw new MalachiteError(
      'InvalidInput',
      `The target column "${name}" has ${classes.length} different values; classification takes at most 1,000. Did you mean task regression?`,
    );
  }
  return { task: 'classification', classes, y };
}

/** @throws MalachiteError `InvalidInput` for 64-bit integers that float64 does not tell apart: several labels would be one. */
function refuseCoarseLabels(values: Float64Array, name: string): void {
  const label = values.find((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) <= 2 ** 64);
  if (label === undefined) return;
  throw new MalachiteError(
    'InvalidInput',
    `The target column "${name}" has labels beyond 2^53, such as ${label}, which are not told apart as numbers. Write them as text, with a letter before the digits.`,
  );
}

/** Classes in number order. */
function numberClasses(values: Float64Array): { classes: ClassLabel[]; y: Int32Array } {
  const classes = [...new Set(values)].sort((a, b) => a - b);
  const indexOf = new Map(classes.map((value, index) => [value, index]));
  return { classes, y: Int32Array.from(values, (value) => indexOf.get(value) as number) };
}

/** Classes in code-point order, as numpy sorts text. */
function textClasses(codes: Int32Array, dictionary: readonly string[]): { classes: ClassLabel[]; y: Int32Array } {
  const used = [...new Set(codes)].map((code) => dictionary[code] as string).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const indexOf = new Map(used.map((text, index) => [text, index]));
  return { classes: used, y: Int32Array.from(codes, (code) => indexOf.get(dictionary[code] as string) as number) };
}

/** Weights of mean 1, so that limits and penalties mean the same whatever their scale; those without a mean stand as they are. */
function readWeights(table: Table, name: string): Float64Array {
  const column = columnNamed(table, name);
  if (!column)
    throw new MalachiteError('InvalidInput', `The training data has no weight column "${name}". Columns: ${namesOf(table)}.`);
  if (column.kind !== 'numeric' || column.values.some((value) => !(value >= 0) || value === Number.POSITIVE_INFINITY)) {
    throw new MalachiteError('InvalidInput', `The weight column "${name}" must hold a number of at least 0 in every row.`);
  }
  const mean = column.values.reduce((sum, weight) => sum + weight, 0) / column.values.length;
  return Float64Array.from(column.values, (weight) => (mean > 0 && Number.isFinite(mean) ? weight / mean : weight));
}

/** By column name, numbers as they stand and booleans as 1 and 0; anything else as NaN, which no fold takes. */
function splitColumns(table: Table, names: readonly string[]): Record<string, ArrayLike<number>> {
  const marksOf = (column: Column): ArrayLike<number> => {
    if (column.kind === 'numeric') return column.values;
    const marks = column.dictionary.map((text) => ['false', 'true'].indexOf(text.toLowerCase()));
    return Array.from(column.codes, (code) => (code < 0 ? Number.NaN : (marks[code] as number)));
  };
  return Object.fromEntries(names.map((name) => [name, marksOf(columnNamed(table, name) as Column)]));
}

/** The class whose text is the positive label's, whatever its case: `True` is `true`. */
function positiveClassOf(target: Target, { positiveLabel, targetColumnName }: AutoMLSpec): number | undefined {
  if (positiveLabel === undefined) return undefined;
  if (target.task === 'regression')
    throw new MalachiteError('InvalidInput', `positiveLabel is "${positiveLabel}", but regression has no labels.`);
  const labels = target.classes.map(labelText);
  const same = (label: string): boolean => label.toLowerCase() === positiveLabel.toLowerCase();
  const found = labels.indexOf(positiveLabel);
  const place = found >= 0 ? found : labels.findIndex(same);
  if (place >= 0) return place;
  const shown = labels.slice(0, 20).join(', ');
  throw new MalachiteError(
    'InvalidInput',
    `positiveLabel is "${positiveLabel}", which is no label of "${targetColumnName}". Labels: ${shown}${labels.length > 20 ? ', …' : ''}.`,
  );
}

function primaryMetricOf(spec: AutoMLSpec): PrimaryMetric {
  const allowed: readonly PrimaryMetric[] =
    spec.task === 'classification' ? classificationPrimaryMetrics : regressionPrimaryMetrics;
  const chosen = spec.primaryMetric ?? allowed[0];
  if (chosen === undefined || !allowed.includes(chosen)) {
    throw new MalachiteError('InvalidInput', `primaryMetric "${chosen}" is not one of ${spec.task}'s: ${allowed.join(', ')}.`);
  }
  return chosen;
}
