/** A few worker threads that fit models side by side over one shared problem. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { StackInput } from '../ensemble/index.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { Cost } from './budget.ts';
import type { Problem } from './problem.ts';
import type { CrossFitAnswer, RefitAnswer, StackAnswer, TrialAnswer, WorkerStart, WorkerTask } from './worker.ts';

/** What can become of a fit from outside: both end it with a reason, the first with a new thread in its place. */
type Fitting = { replace(reason: string): void; giveUp(reason: string): void };

export type Workers = {
  readonly count: number;
  /** Threads without work. */
  readonly idle: number;
  /**
   * Starts a trial on an idle thread.
   * @param seconds It may take, before it ends with what it has.
   * @param bar The score on a sample that it must reach to be fitted on all rows.
   */
  trial(iteration: number, spec: PipelineSpec, seconds: number, bar?: number): Promise<TrialAnswer>;
  /** Fits a trial's pipeline once more on all rows, on an idle thread. @param seconds It may take, before it is given up. */
  refit(iteration: number, spec: PipelineSpec, seconds: number): Promise<RefitAnswer>;
  /** Fits a trial's pipeline on parts of the rows, on an idle thread. @param seconds It may take, before it is given up. */
  crossFit(iteration: number, spec: PipelineSpec, seconds: number): Promise<CrossFitAnswer>;
  /** Fits a stack over models' predictions, on an idle thread. @param seconds It may take, before it ends with what it has. */
  stack(iteration: number, input: Omit<StackInput, 'shouldStop'>, seconds: number): Promise<StackAnswer>;
  /** Tells every running fit to end with what it has. */
  stop(): void;
  /** After a stop: threads that are busy still are replaced, and all take work again. */
  restart(): Promise<void>;
  /** Ends the threads, whatever they are doing. */
  close(): Promise<void>;
};

const canceled = 'The job was canceled.';

/** @param signal An abort gives up every fit at once, whatever it is doing, and every later one. */
export function startWorkers(count: number, problem: Problem, signal?: AbortSignal): Workers {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const threads = Math.max(1, Math.floor(availableParallelism() / count));
  const start: WorkerStart = { problem: { ...problem, threads }, stop };
  const spawn = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { workerData: start });
  const idle: Worker[] = Array.from({ length: count }, spawn);
  const all = new Set(idle);
  const busy = new Map<Worker, Fitting>();
  const giveUpAll = (): void => {
    for (const { giveUp } of [...busy.values()]) giveUp(canceled);
  };
  signal?.addEventListener('abort', giveUpAll, { once: true });

  function run<Answer extends TrialAnswer | RefitAnswer | CrossFitAnswer | StackAnswer>(task: WorkerTask): Promise<Answer> {
    const failure = (reason: string): Answer => ({ iteration: task.iteration, error: reason }) as Answer;
    if (signal?.aborted) return Promise.resolve(failure(canceled));
    const worker = idle.pop();
    if (!worker) throw new Error('No idle worker thread.');
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const settle = (answer: Answer, next: Worker): void => {
      worker.off('message', finished).off('error', failed).off('exit', ended);
      busy.delete(worker);
      idle.push(next);
      resolve(answer);
    };
    // A thread that dies (out of memory, say) fails its fit and is replaced; the search goes on.
    const replace = (reason: string): void => {
      all.delete(worker);
      const next = spawn();
      all.add(next);
      settle(failure(reason), next);
    };
    const giveUp = (reason: string): void => settle(failure(reason), worker);
    const finished = (answer: Answer): void => settle(answer, worker);
    const failed = (error: unknown): void => replace(error instanceof Error ? error.message : String(error));
    const ended = (code: number): void => replace(`The worker thread ended with code ${code}.`);
    worker.on('message', finished).on('error', failed).on('exit', ended);
    worker.postMessage(task);
    busy.set(worker, { replace, giveUp });
    return promise;
  }

  return {
    count,
    get idle() {
      return idle.length;
    },
    trial: (iteration, spec, seconds, bar) => run<TrialAnswer>({ kind: 'trial', iteration, spec, seconds, bar }),
    refit: (iteration, spec, seconds) => run<RefitAnswer>({ kind: 'refit', iteration, spec, seconds }),
    crossFit: (iteration, spec, seconds) => run<CrossFitAnswer>({ kind: 'crossFit', iteration, spec, seconds }),
    stack: (iteration, input, seconds) => run<StackAnswer>({ kind: 'stack', iteration, input, seconds }),
    stop() {
      Atomics.store(stop, 0, 1);
    },
    async restart() {
      const late = [...busy];
      for (const [worker, { replace }] of late) {
        replace('There was no time to wait for it.');
        await worker.removeAllListeners().terminate();
      }
      Atomics.store(stop, 0, 0);
    },
    async close() {
      signal?.removeEventListener('abort', giveUpAll);
      await Promise.all(Array.from(all, (worker) => worker.removeAllListeners().terminate()));
    },
  };
}

/** Works through jobs in their order, one at a time an idle thread; one that would take longer than is left is passed over. */
export async function workThrough<Job extends { readonly cost: Cost }>(
  workers: Workers,
  jobs: readonly Job[],
  seconds: number,
  work: (job: Job, left: number) => Promise<void>,
): Promise<void> {
  const queue = jobs.slice();
  const deadline = performance.now() / 1000 + seconds;
  const lane = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const left = deadline - performance.now() / 1000;
      if (job.cost.seconds <= left) await work(job, left);
    }
  };
  await Promise.all(Array.from({ length: workers.idle }, lane));
}
