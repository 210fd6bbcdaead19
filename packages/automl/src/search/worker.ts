/** The worker thread's side: one fit after another over the shared problem. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FittedStack, fitStack, type StackInput } from '../ensemble/index.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { type CrossFit, crossFit } from './cross-fit.ts';
import type { Problem } from './problem.ts';
import { type ExportedFit, refit, runTrial, type TrialClock, type TrialFit } from './trial.ts';

export type WorkerStart = { readonly problem: Problem; readonly stop: Int32Array<SharedArrayBuffer> };
export type WorkerTask = {
  /** Of the trial, or of the one whose pipeline is fitted once more. */
  readonly iteration: number;
  /** It may take so long. */
  readonly seconds: number;
} & (
  | {
      /** `trial` judges a pipeline on the validation rows, `refit` fits one on all rows, `crossFit` answers for all rows unseen. */
      readonly kind: 'trial' | 'refit' | 'crossFit';
      readonly spec: PipelineSpec;
      /** The score on a sample that a trial must reach to be fitted on all rows. */
      readonly bar?: number;
    }
  | { readonly kind: 'stack'; readonly input: Omit<StackInput, 'shouldStop'> }
);
export type WorkerAnswer<Fit> =
  | { readonly iteration: number; readonly fit: Fit }
  | { readonly iteration: number; readonly error: string };
export type TrialAnswer = WorkerAnswer<TrialFit>;
export type RefitAnswer = WorkerAnswer<ExportedFit>;
export type CrossFitAnswer = WorkerAnswer<CrossFit>;
export type StackAnswer = WorkerAnswer<FittedStack>;

const now = (): number => performance.now() / 1000;

if (parentPort) {
  const port = parentPort;
  const { problem, stop } = workerData as WorkerStart;
  const perform = (task: WorkerTask): TrialFit | ExportedFit | CrossFit | FittedStack => {
    const clock: TrialClock = { now, deadline: now() + task.seconds, isStopped: () => Atomics.load(stop, 0) !== 0 };
    if (task.kind === 'stack') return fitStack({ ...task.input, shouldStop: () => clock.isStopped() || now() > clock.deadline });
    const seed = problem.seed * 1_000_003 + 1009 * task.iteration;
    if (task.kind === 'trial') return runTrial(problem, task.spec, seed, clock, task.bar);
    return (task.kind === 'refit' ? refit : crossFit)(problem, task.spec, seed, clock);
  };
  port.on('message', (task: WorkerTask) => {
    const { iteration } = task;
    try {
      port.postMessage({ iteration, fit: perform(task) } satisfies WorkerAnswer<ReturnType<typeof perform>>);
    } catch (error) {
      port.postMessage({ iteration, error: error instanceof Error ? error.message : String(error) } satisfies TrialAnswer);
    }
  });
}
