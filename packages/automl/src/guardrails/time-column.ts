/** A column of dates as points in time: written out, each day is a word of its own, and none says that it comes after another. */

import { dateSeconds } from '../featurization/dates.ts';
import type { DetectedPurpose } from '../purpose/index.ts';
import { type Column, numericColumn } from '../table/table.ts';

/** @returns for dates, seconds in the given rows (NaN elsewhere, and where there is no date); other columns as they are. */
export function timeColumn(column: Column, { purpose, order }: DetectedPurpose, rows: Int32Array): Column {
  if (column.kind === 'numeric' || purpose !== 'DateTime' || order === undefined) return column;
  const { codes, dictionary } = column;
  const seconds = new Map<number, number>([[-1, Number.NaN]]);
  const values = new Float64Array(codes.length).fill(Number.NaN);
  for (const row of rows) {
    const code = codes[row] as number;
    if (!seconds.has(code)) seconds.set(code, dateSeconds(dictionary[code] as string, order) ?? Number.NaN);
    values[row] = seconds.get(code) as number;
  }
  return numericColumn(column.name, values);
}
