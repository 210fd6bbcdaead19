/** The worker thread's side: one fit after another over the shared problem. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { type CrossFit, crossFit } from './cross-fit.ts';
import type { Problem } from './problem.ts';
import { type ExportedFit, refit, runTrial, type TrialClock, type TrialFit } from './trial.ts';

export type WorkerStart = { readonly problem: Problem; readonly stop: Int32Array<SharedArrayBuffer> };
export type WorkerTask = {
  /** `trial` judges a pipeline on the validation rows, `refit` fits one on all rows, `crossFit` answers for all rows unseen. */
  readonly kind: 'trial' | 'refit' | 'crossFit';
  /** Of the trial, or of the one whose pipeline is fitted once more. */
  readonly iteration: number;
  readonly spec: PipelineSpec;
  /** It may take so long. */
  readonly seconds: number;
  /** The score on a sample that it must reach to be fitted on all rows. */
  readonly bar?: number;
};
export type WorkerAnswer<Fit> =
  | { readonly iteration: number; readonly fit: Fit }
  | { readonly iteration: number; readonly error: string };
export type TrialAnswer = WorkerAnswer<TrialFit>;
export type RefitAnswer = WorkerAnswer<ExportedFit>;
export type CrossFitAnswer = WorkerAnswer<CrossFit>;

const now = (): number => performance.now() / 1000;

if (parentPort) {
  const port = parentPort;
  const { problem, stop } = workerData as WorkerStart;
  port.on('message', ({ kind, iteration, spec, seconds, bar }: WorkerTask) => {
    const clock: TrialClock = { now, deadline: now() + seconds, isStopped: () => Atomics.load(stop, 0) !== 0 };
    const seed = problem.seed * 1_000_003 + 1009 * iteration;
    try {
      const fit =
        kind === 'trial'
          ? runTrial(problem, spec, seed, clock, bar)
          : (kind === 'refit' ? refit : crossFit)(problem, spec, seed, clock);
      port.postMessage({ iteration, fit } satisfies WorkerAnswer<TrialFit | ExportedFit | CrossFit>);
    } catch (error) {
      port.postMessage({ iteration, error: error instanceof Error ? error.message : String(error) } satisfies TrialAnswer);
    }
  });
}
