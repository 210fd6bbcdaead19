/** The few counts that a column's purpose follows from. */

import type { Column, NumericColumn, StringColumn } from '../table/table.ts';
import { countDistinct } from './count-distinct.ts';

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
  return { rows: values.length, ...countDistinct(values) };
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
