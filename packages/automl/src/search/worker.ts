/** The worker thread's side: one trial after another over the shared problem. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { Problem } from './problem.ts';
import { runTrial, type TrialFit } from './trial.ts';

export type WorkerStart = { readonly problem: Problem; readonly stop: Int32Array<SharedArrayBuffer> };
export type WorkerTask = { readonly iteration: number; readonly spec: PipelineSpec; readonly seconds: number };
export type WorkerAnswer =
  | { readonly iteration: number; readonly fit: TrialFit }
  | { readonly iteration: number; readonly error: string };

const seconds = (): number => performance.now() / 1000;

if (parentPort) {
  const port = parentPort;
  const { problem, stop } = workerData as WorkerStart;
  port.on('message', (task: WorkerTask) => {
    const deadline = seconds() + task.seconds;
    const shouldStop = (): boolean => Atomics.load(stop, 0) !== 0 || seconds() > deadline;
    try {
      const fit = runTrial(problem, task.spec, problem.seed * 1_000_003 + task.iteration, shouldStop, seconds);
      port.postMessage({ iteration: task.iteration, fit } satisfies WorkerAnswer);
    } catch (error) {
      port.postMessage({
        iteration: task.iteration,
        error: error instanceof Error ? error.message : String(error),
      } satisfies WorkerAnswer);
    }
  });
}
