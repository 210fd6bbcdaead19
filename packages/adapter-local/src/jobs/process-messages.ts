/**
 * What the workspace and a job process tell each other over IPC (`serialization: 'advanced'`).
 *
 * The job process keeps bytes in the blob store itself and sends their addresses; the workspace, the one writer of the
 * database, records them. A job process ends when the channel to its workspace breaks.
 */
import type { AssetFile, AutoMLResult, AutoMLSpec, ErrorCode, Guardrail, Trial } from '@malachite/core';
import type { Reading } from '../datasets/reading.ts';

/** A trial with its bytes in the blob store: everything from which the search goes on after a crash. */
export type StoredTrial = {
  readonly trial: Trial;
  /** sha256 of the exported model; null for a failed trial. */
  readonly onnx: string | null;
  /** sha256 of float64 predictions, little-endian. */
  readonly validationPredictions: string;
  readonly parityPredictions: string;
  /** What ONNX Runtime took to load the model; null for a failed trial, and for one that an older program recorded. */
  readonly loadSeconds: number | null;
  readonly files: readonly AssetFile[];
};

/** Workspace to job process. */
export type JobOrder =
  | {
      readonly type: 'start';
      readonly jobName: string;
      readonly spec: AutoMLSpec;
      readonly training: Reading;
      readonly validation: Reading | undefined;
      readonly test: Reading | undefined;
      readonly finished: readonly StoredTrial[];
      /** Seconds of the time budget that are used already. */
      readonly usedSeconds: number;
      readonly blobsFolder: string;
    }
  | { readonly type: 'cancel' };

/** The end of a search without its trials, which are recorded already. */
export type Outcome = Omit<AutoMLResult, 'trials' | 'primaryMetric'>;

/** Job process to workspace, in the order in which things happened. */
export type JobReport =
  | { readonly type: 'running' }
  | { readonly type: 'phase'; readonly phase: string; readonly description: string }
  | { readonly type: 'guardrails'; readonly guardrails: Guardrail[] }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warning' | 'error'; readonly message: string }
  | { readonly type: 'trial'; readonly stored: StoredTrial; readonly bestScore: number | null }
  | { readonly type: 'finalizing' }
  | { readonly type: 'completed'; readonly outcome: Outcome; readonly files: readonly AssetFile[] }
  | { readonly type: 'canceled' }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
