/** Statistics of every column, computed by DuckDB over all rows. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile, DatasetColumn } from '@malachite/core';
import { identifier, rowsOf, withDuckDB } from './duckdb.ts';
import { type Reading, relation } from './reading.ts';

const quantiles = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
const binCount = 20;
const topCount = 10;

export type TableProfile = { readonly rowCount: number; readonly columns: readonly ColumnProfile[] };

/**
 * Exact figures, no sketches: `count(DISTINCT …)`, `quantile_cont` (linear between neighbours, as NumPy's default),
 * `stddev_samp`. Numbers get a histogram of 20 equal-width bins; texts and booleans their ten most frequent values.
 */
export async function profileTable(reading: Reading): Promise<TableProfile> {
  return withDuckDB(async (connection) => {
    await connection.run(`CREATE OR REPLACE TEMP TABLE profiled AS SELECT * FROM ${relation(reading)}`);
    try {
      const [row] = await rowsOf<{ n: bigint }>(connection, 'SELECT count(*) AS n FROM profiled');
      const rowCount = Number(row?.n ?? 0);
      const columns: ColumnProfile[] = [];
      for (const column of reading.columns) columns.push(await profileColumn(connection, column, rowCount));
      return { rowCount, columns };
    } finally {
      await connection.run('DROP TABLE profiled');
    }
  });
}

type Basics = {
  present: bigint;
  distinct_values: bigint;
  smallest: number | bigint | string | null;
  largest: number | bigint | string | null;
};
type Moments = { mean: number | null; std: number | null; quantiles: number[] | null };

async function profileColumn(connection: DuckDBConnection, column: DatasetColumn, rowCount: number): Promise<ColumnProfile> {
  const value = identifier(column.name);
  const isNumber = column.type === 'integer' || column.type === 'number';
  const extreme = asExtreme(column);
  const [basics] = await rowsOf<Basics>(
    connection,
    `SELECT count(${value}) AS present, count(DISTINCT ${value}) AS distinct_values,
       ${extreme('min')} AS smallest, ${extreme('max')} AS largest FROM profiled`,
  );
  const { present, distinct_values, smallest, largest } = basics as Basics;
  const [moments] = isNumber
    ? await rowsOf<Moments>(
        connection,
        `SELECT avg(${value}) AS mean, stddev_samp(${value}) AS std,
           quantile_cont(CAST(${value} AS DOUBLE), [${quantiles.join(', ')}]) AS quantiles FROM profiled`,
      )
    : [];
  const isCounted = column.type === 'string' || column.type === 'boolean';
  const min = typeof smallest === 'bigint' ? Number(smallest) : smallest;
  const max = typeof largest === 'bigint' ? Number(largest) : largest;
  return {
    ...column,
    count: Number(present),
    missing: rowCount - Number(present),
    distinct: Number(distinct_values),
    min,
    max,
    mean: moments?.mean ?? null,
    std: moments?.std ?? null,
    quantiles: moments?.quantiles
      ? Object.fromEntries(quantiles.map((share, i) => [String(share), moments.quantiles?.[i] as number]))
      : null,
    histogram: typeof min === 'number' && typeof max === 'number' ? await histogram(connection, value, min, max) : null,
    topValues: isCounted ? await topValues(connection, column) : null,
  };
}

/** Smallest and largest as JSON can say them: numbers, texts, ISO 8601; none for booleans. */
function asExtreme({ name, type }: DatasetColumn): (aggregate: 'min' | 'max') => string {
  const value = identifier(name);
  if (type === 'boolean') return () => 'NULL';
  if (type === 'timestamp') return (aggregate) => `replace(CAST(${aggregate}(${value}) AS VARCHAR), ' ', 'T')`;
  if (type === 'date') return (aggregate) => `CAST(${aggregate}(${value}) AS VARCHAR)`;
  return (aggregate) => `${aggregate}(${value})`;
}

/**
 * Bins hold their lower edge; the last one holds both. As NumPy does, a column of one value gets bins from half below
 * to half above it.
 */
async function histogram(
  connection: DuckDBConnection,
  value: string,
  min: number,
  max: number,
): Promise<ColumnProfile['histogram']> {
  const [low, high] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const edges = Array.from({ length: binCount + 1 }, (_, i) => (i === binCount ? high : low + ((high - low) * i) / binCount));
  const below = edges.slice(1, -1).map((edge) => `count(*) FILTER (CAST(${value} AS DOUBLE) < CAST('${edge}' AS DOUBLE))`);
  const [row] = await rowsOf<{ below: bigint[] }>(
    connection,
    `SELECT [${[...below, `count(${value})`].join(', ')}] AS below FROM profiled`,
  );
  const cumulative = (row?.below ?? []).map(Number);
  return { edges, counts: cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0)) };
}

/** Most frequent first; equally frequent ones in the order of their text. */
async function topValues(connection: DuckDBConnection, { name, type }: DatasetColumn): Promise<ColumnProfile['topValues']> {
  const value = identifier(name);
  const text = type === 'boolean' ? `CASE WHEN ${value} THEN 'True' ELSE 'False' END` : value;
  const rows = await rowsOf<{ value: string; n: bigint }>(
    connection,
    `SELECT ${text} AS value, count(*) AS n FROM profiled WHERE ${value} IS NOT NULL GROUP BY ALL ORDER BY n DESC, value LIMIT ${topCount}`,
  );
  return rows.map((row) => ({ value: row.value, count: Number(row.n) }));
}
