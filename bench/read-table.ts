/**
 * Reading a CSV file into the table that training works on, beside DuckDB reading the same file into a table of its own,
 * in the same run. The rest is our encoding into typed arrays.
 *
 *     node bench/read-table.ts [--rows 1000000] [--file data.csv]
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { readTableFile } from '../packages/adapter-local/src/datasets/read-table.ts';
import { createRandom } from '../packages/automl/src/random.ts';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, file: { type: 'string' }, repeats: { type: 'string', default: '3' } },
});

/** Six number columns, three of few texts, one of as many texts as rows. */
async function writeSynthetic(path: string, rowCount: number): Promise<void> {
  const random = createRandom(1);
  const file = createWriteStream(path);
  file.write('n0,n1,n2,n3,n4,n5,colour,town,code,id\n');
  const towns = ['Paris', 'Rome', 'Berlin', 'a name of more than twelve letters'];
  for (let row = 0; row < rowCount; row++) {
    const numbers = `${random.nextFloat().toFixed(6)},${row % 99_991},${random.nextNormal().toFixed(4)},${row},${random.nextFloat().toFixed(3)},${row % 6}`;
    const texts = `${['red', 'green', 'blue'][row % 3]},${towns[row % 4]},${row % 50}x,u${row}`;
    if (!file.write(`${numbers},${texts}\n`)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
  }
  await finished(file.end());
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < Number(options.repeats); i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

const folder = mkdtempSync(join(tmpdir(), 'malachite-bench-'));
try {
  const path = options.file ?? join(folder, 'table.csv');
  if (!options.file) await writeSynthetic(path, Number(options.rows));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const theirs = await seconds(() =>
    connection.run(`CREATE OR REPLACE TABLE t AS FROM read_csv('${path.replaceAll("'", "''")}', sample_size = -1)`),
  );
  const ours = await seconds(() => readTableFile(path));
  const { rowCount, columns } = await readTableFile(path);
  console.log(`${rowCount} rows x ${columns.length} columns, best of ${options.repeats}`);
  console.log(`DuckDB into its own table  ${theirs.toFixed(2)} s`);
  console.log(`Malachite into typed arrays ${ours.toFixed(2)} s   ${(ours / theirs).toFixed(2)} x`);
} finally {
  rmSync(folder, { recursive: true });
}
