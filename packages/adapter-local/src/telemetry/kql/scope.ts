/** What an expression is compiled in: the columns there are, the values bound so far, the time. */
import type { MalachiteError } from '@malachite/core';
import type { KqlType } from '../tables.ts';
import type { Place } from './syntax.ts';

/** A piece of SQL and the KQL type of its value. */
export type Typed = { readonly sql: string; readonly type: KqlType };

/** Whole numbers are bigints: SQLite takes every JavaScript number for a real one, and 7 / 2 is 3. */
export type SqlParameter = string | number | bigint;

export type Scope = {
  readonly columns: ReadonlyMap<string, KqlType>;
  /** Whether `count()`, `avg(…)` and the like may stand here. */
  readonly aggregates: boolean;
  /** Milliseconds since 1970; the same moment for the whole query. */
  readonly now: number;
  /** Binds a value and returns the parameter that stands for it. No text of a query ever gets into the SQL. */
  bind(value: SqlParameter): string;
  error(place: Place, sentence: string): MalachiteError;
};

/** A column's name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** As text, the way `tostring` gives it: nothing is the empty text. */
export function asText({ sql, type }: Typed): string {
  switch (type) {
    case 'string':
      return sql;
    case 'bool':
      return `CASE ${sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE '' END`;
    case 'datetime':
      return `coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', ${sql} / 1000.0, 'unixepoch'), '')`;
    default:
      return `coalesce(CAST(${sql} AS TEXT), '')`;
  }
}

/** As a number; a text that is none is null. */
export function asNumber({ sql, type }: Typed): string {
  return type === 'string' || type === 'dynamic' ? `kql_number(${sql})` : sql;
}

export const isNumeric = (type: KqlType): boolean =>
  type === 'long' || type === 'real' || type === 'timespan' || type === 'datetime';
