/** Read-only SQL beside the writer, in a thread of its own, with an end after some seconds. */
import { Worker } from 'node:worker_threads';
import { MalachiteError } from '@malachite/core';
import type { SqlParameter } from './kql/scope.ts';

export type Scalar = string | number | null;
export type QueryMessage = {
  readonly id: number;
  readonly sql: string;
  readonly params: Readonly<Record<string, SqlParameter>>;
};
export type QueryAnswer = { readonly id: number; readonly rows?: Scalar[][]; readonly error?: string };

export interface Reader {
  /** @throws InvalidInput for what SQLite refuses; Timeout when it takes too long, after which the thread is a new one */
  query(sql: string, params: QueryMessage['params']): Promise<Scalar[][]>;
  close(): Promise<void>;
}

type Waiting = { readonly resolve: (rows: Scalar[][]) => void; readonly reject: (error: Error) => void };

/** The thread starts with the first query and keeps no process alive. */
export function openReader(file: string, seconds: number): Reader {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;

  const started = (): Worker => {
    if (worker) return worker;
    const made = new Worker(new URL('./query-worker.ts', import.meta.url), { workerData: { file } });
    made.unref();
    made.on('message', ({ id, rows, error }: QueryAnswer) => {
      const caller = waiting.get(id);
      if (rows) caller?.resolve(rows);
      else caller?.reject(new MalachiteError('InvalidInput', `KQL: the query cannot be answered: ${error}.`));
    });
    made.on('error', (error) => failAll(new MalachiteError('Failed', `The query thread ended: ${error.message}`)));
    made.on('exit', () => {
      if (worker === made) worker = undefined;
    });
    worker = made;
    return made;
  };

  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
  };
  const stop = async (): Promise<void> => {
    const stopping = worker;
    worker = undefined;
    await stopping?.terminate();
  };

  return {
    query(sql, params) {
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<Scalar[][]>();
      waiting.set(id, { resolve, reject });
      const alarm = setTimeout(() => {
        failAll(new MalachiteError('Timeout', `The query took more than ${seconds} s. Ask for fewer rows, or a shorter time.`));
        void stop();
      }, seconds * 1000);
      started().postMessage({ id, sql, params } satisfies QueryMessage);
      return promise.finally(() => {
        clearTimeout(alarm);
        waiting.delete(id);
      });
    },
    async close() {
      failAll(new MalachiteError('Canceled', 'The workspace is being closed.'));
      await stop();
    },
  };
}
