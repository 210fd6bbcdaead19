import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Datasets } from '@malachite/core';
import { beforeEach, expect, test } from 'vitest';
import type { Context } from '../store/context.ts';
import { temporaryContext, temporaryHome } from '../test-home.ts';
import { localDatasets } from './datasets.ts';

let context: Context;
let datasets: Datasets;
let outside: string;

beforeEach(async () => {
  context = temporaryContext();
  datasets = localDatasets(context);
  const { sha256 } = await context.blobs.putBytes(Buffer.from('town,n\nRome,1\nParis,2\nRome,\n'));
  await datasets.create({ name: 'towns', files: [{ path: 'towns.csv', sha256 }] });
  outside = temporaryHome();
  writeFileSync(join(outside, 'secret.csv'), 'secret\n42\n');
});

const query = (sql: string, limit?: number) => datasets.query({ name: 'towns', sql, limit });

test('A SELECT reads the dataset as "data" and by its own name', async () => {
  const answer = await query('SELECT town, count(*) AS rows, sum(n) AS total FROM data GROUP BY ALL ORDER BY town');
  expect(answer).toEqual({
    columns: [
      { name: 'town', type: 'string' },
      { name: 'rows', type: 'integer' },
      { name: 'total', type: 'number' },
    ],
    rows: [
      ['Paris', 1, 2],
      ['Rome', 2, 1],
    ],
  });
  expect((await query('FROM towns WHERE n IS NULL; -- a comment')).rows).toEqual([['Rome', null]]);
});

test('Any value becomes a JSON scalar', async () => {
  const { rows } = await query(
    "SELECT [1, 2], {'a': 1}, DATE '2020-01-02', TIMESTAMP '2020-01-02 03:04:05', 170141183460469231731687303715884105727, CAST('nan' AS DOUBLE), 1.5, true, NULL",
  );
  expect(rows).toEqual([
    ['[1,2]', '{"a":1}', '2020-01-02', '2020-01-02T03:04:05', '170141183460469231731687303715884105727', null, 1.5, true, null],
  ]);
});

test('No more rows than the limit are answered, however many there are', async () => {
  expect((await query('SELECT * FROM range(100000000000)', 3)).rows).toEqual([[0], [1], [2]]);
});

test.each([
  "SELECT * FROM read_csv('OUTSIDE/secret.csv')",
  "SELECT * FROM 'OUTSIDE/secret.csv'",
  "SELECT * FROM read_text('OUTSIDE/secret.csv')",
  "SELECT * FROM read_blob('OUTSIDE/*')",
  "SELECT * FROM glob('OUTSIDE/*')",
  "SELECT * FROM sniff_csv('OUTSIDE/secret.csv')",
  "SELECT * FROM parquet_metadata('OUTSIDE/secret.csv')",
  "COPY data TO 'OUTSIDE/stolen.csv'",
  "ATTACH 'OUTSIDE/stolen.csv' AS stolen",
  "EXPORT DATABASE 'OUTSIDE/stolen.csv'",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET enable_external_access = true',
  "SET allowed_paths = ['OUTSIDE/secret.csv']",
  'CREATE TABLE other (a INTEGER)',
  'DROP VIEW data',
  'CALL pragma_version()',
  'EXPLAIN SELECT 1',
  'SELECT 1; SELECT 2',
  "SELECT 1; COPY data TO 'OUTSIDE/stolen.csv'",
  "SELECT * FROM query('COPY data TO ''OUTSIDE/stolen.csv''')",
  "SELECT getenv('HOME')",
  '-- nothing',
  '',
])('Refused as InvalidInput: %s', async (sql) => {
  await expect(query(sql.replaceAll('OUTSIDE', outside))).rejects.toMatchObject({ code: 'InvalidInput' });
  expect(existsSync(join(outside, 'stolen.csv'))).toBe(false);
});

test("The sentence has DuckDB's own words", async () => {
  await expect(query('SELECT city FROM data')).rejects.toThrow(/"city" not found in FROM clause/);
  await expect(query('SELEC 1')).rejects.toThrow(/syntax error at or near "SELEC"/);
});

test('A query without end is a Timeout, one that wants too much memory TooLarge, and both leave the process well', async () => {
  const endless = 'WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT count(*) FROM r';
  const brief = localDatasets(context, { seconds: 1, memoryMegabytes: 200 });
  await expect(brief.query({ name: 'towns', sql: endless })).rejects.toMatchObject({ code: 'Timeout' });
  const small = localDatasets(context, { seconds: 60, memoryMegabytes: 100 });
  const large = "SELECT string_agg(CAST(range AS VARCHAR), ',') FROM range(100000000)";
  await expect(small.query({ name: 'towns', sql: large })).rejects.toMatchObject({ code: 'TooLarge' });
  expect((await query('SELECT count(*) FROM data')).rows).toEqual([[3]]);
});
