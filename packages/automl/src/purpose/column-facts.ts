/** The few counts that a column's purpose follows from. */

import type { Column, NumericColumn, StringColumn } from '../table/table.ts';

export type ColumnFacts = {
  readonly rows: number;
  /** Different values, missing ones not counted. */
  readonly distinct: number;
  readonly missing: number;
};

/** Counts one column; `texts` are the values that occur, for a text column. */
export function columnFacts(column: Column): ColumnFacts & { readonly texts?: readonly string[] } {
  return column.kind === 'numeric' ? numericFacts(column) : stringFacts(column);
}

function numericFacts({ values }: NumericColumn): ColumnFacts {
  const present = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  let distinct = present.length === 0 ? 0 : 1;
  for (let i = 1; i < present.length; i++) if (present[i] !== present[i - 1]) distinct++;
  return { rows: values.length, distinct, missing: values.length - present.length };
}

function stringFacts({ codes, dictionary }: StringColumn): ColumnFacts & { texts: readonly string[] } {
  const used = new Uint8Array(dictionary.length);
  let missing = 0;
  for (const code of codes) {
    if (code < 0) missing++;
    else used[code] = 1;
  }
  const texts = dictionary.filter((_, code) => used[code] === 1);
  return { rows: codes.length, distinct: texts.length, missing, texts };
}

/** The mean of a number over the rows of a text column that hold a value; 0 when none does. */
export function meanOverRows({ codes, dictionary }: StringColumn, measure: (text: string) => number): number {
  const measured = dictionary.map(measure);
  let sum = 0;
  let rows = 0;
  for (const code of codes) {
    if (code < 0) continue;
    sum += measured[code]!;
    rows++;
  }
  return rows === 0 ? 0 : sum / rows;
}
