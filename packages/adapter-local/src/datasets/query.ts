/** SQL from a person over one dataset, in a DuckDB instance that can reach this dataset's files and nothing else. */
import { type DuckDBConnection, DuckDBInstance, StatementType } from '@duckdb/node-api';
import { MalachiteError, type Rows } from '@malachite/core';
import { readRows } from './cells.ts';
import { fileLiteral, identifier, literal, refused } from './duckdb.ts';
import { type Reading, relation } from './reading.ts';

/** How long and with how much memory one query may run. */
export type QueryLimits = { readonly seconds: number; readonly memoryMegabytes: number };

export const defaultQueryLimits: QueryLimits = { seconds: 30, memoryMegabytes: 1024 };

/**
 * Runs one SELECT and answers at most `limit` rows.
 *
 * @param names what the table is called in the SQL
 * @throws InvalidInput with DuckDB's own words; Timeout past the time; TooLarge past the memory
 */
export async function queryTable(
  reading: Reading,
  names: readonly string[],
  sql: string,
  limit: number,
  limits: QueryLimits = defaultQueryLimits,
): Promise<Rows> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${limits.memoryMegabytes}MB`,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const alarm = setTimeout(() => connection.interrupt(), limits.seconds * 1000);
  try {
    await prepareSandbox(connection, reading, names);
    await mustBeOneSelect(connection, sql);
    return await readRows(await connection.stream(sql), limit);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (message.startsWith('INTERRUPT')) {
      throw new MalachiteError('Timeout', `The query took more than ${limits.seconds} s. Ask for less of the data.`);
    }
    if (message.startsWith('Out of Memory')) {
      throw new MalachiteError('TooLarge', `The query needs more than ${limits.memoryMegabytes} MB. Ask for less of the data.`);
    }
    throw refused('The query is refused', error);
  } finally {
    clearTimeout(alarm);
    connection.closeSync();
    instance.closeSync();
  }
}

/** Binds the table as views, then shuts the file system but for its files, and locks that. */
async function prepareSandbox(connection: DuckDBConnection, reading: Reading, names: readonly string[]): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'");
  for (const name of new Set(names.map((each) => each.toLowerCase()))) {
    await connection.run(`CREATE VIEW ${identifier(name)} AS SELECT * FROM ${relation(reading)}`);
  }
  // As DuckDB opens it, and as the view names it, which differs for a folder with a `[` or `*` in its name.
  const allowed = reading.sources.flatMap(({ path }) => [literal(path), fileLiteral(path)]);
  await connection.run(`SET allowed_paths = [${allowed.join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

async function mustBeOneSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql.replace(/--.*|\/\*[\s\S]*?\*\//g, '').trim() === '') {
    throw new MalachiteError('InvalidInput', 'A query is one SELECT. This is empty.');
  }
  const statements = await connection.extractStatements(sql);
  const statement = statements.count === 1 ? await statements.prepare(0) : undefined;
  try {
    if (statement?.statementType === StatementType.SELECT) return;
    const found = statements.count === 1 ? 'This is something else.' : `There are ${statements.count} statements.`;
    throw new MalachiteError('InvalidInput', `A query is one SELECT. ${found}`);
  } finally {
    statement?.destroySync();
  }
}
