/** Files as the columnar table that training reads. */
import { basename } from 'node:path';
import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import type { Column, Table } from '@malachite/automl';
import { type DatasetColumn, MalachiteError } from '@malachite/core';
import { identifier, refused, rowsOf, withDuckDB } from './duckdb.ts';
import { fileHead } from './format.ts';
import { type Reading, relation } from './reading.ts';
import { readingNotes } from './reading-notes.ts';
import { settleReading } from './settle.ts';

/**
 * The rows of a dataset (`datasetReading` says how its files are read). Numbers are float64 with NaN for missing; infinities
 * stand as they are, and a guardrail tells them; whole number columns without a hole are `integer`; booleans become
 * `True`/`False`, dates `YYYY-MM-DD`, timestamps `YYYY-MM-DD HH:MM:SS`; texts are dictionary-encoded in order of first appearance.
 * @param signal Aborting ends the reading at once; the promise rejects with the signal's reason.
 */
export async function readTable(reading: Reading, signal?: AbortSignal): Promise<Table> {
  return withDuckDB((connection) => loadTable(connection, reading), signal);
}

/**
 * Any CSV, Parquet or JSON lines file, without a workspace.
 * @param signal Aborting ends the reading at once; the promise rejects with the signal's reason.
 */
export async function readTableFile(path: string, signal?: AbortSignal): Promise<Table> {
  const name = basename(path);
  const { format, isZip, hasNul } = await fileHead(name, path).catch((error: NodeJS.ErrnoException) => {
    const said = error.code === 'ENOENT' ? `There is no file "${path}".` : `"${path}" cannot be read: ${error.message}`;
    throw new MalachiteError(error.code === 'ENOENT' ? 'NotFound' : 'InvalidInput', said);
  });
  if (format === 'binary') {
    const hints = [
      ...(isZip ? [' It is a ZIP archive or an Excel workbook; save its sheet as CSV.'] : []),
      ...(hasNul ? [' It holds NUL bytes, as UTF-16 without a byte order mark does; save it as UTF-8.'] : []),
    ];
    throw new MalachiteError('InvalidInput', `"${name}" is neither CSV, Parquet nor JSON lines.${hints.join('')}`);
  }
  return withDuckDB(async (connection) => {
    const reading = await settleReading(connection, [{ name, path }], format);
    return loadTable(connection, reading);
  }, signal);
}

/** Columns that are loaded together: the time that DuckDB takes to plan a query grows with the square of its columns. */
const columnsAtOnce = 1000;

async function loadTable(connection: DuckDBConnection, reading: Reading): Promise<Table> {
  const columns: Column[] = [];
  let rowCount = 0;
  for (let begin = 0; begin === 0 || begin < reading.columns.length; begin += columnsAtOnce) {
    const some = { ...reading, columns: reading.columns.slice(begin, begin + columnsAtOnce) };
    const loaded = await loadColumns(connection, some);
    columns.push(...loaded.columns);
    rowCount = loaded.rowCount;
  }
  const notes = [...reading.sources.flatMap((source) => source.notes ?? []), ...readingNotes(columns)];
  return { rowCount, columns, ...(notes.length === 0 ? {} : { notes }) };
}

/**
 * DuckDB parses the files once into a temporary table, then encodes each text column as an ENUM over its own values, so
 * that only int32 codes and float64 cross into JavaScript, a chunk of 2048 rows at a time. Columns of very many texts
 * (identifiers), and those of small tables, cross as texts.
 */
async function loadColumns(connection: DuckDBConnection, reading: Reading): Promise<Table> {
  try {
    const list = reading.columns.map((column, i) => `${asNumberOrText(column)} AS c${i}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE loading AS SELECT ${list.join(', ')} FROM ${relation(reading, 'kept')}`);
    const [row] = await rowsOf<{ n: bigint }>(connection, 'SELECT count(*) AS n FROM loading');
    const rowCount = Number(row?.n ?? 0);
    const columns: Loading[] = [];
    for (const [i, column] of reading.columns.entries()) {
      columns.push(await emptyColumn(connection, column, i, rowCount));
    }
    await fill(connection, columns);
    return { rowCount, columns: columns.map((column) => finished(column)) };
  } catch (error) {
    throw refused(`${reading.sources.map((source) => `"${source.name}"`).join(', ')} cannot be read`, error);
  } finally {
    await connection.run('DROP TABLE IF EXISTS loading');
  }
}

