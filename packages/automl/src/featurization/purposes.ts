/** A column's purpose by Azure ML's rule, where the caller brings none. */
import type { Column } from '../table/table.ts';
import { countValues } from './categories.ts';
import { dateParts } from './dates.ts';
import { isMissing } from './featurizer.ts';
import type { ColumnPurpose } from './plan.ts';

/** A date as every source writes it once it is text: year first. */
const ISO_DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

export function purposeByRule(column: Column): ColumnPurpose {
  const rows = Int32Array.from(
    { length: column.kind === 'numeric' ? column.values.length : column.codes.length },
    (_, row) => row,
  );
  const counts = new Map([...countValues(column, rows)].filter(([value]) => !isMissing(value)));
  const distinct = counts.size;
  if (distinct === 0) return { purpose: 'AllNan' };
  if (distinct === 1) return { purpose: 'Ignore' };
  const few = distinct < Math.min(200, 0.05 * rows.length);
  if (column.kind === 'numeric') return { purpose: column.integer && few && distinct <= 50 ? 'Categorical' : 'Numeric' };
  const texts = [...counts.keys()].map(String);
  if (texts.every((text) => ISO_DATE.test(text) && dateParts(text, 'ymd') !== undefined))
    return { purpose: 'DateTime', order: 'ymd' };
  if (few || column.source === 'boolean') return { purpose: 'Categorical' };
  const present = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const spaces = [...counts].reduce((sum, [text, count]) => sum + count * (String(text).split(' ').length - 1), 0) / present;
  const ratio = distinct / rows.length;
  if (ratio > 0.85 && spaces > 1) return { purpose: 'Text' };
  if (ratio < 0.7 && distinct < 10_000) return { purpose: 'CategoricalHash' };
  if (spaces > 1) return { purpose: 'Text' };
  return { purpose: ratio > 0.9 ? 'Hashes' : 'Ignore' };
}
