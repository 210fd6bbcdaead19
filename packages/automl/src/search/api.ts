/** The door of the engine: what `automl()` is asked, what it tells on the way, and what it answers. */
import type { AutoMLResult, AutoMLSpec, Guardrail, Trial } from '@malachite/core';
import type { Table } from '../table/table.ts';

export type AutoMLRequest = {
  /** Features and target, one row an example. */
  readonly table: Table;
  /** The caller's own validation rows, with the same columns; without them Azure's rule chooses. */
  readonly validation?: Table;
  /** Rows that the search never sees and the best model is scored on; `spec.testDataSize` takes a share of the table instead. */
  readonly test?: Table;
  readonly spec: AutoMLSpec;
  /** Trials are named `<jobName>_<iteration>`. */
  readonly jobName: string;
  /** After a crash: the trials that are durable already; the search goes on from there. */
  readonly finished?: readonly TrialRecord[];
  /** Seconds of the time budget that are spent already. Default 0. */
  readonly elapsedSeconds?: number;
  /** Seconds of the time budget that the caller needs afterwards, to write what it gets. Default 0. */
  readonly keptSeconds?: number;
  /** Aborting stops the search within a second; finished trials have been told, the promise rejects with `Canceled`. */
  readonly signal?: AbortSignal;
  /** Called in order, on the caller's thread. */
  onEvent(event: AutoMLEvent): void;
};

export type AutoMLEvent =
  | { readonly type: 'phase'; readonly phase: string; readonly description: string }
  | { readonly type: 'guardrails'; readonly guardrails: Guardrail[] }
  | { readonly type: 'trial'; readonly record: TrialRecord; readonly bestScore: number | null }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warning' | 'error'; readonly message: string };

/** Everything about a trial that must survive a crash; plain data that can cross threads and processes. */
export type TrialRecord = {
  readonly trial: Trial;
  /** The exported model; undefined when the trial failed. */
  readonly onnx: Uint8Array | undefined;
  /** Predictions for the validation rows in fold order (row-major n x classes, or n): what ensembles are chosen by. */
  readonly validationPredictions: Float64Array;
  /** The score with one group of validation rows left out at a time; absent from a record that was restored after a crash. */
  readonly resampledScores?: Float64Array;
  /** The trainer's predictions of the exported model for the parity rows. */
  readonly parityPredictions: Float64Array;
  /** What ONNX Runtime took to load the model, beside trials that were fitted; absent where it has none. */
  readonly loadSeconds?: number;
  /** What it took to answer the parity rows then, by the clock; absent from a record that was restored after a crash. */
  readonly answerSeconds?: number;
  /** Small artifacts under Azure's paths: `accuracy_table`, `outputs/featurization_summary.json`, … */
  readonly files: Readonly<Record<string, Uint8Array>>;
};

export type AutoMLOutcome = {
  readonly result: AutoMLResult;
  readonly best: TrialRecord;
  /** Artifacts of the job itself: `outputs/verifier_results.json`, `explanation/…`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
};
