/**
 * How files become rows: settled once when a dataset is made, kept with it, and from then on every profile, preview,
 * query and training run reads exactly the same table. Plain data, so that it can be stored and sent to a job process.
 */
import type { DatasetColumn } from '@malachite/core';
import { fileLiteral, identifier, literal } from './duckdb.ts';
import type { TableFormat } from './format.ts';

export type ColumnType = DatasetColumn['type'];

/** One file. `path` is absolute when it is read, and the file's sha256 when it is stored. */
export type Source = {
  readonly path: string;
  /** The file's name, for sentences. */
  readonly name: string;
  /** Named arguments of DuckDB's `read_csv` or `read_json`, such as `delim`, `header`, `encoding`. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** The columns the file has, in order, and the DuckDB type each is read as. */
  readonly columns: readonly SourceColumn[];
  /** What reading had to change, a sentence each: columns under another name than their header has. */
  readonly notes?: readonly string[];
};

export type SourceColumn = {
  readonly name: string;
  readonly duckdbType: string;
  readonly type: ColumnType;
};

export type Reading = {
  readonly format: TableFormat;
  /** The table's columns: those of the first file, then those that only later files have. */
  readonly columns: readonly DatasetColumn[];
  readonly sources: readonly Source[];
};

/** Profiles and previews take infinite numbers for missing ones; training learns from them as they stand. */
export type Infinities = 'missing' | 'kept';

/**
 * The table as a parenthesised SELECT: core's types, missing values as NULL, rows in file order.
 * @param infinities Default `missing`.
 */
export function relation({ format, columns, sources }: Reading, infinities: Infinities = 'missing'): string {
  const selects = sources.map((source) => {
    const own = new Map(source.columns.map((column) => [column.name, column]));
    const list = columns.map(({ name, type }) => {
      const column = own.get(name);
      return `${column ? normalized(column, type, source, infinities) : `CAST(NULL AS ${duckdbTypeOf[type]})`} AS ${identifier(name)}`;
    });
    return `SELECT ${list.join(', ')} FROM ${scan(format, source)}`;
  });
  return `(${selects.join(' UNION ALL ')})`;
}

/** DuckDB's type for each of ours. */
export const duckdbTypeOf: Readonly<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** Our type for one of DuckDB's; what has no scalar counterpart (lists, structs, blobs, times of day) is text. */
export function columnTypeOf(duckdbType: string): ColumnType {
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER)$/.test(duckdbType)) return 'integer';
  if (/^(FLOAT|DOUBLE|HUGEINT|UHUGEINT|UBIGINT|BIGNUM|DECIMAL\(\d+,\s*\d+\))$/.test(duckdbType)) return 'number';
  if (duckdbType === 'BOOLEAN') return 'boolean';
  if (duckdbType === 'DATE') return 'date';
  if (/^TIMESTAMP/.test(duckdbType)) return 'timestamp';
  return 'string';
}

/** Lists, structs and maps; they are shown as JSON text. */
export function isNested(duckdbType: string): boolean {
  return /^(STRUCT|MAP|UNION)\(|\]$/.test(duckdbType);
}

/** The type that holds both: 1 and 1.5 are numbers, a date and a timestamp are timestamps, anything else is text. */
export function unified(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const pair = new Set([a, b]);
  if (pair.has('integer') && pair.has('number')) return 'number';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return 'string';
}

/** Spellings of "missing" that people put among numbers. In a column of texts they stay texts. */
export const missingMarkers = ['?', '-', 'NA', 'na', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'NULL', 'null', 'None', 'none'];

/** The number that a text of this source spells, or NULL; `decimal_separator` is set where it is a comma. */
export function numberOf(text: string, { options }: Source): string {
  return `TRY_CAST(${options.decimal_separator === ',' ? `replace(${text}, ',', '.')` : text} AS DOUBLE)`;
}

/** NaN is missing, and so is the empty text. A text that should be a number and is not, was a marker. */
function normalized({ name, duckdbType }: SourceColumn, type: ColumnType, source: Source, infinities: Infinities): string {
  const value = identifier(name);
  const fromText = duckdbType === 'VARCHAR';
  switch (type) {
    case 'string':
      return `NULLIF(${textOf(value, duckdbType)}, '')`;
    case 'number': {
      const number = fromText ? numberOf(value, source) : `CAST(${value} AS DOUBLE)`;
      return infinities === 'kept'
        ? `NULLIF(${number}, CAST('nan' AS DOUBLE))`
        : `CASE WHEN isfinite(${number}) THEN ${number} END`;
    }
    case 'integer':
      return `${fromText ? 'TRY_CAST' : 'CAST'}(${value} AS BIGINT)`;
    default:
      return `CAST(${value} AS ${duckdbTypeOf[type]})`;
  }
}

function textOf(value: string, duckdbType: string): string {
  if (duckdbType === 'VARCHAR') return value;
  if (duckdbType === 'JSON') return `(${value} ->> '$')`;
  return `CAST(${isNested(duckdbType) ? `to_json(${value})` : value} AS VARCHAR)`;
}

function scan(format: TableFormat, { path, options, columns }: Source): string {
  if (format === 'parquet') return `read_parquet(${fileLiteral(path)})`;
  const types = columns.map(({ name, duckdbType }) => `${literal(name)}: ${literal(duckdbType)}`).join(', ');
  const args = Object.entries(options).map(([name, value]) => `${name} = ${typeof value === 'string' ? literal(value) : value}`);
  const auto = format === 'csv' ? ['auto_detect = false'] : [];
  return `${format === 'csv' ? 'read_csv' : 'read_json'}(${[fileLiteral(path), ...auto, ...args, `columns = {${types}}`].join(', ')})`;
}
