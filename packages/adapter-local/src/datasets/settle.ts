/** Settles how a dataset's files are read together: one table with one type a column. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { MalachiteError } from '@malachite/core';
import { fileLiteral, identifier, literal, refused, rowsOf } from './duckdb.ts';
import { type FileHead, fileHead, type TableFormat } from './format.ts';
import { mustBeWhole } from './packed.ts';
import { columnTypeOf, duckdbTypeOf, isNested, type Reading, relation, type Source, unified } from './reading.ts';
import { type CsvWishes, settleCsv } from './settle-csv.ts';

const formatNames: Readonly<Record<TableFormat, string>> = { csv: 'CSV', parquet: 'Parquet', jsonl: 'JSON lines' };

export type NamedFile = { readonly name: string; readonly path: string };

/**
 * Reads all files once to know their columns and types.
 *
 * @param files in the order of their rows; all of one format
 * @param wishes for CSV files, from an MLTable
 * @throws InvalidInput a sentence about the file that is no table of that format
 */
export async function settleReading(
  connection: DuckDBConnection,
  files: readonly NamedFile[],
  format: TableFormat,
  wishes?: CsvWishes,
): Promise<Reading> {
  const sources: Source[] = [];
  for (const file of files) {
    const head = await fileHead(file.name, file.path);
    if (head.isEmpty) throw new MalachiteError('InvalidInput', `"${file.name}" is empty.`);
    if (head.format !== format && format === 'parquet') {
      throw new MalachiteError('InvalidInput', `"${file.name}" is not a Parquet file.`);
    }
    await mustBeWhole(file, head);
    try {
      sources.push(await settleOne(connection, file, head, format, wishes));
    } catch (error) {
      throw refused(`"${file.name}" cannot be read as ${formatNames[format]}`, error);
    }
  }
  return together(format, sources);
}

/** Reads everything once more, now with every type fixed: what passes here can be read ever after. */
export async function countRows(connection: DuckDBConnection, reading: Reading): Promise<number> {
  try {
    // Counting every column's values makes DuckDB convert every value.
    const values = reading.columns.map(({ name }) => `count(${identifier(name)})`);
    const [row] = await rowsOf<{ counts: bigint[] }>(
      connection,
      `SELECT [${['count(*)', ...values].join(', ')}] AS counts FROM ${relation(reading)}`,
    );
    return Number(row?.counts[0] ?? 0);
  } catch (error) {
    throw refused(`${reading.sources.map((source) => `"${source.name}"`).join(', ')} cannot be read`, error);
  }
}

async function settleOne(
  connection: DuckDBConnection,
  file: NamedFile,
  head: FileHead,
  format: TableFormat,
  wishes?: CsvWishes,
): Promise<Source> {
  if (format === 'csv') return settleCsv(connection, file, head, wishes);
  // `read_json` calls uncompressed what `read_csv` calls none.
  const compression = head.compression === 'none' ? 'uncompressed' : head.compression;
  const options: Source['options'] = format === 'jsonl' ? { compression } : {};
  const read =
    format === 'jsonl'
      ? `read_json(${fileLiteral(file.path)}, sample_size = -1, compression = ${literal(compression)})`
      : `read_parquet(${fileLiteral(file.path)})`;
  const described = await rowsOf<{ column_name: string; column_type: string }>(connection, `DESCRIBE SELECT * FROM ${read}`);
  const columns = described.map((column) => ({
    name: column.column_name,
    duckdbType: format === 'jsonl' && isNested(column.column_type) ? 'JSON' : column.column_type,
    type: columnTypeOf(column.column_type),
  }));
  return { ...file, options, columns };
}

/** Columns by name. Where two CSV files disagree on a type and only text holds both, both are read as text from the start. */
function together(format: TableFormat, sources: readonly Source[]): Reading {
  const types = new Map<string, ReturnType<typeof unified>>();
  for (const source of sources) {
    for (const { name, type } of source.columns) {
      const known = types.get(name);
      types.set(name, known ? unified(known, type) : type);
    }
  }
  const asRead = sources.map((source) => ({
    ...source,
    columns: source.columns.map((column) =>
      format === 'csv' && types.get(column.name) === 'string' && column.type !== 'string'
        ? { ...column, duckdbType: duckdbTypeOf.string }
        : column,
    ),
  }));
  return { format, columns: [...types].map(([name, type]) => ({ name, type })), sources: asRead };
}