function asNumberOrText({ name, type }: DatasetColumn): string {
  const value = identifier(name);
  switch (type) {
    case 'integer':
    case 'number':
      return `CAST(${value} AS DOUBLE)`;
    case 'boolean':
      return `CASE ${value} WHEN true THEN 'True' WHEN false THEN 'False' END`;
    case 'date':
      return `strftime(${value}, '%Y-%m-%d')`;
    case 'timestamp':
      return `strftime(${value}, '%Y-%m-%d %H:%M:%S')`;
    default:
      return value;
  }
}

/** A column being filled, the SQL that gives its values, and how a chunk of them is taken in. */
type Loading = {
  readonly type: DatasetColumn['type'];
  readonly column: Column;
  readonly sql: string;
  readonly copy: (vector: DuckDBVector, row: number) => void;
};

/** Up to so many different texts DuckDB encodes them; making an ENUM of more takes it longer than it takes us. */
const mostEnumValues = 20_000;

/** Of fewer rows the texts themselves are taken before DuckDB has planned the encoding. */
const fewestEnumRows = 5000;

async function emptyColumn(
  connection: DuckDBConnection,
  { name, type }: DatasetColumn,
  index: number,
  rowCount: number,
): Promise<Loading> {
  const value = `c${index}`;
  if (type === 'integer' || type === 'number') {
    const values = new Float64Array(new SharedArrayBuffer(8 * rowCount));
    const column: Column = { kind: 'numeric', name, integer: false, values };
    return { type, column, sql: `COALESCE(${value}, CAST('nan' AS DOUBLE))`, copy: copyNumbers(values) };
  }
  const codes = new Int32Array(new SharedArrayBuffer(4 * rowCount));
  if (rowCount < fewestEnumRows || (await distinctTexts(connection, value)) > mostEnumValues) {
    const dictionary: string[] = [];
    const column: Column = { kind: 'string', name, source: type, codes, dictionary };
    return { type, column, sql: value, copy: copyTexts(codes, dictionary) };
  }
  await connection.run(
    `CREATE OR REPLACE TEMP TYPE dictionary${index} AS ENUM (SELECT ${value} FROM loading WHERE ${value} IS NOT NULL GROUP BY ALL ORDER BY min(rowid))`,
  );
  const range = await rowsOf<{ value: string }>(
    connection,
    `SELECT unnest(enum_range(CAST(NULL AS dictionary${index}))) AS value`,
  );
  const column: Column = { kind: 'string', name, source: type, codes, dictionary: range.map((each) => each.value) };
  const sql = `COALESCE(CAST(enum_code(CAST(${value} AS dictionary${index})) AS INTEGER), -1)`;
  return { type, column, sql, copy: copyNumbers(codes) };
}

async function distinctTexts(connection: DuckDBConnection, value: string): Promise<number> {
  const [row] = await rowsOf<{ n: bigint }>(connection, `SELECT approx_count_distinct(${value}) AS n FROM loading`);
  return Number(row?.n);
}

async function fill(connection: DuckDBConnection, columns: readonly Loading[]): Promise<void> {
  if (columns.length === 0) return;
  const result = await connection.stream(`SELECT ${columns.map(({ sql }) => sql).join(', ')} FROM loading`);
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    for (const [i, { copy }] of columns.entries()) copy(chunk.getColumnVector(i), row);
    row += chunk.rowCount;
  }
}

/** For SQL that leaves no NULL, so that every item is a number. */
function copyNumbers(target: Float64Array | Int32Array): Loading['copy'] {
  return (vector, row) => {
    for (let i = 0; i < vector.itemCount; i++) target[row + i] = vector.getItem(i) as number;
  };
}

/** Gives each text that was not seen before the next code. */
function copyTexts(codes: Int32Array, dictionary: string[]): Loading['copy'] {
  const codeOf = new Map<string, number>();
  return (vector, row) => {
    for (let i = 0; i < vector.itemCount; i++) {
      const text = vector.getItem(i) as string | null;
      const known = text === null ? -1 : codeOf.get(text);
      codes[row + i] = known ?? dictionary.length;
      if (known === undefined && text !== null) {
        codeOf.set(text, dictionary.length);
        dictionary.push(text);
      }
    }
  };
}

/** A whole number column is `integer` when nothing is missing and every value is exact in float64. */
function finished({ type, column }: Loading): Column {
  if (column.kind !== 'numeric' || type !== 'integer' || column.values.length === 0) return column;
  return { ...column, integer: column.values.every(Number.isSafeInteger) };
}
