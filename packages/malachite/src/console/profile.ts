/** A dataset's profile as a table: a line a column. */
import type { DatasetProfile } from '@malachite/core';
import { renderTable } from '../cli/table.ts';

export function profileText({ name, version, rowCount, columns }: DatasetProfile): string {
  const header = ['column', 'type', 'missing', 'distinct', 'min', 'max', 'mean', 'std', 'most frequent'];
  const rows = columns.map((column) => [
    column.name,
    column.type,
    column.missing,
    column.distinct,
    column.min,
    column.max,
    column.mean,
    column.std,
    column.topValues
      ?.slice(0, 3)
      .map(({ value, count }) => `${value} (${count})`)
      .join(', ') ?? '',
  ]);
  return `${name}:${version}, ${rowCount} rows, ${columns.length} columns\n\n${renderTable(header, rows)}`;
}
