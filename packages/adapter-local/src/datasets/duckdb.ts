/** The process's DuckDB: one in-memory instance for reading files, and the words SQL is put together from. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MalachiteError } from '@malachite/core';

const interruptMilliseconds = 20;

let shared: Promise<DuckDBInstance> | undefined;

/**
 * Runs `work` on a connection of its own (temporary tables and types belong to it), closed afterwards. Extensions are
 * never fetched, nothing is spilled to disk, times are UTC.
 *
 * @param signal Aborting rejects the promise at once with the signal's reason, and ends the query that runs and those that would follow.
 */
export async function withDuckDB<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
  shared ??= DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', temp_directory: '' });
  signal?.throwIfAborted();
  const connection = await (await shared).connect();
  const aborted = Promise.withResolvers<never>();
  let interrupting: NodeJS.Timeout | undefined;
  const end = (): void => {
    aborted.reject(signal?.reason);
    // Again and again: what reads may take the end of one query for a reason to try another.
    interrupting = setInterval(() => connection.interrupt(), interruptMilliseconds);
  };
  signal?.addEventListener('abort', end);
  // While the connection was made nobody listened.
  if (signal?.aborted) end();
  const working = (async () => {
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return await work(connection);
    } finally {
      signal?.removeEventListener('abort', end);
      clearInterval(interrupting);
      connection.closeSync();
    }
  })();
  return Promise.race([working, aborted.promise]);
}

/** All rows as objects; whole numbers of any width arrive as `bigint` or `number` as DuckDB gives them. */
export async function rowsOf<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS() as T[];
}

/** A name in SQL: `"emp.var.rate"`. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL: `'it''s'`. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A file in SQL; DuckDB would take `*`, `?` and `[` in its path for a pattern. */
export function fileLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}

/** What DuckDB says, without its advice on options that people cannot set here, and without the names of blobs. */
function duckdbSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const kept = message.split(/\n\s*(?:Possible (?:fixes|Solution)|\* |LINE \d+:)/)[0] as string;
  return kept
    .replace(/^Failed to extract statements: /, '')
    .replace(/"?\S*[/\\][0-9a-f]{2}[/\\][0-9a-f]{62}"?/g, 'the file')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

/** The error for data or SQL that DuckDB refuses: `InvalidInput` (or `TooLarge`), the given beginning, DuckDB's own words. */
export function refused(beginning: string, error: unknown): MalachiteError {
  if (error instanceof MalachiteError) return error;
  if (error instanceof Error && error.message.startsWith('Out of Memory')) {
    return new MalachiteError('TooLarge', `${beginning}: it needs more memory than this machine has free.`, { cause: error });
  }
  return new MalachiteError('InvalidInput', `${beginning}: ${duckdbSentence(error)}`, { cause: error });
}
