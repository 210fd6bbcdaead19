/** The thread that answers telemetry queries: it only reads, and it can be stopped in the middle of one. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { QueryAnswer, QueryMessage } from './reader.ts';
import { registerKqlFunctions } from './sql-functions.ts';

const sqlite = new DatabaseSync((workerData as { readonly file: string }).file, { readOnly: true, timeout: 5000 });
registerKqlFunctions(sqlite);

parentPort?.on('message', ({ id, sql, params }: QueryMessage) => {
  parentPort?.postMessage({ id, began: true } satisfies QueryAnswer);
  parentPort?.postMessage({ id, ...answer(sql, params) } satisfies QueryAnswer);
});

function answer(sql: string, params: QueryMessage['params']): Omit<QueryAnswer, 'id' | 'began'> {
  try {
    const statement = sqlite.prepare(sql);
    statement.setReturnArrays(true);
    return { rows: statement.all(params) as unknown as NonNullable<QueryAnswer['rows']> };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
