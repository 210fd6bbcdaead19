/** Finding a pipeline's raw columns in a table, with errors that name the column. */
import { MalachiteError } from '@malachite/core';
import type { Column, NumericColumn, StringColumn, Table } from '../table/table.ts';

/** @throws MalachiteError `InvalidInput` when the table has no such column. */
export function requireColumn(table: Table, name: string): Column {
  const column = columnsByName(table).get(name);
  if (column !== undefined) return column;
  throw new MalachiteError('InvalidInput', `Column "${name}" is missing. The table has: ${listNames(table)}.`);
}

/** @param place the field that names the column. @throws MalachiteError `InvalidInput` when the table has no such feature column. */
export function columnOf(place: string, name: string, table: Table): Column {
  const column = columnsByName(table).get(name);
  if (column !== undefined) return column;
  throw new MalachiteError('InvalidInput', `${place}: there is no feature column "${name}". Columns: ${listNames(table)}.`);
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

/** @throws MalachiteError `InvalidInput` when two columns have the same name, or one has none. */
export function requireDistinctNames({ columns }: Table): void {
  const seen = new Map<string, number>();
  columns.forEach(({ name }, i) => {
    const first = seen.get(name);
    seen.set(name, i);
    if (name === '') throw new MalachiteError('InvalidInput', `Column ${i + 1} has no name. Give every column a name.`);
    if (first === undefined) return;
    throw new MalachiteError(
      'InvalidInput',
      `Columns ${first + 1} and ${i + 1} are both named "${name}". Give every column a name of its own.`,
    );
  });
}

/** The names of a table's columns, the first thirty where there are more. */
export function listNames({ columns }: Table): string {
  const names = columns.slice(0, 30).map(({ name }) => name);
  return columns.length > 30 ? `${names.join(', ')}, and ${columns.length - 30} more` : names.join(', ');
}

const byName = new WeakMap<Table, ReadonlyMap<string, Column>>();

/** The columns by name; a wide table is looked through once. */
function columnsByName(table: Table): ReadonlyMap<string, Column> {
  const known = byName.get(table) ?? new Map(table.columns.map((column) => [column.name, column]));
  byName.set(table, known);
  return known;
}
