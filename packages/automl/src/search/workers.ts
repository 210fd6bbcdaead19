/** A few worker threads that fit trials side by side over one shared problem. */
import { Worker } from 'node:worker_threads';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { Problem } from './problem.ts';
import type { WorkerAnswer, WorkerStart, WorkerTask } from './worker.ts';

export type Workers = {
  /** Threads without a trial. */
  readonly idle: number;
  /** Starts a trial on an idle thread. @param seconds It may take, before it ends with what it has. */
  start(iteration: number, spec: PipelineSpec, seconds: number): Promise<WorkerAnswer>;
  /** Tells every running fit to end with what it has. */
  stop(): void;
  /** Ends the threads, whatever they are doing. */
  close(): Promise<void>;
};

export function startWorkers(count: number, problem: Problem): Workers {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const spawn = (): Worker =>
    new Worker(new URL('./worker.ts', import.meta.url), { workerData: { problem, stop } satisfies WorkerStart });
  const idle: Worker[] = Array.from({ length: count }, spawn);
  const all = new Set(idle);
  return {
    get idle() {
      return idle.length;
    },
    start(iteration, spec, seconds) {
      const worker = idle.pop();
      if (!worker) throw new Error('No idle worker thread.');
      return new Promise((resolve) => {
        const settle = (answer: WorkerAnswer, next: Worker): void => {
          worker.off('message', finished).off('error', failed).off('exit', ended);
          idle.push(next);
          resolve(answer);
        };
        // A thread that dies (out of memory, say) fails its trial and is replaced; the search goes on.
        const replace = (reason: string): void => {
          all.delete(worker);
          const next = spawn();
          all.add(next);
          settle({ iteration, error: reason }, next);
        };
        const finished = (answer: WorkerAnswer): void => settle(answer, worker);
        const failed = (error: unknown): void => replace(error instanceof Error ? error.message : String(error));
        const ended = (code: number): void => replace(`The worker thread ended with code ${code}.`);
        worker.on('message', finished).on('error', failed).on('exit', ended);
        worker.postMessage({ iteration, spec, seconds } satisfies WorkerTask);
      });
    },
    stop() {
      Atomics.store(stop, 0, 1);
    },
    async close() {
      await Promise.all(Array.from(all, (worker) => worker.removeAllListeners().terminate()));
    },
  };
}
