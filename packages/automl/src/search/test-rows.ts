/** Test rows: set aside before the search begins, and scored once, by the model that was chosen. */
import { type AutoMLSpec, MalachiteError, type TestScore } from '@malachite/core';
import { classificationMetrics } from '../metrics/classification.ts';
import { regressionMetrics } from '../metrics/regression.ts';
import { labelText } from '../pipeline/index.ts';
import { type Column, columnNamed, inKindOf, type Table, takeRows } from '../table/table.ts';
import { holdOut } from '../validation/index.ts';
import type { TrialRecord } from './api.ts';
import type { Problem } from './problem.ts';
import { loadPredictor } from './runtime.ts';

/** Another draw than that of the validation rows. */
const seedOfTest = 104_729;

/**
 * The rows to search with, and those to test with: the caller's own, or a share of the table with every class in its proportion.
 * @throws MalachiteError `InvalidInput` when both are asked for, or when a column is missing.
 */
export function setTestRowsAside(
  table: Table,
  ownTest: Table | undefined,
  { task, targetColumnName, testDataSize, seed = 0 }: AutoMLSpec,
): { readonly searched: Table; readonly test: Table | undefined } {
  if (testDataSize === undefined) return { searched: table, test: ownTest };
  if (ownTest) throw new MalachiteError('InvalidInput', 'testDataSize and testData are both given; choose one way to test.');
  const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  const target = columnNamed(table, targetColumnName);
  const classes = target !== undefined && task === 'classification' ? classesOf(target) : undefined;
  const { train, validation } = holdOut(rows, classes, testDataSize, seed + seedOfTest);
  return { searched: takeRows(table, train), test: takeRows(table, validation) };
}

/** Rows of the test data that have a target, and what is true of them. */
export type TestRows = {
  readonly features: Table;
  /** Class indices, or values. */
  readonly truth: Float64Array;
};

/**
 * Reads the test data before the search begins, so that what is wrong with it costs no search.
 * @throws MalachiteError `InvalidInput` for a missing column, for a label that the training data does not have, and without a row that has a target.
 */
export function readTestRows(problem: Problem, test: Table, targetName: string): TestRows {
  const column = columnNamed(test, targetName);
  if (column === undefined) throw new MalachiteError('InvalidInput', `The test data has no column "${targetName}".`);
  const truth = truthOf(problem, column);
  const rows = Int32Array.from(truth.keys()).filter((row) => !Number.isNaN(truth[row]));
  if (rows.length === 0) throw new MalachiteError('InvalidInput', `The test data has no row with a value in "${targetName}".`);
  const features = { rowCount: test.rowCount, columns: featuresOf(problem, test) };
  return {
    features: takeRows(features, rows),
    truth: Float64Array.from(rows, (row) => truth[row] as number),
  };
}

/** The columns that models are asked, as they were in the training data. */
function featuresOf({ features }: Problem, test: Table): Column[] {
  const lacking = features.columns.map(({ name }) => name).filter((name) => columnNamed(test, name) === undefined);
  if (lacking.length > 0)
    throw new MalachiteError('InvalidInput', `The test data lacks the training data's columns ${lacking.join(', ')}.`);
  return features.columns.map((known) => {
    const column = inKindOf(known, columnNamed(test, known.name) as Column, 'test');
    if (known.kind === 'string' || !known.integer || column.kind === 'string') return column;
    // Such a column is int64 in the model.
    const broken = column.values.find((value) => !Number.isNaN(value) && !Number.isSafeInteger(value));
    if (broken === undefined) return column;
    const sentence = `Column "${known.name}" holds whole numbers in the training data and ${broken} in the test data, which the model cannot be asked.`;
    throw new MalachiteError('InvalidInput', sentence);
  });
}

/** The metrics of a model on the test rows. */
export async function scoreTest(problem: Problem, best: TrialRecord, { features, truth }: TestRows): Promise<TestScore> {
  const predictor = await loadPredictor(best.onnx as Uint8Array);
  try {
    const predictions = await predictor.predict(features);
    const { target, positiveClass, targetRange } = problem;
    const metrics =
      target.task === 'classification'
        ? classificationMetrics({
            classCount: target.classes.length,
            trueClasses: Int32Array.from(truth),
            probabilities: predictions,
            positiveClass,
          })
        : regressionMetrics({ trueValues: truth, predictions, targetRange });
    return { rows: features.rowCount, metrics };
  } finally {
    await predictor.close();
  }
}

/** Class indices or values; NaN where there is none. */
function truthOf({ target }: Problem, column: Column): Float64Array {
  const texts = column.kind === 'string' ? column.dictionary : undefined;
  if (target.task === 'regression') {
    if (column.kind === 'numeric') return Float64Array.from(column.values);
    throw new MalachiteError('InvalidInput', `The target column "${column.name}" of the test data holds text, not numbers.`);
  }
  const indexOf = new Map(target.classes.map((label, index) => [labelText(label), index]));
  const classOf = (label: string): number => {
    const index = indexOf.get(label);
    if (index !== undefined) return index;
    throw new MalachiteError(
      'InvalidInput',
      `The test data has the label "${label}" in "${column.name}", which the training data does not have.`,
    );
  };
  if (column.kind === 'numeric')
    return Float64Array.from(column.values, (value) => (Number.isFinite(value) ? classOf(String(value)) : Number.NaN));
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : classOf(texts?.[code] as string)));
}

/** A number for each value of a column, for the proportions. */
function classesOf(column: Column): Int32Array {
  if (column.kind === 'string') return column.codes;
  const indexOf = new Map([...new Set(column.values)].map((value, index) => [value, index]));
  return Int32Array.from(column.values, (value) => indexOf.get(value) as number);
}
