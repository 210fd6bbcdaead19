/**
 * `{"input_data": {"columns": […], "index": […], "data": [[…], …]}}`: deployments of MLflow models without a scoring script, which take
 * a split table, a list of rows, or a list a column; answers the plain list of predictions.
 */
import { MalachiteError } from '@malachite/core/errors';
import type { Rows } from '../model/batch.ts';
import { short } from '../model/columns.ts';
import { resultsJson } from '../wire/answers.ts';
import type { BodyForm, JsonObject } from './form.ts';

export const inputData: BodyForm = {
  name: 'input_data',
  matches: (body) => body.input_data !== undefined,
  read: (body) => ({ rows: anyTable(body.input_data, 'input_data'), method: 'predict' }),
  write: (prediction, method) => resultsJson(prediction, method),
};

/** @throws InvalidInput for what is none of the three shapes. */
export function anyTable(value: unknown, name: string): Rows {
  if (Array.isArray(value))
    return Array.isArray(value[0]) ? { kind: 'lists', lists: value } : { kind: 'records', records: value };
  if (typeof value === 'object' && value !== null) {
    return 'data' in value && Array.isArray(value.data) && (!('columns' in value) || Array.isArray(value.columns))
      ? splitTable(value as JsonObject, name)
      : columnTable(value as JsonObject, name);
  }
  throw new MalachiteError(
    'InvalidInput',
    `"${name}" should be {"columns": […], "data": [[…], …]}, a list of rows, or a list a column.`,
  );
}

/** pandas' `orient="split"`; the index says nothing to a model. */
export function splitTable({ columns, data }: JsonObject, name: string): Rows {
  if (!Array.isArray(data)) throw new MalachiteError('InvalidInput', `"${name}" should have "data", a list of rows.`);
  if (columns === undefined) return { kind: 'lists', lists: data };
  if (!Array.isArray(columns) || columns.some((column) => typeof column === 'object')) {
    throw new MalachiteError('InvalidInput', `"${name}" should have "columns", a list of names.`);
  }
  return { kind: 'lists', lists: data, columns: columns.map(String) };
}

export function columnTable(table: JsonObject, name: string): Rows {
  const columns = new Map<string, ArrayLike<unknown>>();
  for (const [column, values] of Object.entries(table)) {
    if (!Array.isArray(values))
      throw new MalachiteError('InvalidInput', `"${name}.${short(column)}" should be a list with one value a row.`);
    // [[1], [2]] is a column as a tensor [n, 1].
    columns.set(column, values.every((value) => Array.isArray(value) && value.length === 1) ? values.flat() : values);
  }
  return { kind: 'columns', columns };
}
