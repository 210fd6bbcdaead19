/** Finding a pipeline's raw columns in a table, with errors that name the column. */
import { MalachiteError } from '@malachite/core';
import { type Column, columnNamed, type NumericColumn, type StringColumn, type Table } from '../table/table.ts';

/** @throws MalachiteError `InvalidInput` when the table has no such column. */
export function requireColumn(table: Table, name: string): Column {
  const column = columnNamed(table, name);
  if (column !== undefined) return column;
  const names = table.columns.map((candidate) => candidate.name).join(', ');
  throw new MalachiteError('InvalidInput', `Column "${name}" is missing. The table has: ${names}.`);
}

/** @throws MalachiteError `InvalidInput` when the column is missing or holds text. */
export function requireNumbers(table: Table, name: string): NumericColumn {
  const column = requireColumn(table, name);
  if (column.kind === 'numeric') return column;
  throw new MalachiteError('InvalidInput', `Column "${name}" holds text; the model was trained on numbers there.`);
}

/** @throws MalachiteError `InvalidInput` when the column is missing or holds numbers. */
export function requireText(table: Table, name: string): StringColumn {
  const column = requireColumn(table, name);
  if (column.kind === 'string') return column;
  throw new MalachiteError('InvalidInput', `Column "${name}" holds numbers; the model was trained on text there.`);
}
