/** Files as the columnar table that training reads. */
import { basename } from 'node:path';
import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import type { Column, Table } from '@malachite/automl';
import { type DatasetColumn, MalachiteError } from '@malachite/core';
import { identifier, refused, rowsOf, withDuckDB } from './duckdb.ts';
import { fileHead } from './format.ts';
import { type Reading, relation } from './reading.ts';
import { settleReading } from './settle.ts';

/**
 * The rows of a dataset (`datasetReading` says how its files are read). Numbers are float64 with NaN for missing, whole
 * number columns without a hole are `integer`; booleans become `True`/`False`, dates `YYYY-MM-DD`, timestamps
 * `YYYY-MM-DD HH:MM:SS`; texts are dictionary-encoded in order of first appearance.
 */
export async function readTable(reading: Reading): Promise<Table> {
  return withDuckDB((connection) => loadTable(connection, reading));
}

/** Any CSV, Parquet or JSON lines file, without a workspace. */
export async function readTableFile(path: string): Promise<Table> {
  const name = basename(path);
  const { format } = await fileHead(name, path).catch((error: NodeJS.ErrnoException) => {
    const said = error.code === 'ENOENT' ? `There is no file "${path}".` : `"${path}" cannot be read: ${error.message}`;
    throw new MalachiteError(error.code === 'ENOENT' ? 'NotFound' : 'InvalidInput', said);
  });
  if (format === 'binary') {
    throw new MalachiteError('InvalidInput', `"${name}" is neither CSV, Parquet nor JSON lines.`);
  }
  return withDuckDB(async (connection) => {
    const reading = await settleReading(connection, [{ name, path }], format);
    return loadTable(connection, reading);
  });
}

/**
 * DuckDB parses the files once into a temporary table, then encodes each text column as an ENUM over its own values, so
 * that only int32 codes and float64 cross into JavaScript, a chunk of 2048 rows at a time.
 */
async function loadTable(connection: DuckDBConnection, reading: Reading): Promise<Table> {
  try {
    const list = reading.columns.map((column, i) => `${asNumberOrText(column)} AS c${i}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE loading AS SELECT ${list.join(', ')} FROM ${relation(reading)}`);
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

/** A column being filled, and the SQL that gives its values without NULLs. */
type Loading = { readonly type: DatasetColumn['type']; readonly column: Column; readonly sql: string };

async function emptyColumn(
  connection: DuckDBConnection,
  { name, type }: DatasetColumn,
  index: number,
  rowCount: number,
): Promise<Loading> {
  const value = `c${index}`;
  if (type === 'integer' || type === 'number') {
    const values = new Float64Array(new SharedArrayBuffer(8 * rowCount));
    return { type, sql: `COALESCE(${value}, CAST('nan' AS DOUBLE))`, column: { kind: 'numeric', name, integer: false, values } };
  }
  const codes = new Int32Array(new SharedArrayBuffer(4 * rowCount));
  await connection.run(
    `CREATE OR REPLACE TEMP TYPE dictionary${index} AS ENUM (SELECT ${value} FROM loading WHERE ${value} IS NOT NULL GROUP BY ALL ORDER BY min(rowid))`,
  );
  const range = await rowsOf<{ value: string }>(
    connection,
    `SELECT unnest(enum_range(CAST(NULL AS dictionary${index}))) AS value`,
  );
  const dictionary = range.map((row) => row.value);
  const column: Column = { kind: 'string', name, source: type, codes, dictionary };
  return { type, sql: `COALESCE(CAST(enum_code(CAST(${value} AS dictionary${index})) AS INTEGER), -1)`, column };
}

async function fill(connection: DuckDBConnection, columns: readonly Loading[]): Promise<void> {
  if (columns.length === 0) return;
  const result = await connection.stream(`SELECT ${columns.map(({ sql }) => sql).join(', ')} FROM loading`);
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    for (const [i, { column }] of columns.entries()) copyInto(column, chunk.getColumnVector(i), row);
    row += chunk.rowCount;
  }
}

/** The SQL leaves no NULL, so every item is a number. */
function copyInto(column: Column, vector: DuckDBVector, row: number): void {
  const target = column.kind === 'numeric' ? column.values : column.codes;
  for (let i = 0; i < vector.itemCount; i++) target[row + i] = vector.getItem(i) as number;
}

/** A whole number column is `integer` when nothing is missing and every value is exact in float64. */
function finished({ type, column }: Loading): Column {
  if (column.kind !== 'numeric' || type !== 'integer' || column.values.length === 0) return column;
  return { ...column, integer: column.values.every(Number.isSafeInteger) };
}
