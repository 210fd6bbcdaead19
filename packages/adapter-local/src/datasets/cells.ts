/** DuckDB's answers as rows of JSON scalars. */
import { type DuckDBDataChunk, type DuckDBResult, type Json, JsonDuckDBValueConverter } from '@duckdb/node-api';
import type { Rows } from '@malachite/core';
import { type ColumnType, columnTypeOf } from './reading.ts';

export type Cell = Rows['rows'][number][number];

/** Reads at most `limit` rows and leaves the rest uncomputed. */
export async function readRows(result: DuckDBResult, limit: number): Promise<Rows> {
  const names = result.columnNames();
  const columns = names.map((name, i) => ({ name, type: columnTypeOf(result.columnType(i).toString()) }));
  const rows: Cell[][] = [];
  while (rows.length < limit) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    rows.push(
      ...chunkRows(
        chunk,
        columns.map((column) => column.type),
      ).slice(0, limit - rows.length),
    );
  }
  return { columns, rows };
}

function chunkRows(chunk: DuckDBDataChunk, types: readonly ColumnType[]): Cell[][] {
  return chunk.convertRows(JsonDuckDBValueConverter).map((row) => row.map((value, i) => cell(value, types[i] as ColumnType)));
}

/**
 * One value. Whole numbers beyond 2^53 are given as text, so that no digit is lost; a number that JSON cannot say
 * (infinite, NaN) is null; lists and structs are JSON text; times are ISO 8601.
 */
function cell(value: Json | null, type: ColumnType): Cell {
  if (value === null) return null;
  switch (type) {
    case 'integer':
    case 'number': {
      const number = Number(value);
      if (!Number.isFinite(number)) return null;
      return typeof value === 'string' && /^-?\d+$/.test(value) && !Number.isSafeInteger(number) ? value : number;
    }
    case 'boolean':
      return value === true;
    case 'timestamp':
      return String(value).replace(' ', 'T').replace(/\+00$/, 'Z');
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
