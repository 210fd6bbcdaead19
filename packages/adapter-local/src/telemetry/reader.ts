/** Read-only SQL beside the writer, in a thread of its own, with an end after some seconds. */
import { Worker } from 'node:worker_threads';
import { MalachiteError } from '@malachite/core';
import type { SqlParameter } from './kql/scope.ts';

export type Scalar = string | number | null;
export type QueryMessage = { readonly id: number; readonly sql: string; readonly params: Readonly<Record<string, SqlParameter>> };
/** First that it has begun, then the rows or SQLite's error. */
export type QueryAnswer = { readonly id: number; readonly began?: true; readonly rows?: Scalar[][]; readonly error?: string };

export interface Reader {
  /** @throws InvalidInput for what SQLite refuses; Timeout when it runs too long, which ends the thread but no other query */
  query(sql: string, params: QueryMessage['params']): Promise<Scalar[][]>;
  close(): Promise<void>;
}

type Waiting = {
  readonly message: QueryMessage;
  readonly resolve: (rows: Scalar[][]) => void;
  readonly reject: (error: Error) => void;
  alarm?: NodeJS.Timeout;
};

/** The thread starts with the first query; between queries it keeps no process alive. */
export function openReader(file: string, seconds: number): Reader {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;

  const started = (): Worker => {
    if (worker) return worker;
    const made = new Worker(new URL('./query-worker.ts', import.meta.url), { workerData: { file } });
    made.on('message', (answer: QueryAnswer) => {
      if (worker === made) take(answer);
    });
    made.on('error', (error) => failAll(new MalachiteError('Failed', `The query thread ended: ${error.message}`)));
    made.on('exit', () => {
      if (worker === made) worker = undefined;
    });
    worker = made;
    return made;
  };

  const take = ({ id, began, rows, error }: QueryAnswer): void => {
    const query = waiting.get(id);
    if (!query) return;
    if (began) query.alarm = setTimeout(() => endOverdue(id), seconds * 1000);
    else if (rows) settled(id)?.resolve(rows);
    else settled(id)?.reject(new MalachiteError('InvalidInput', `KQL: the query cannot be answered: ${error}.`));
  };

  /** The query that is over with. */
  const settled = (id: number): Waiting | undefined => {
    const query = waiting.get(id);
    waiting.delete(id);
    clearTimeout(query?.alarm);
    if (waiting.size === 0) worker?.unref();
    return query;
  };

  /** Ends the thread in the middle of the query; the queries behind it go to a new one. */
  const endOverdue = (id: number): void => {
    const sentence = `The query took more than ${seconds} s. Ask for fewer rows, or a shorter time.`;
    settled(id)?.reject(new MalachiteError('Timeout', sentence));
    void stop();
    for (const { message } of waiting.values()) started().postMessage(message);
  };

  const failAll = (error: Error): void => {
    for (const id of [...waiting.keys()]) settled(id)?.reject(error);
  };

  const stop = async (): Promise<void> => {
    const stopping = worker;
    worker = undefined;
    await stopping?.terminate();
  };

  return {
    query(sql, params) {
      const { promise, resolve, reject } = Promise.withResolvers<Scalar[][]>();
      const message: QueryMessage = { id: ++lastId, sql, params };
      waiting.set(message.id, { message, resolve, reject });
      started().ref();
      started().postMessage(message);
      return promise;
    },
    async close() {
      failAll(new MalachiteError('Canceled', 'The workspace is being closed.'));
      await stop();
    },
  };
}
