/** What a deployment and its instances, processes with the model each, say to each other. */
import type { ErrorCode } from '@malachite/core/errors';
import type { Signature } from '@malachite/onnx';
import type { Answer, ScoringCall } from '../call.ts';

/** An ONNX file, or the bytes of one. */
export type ModelSource = string | Uint8Array;

export interface LoadModel {
  readonly type: 'load';
  readonly model: ModelSource;
}

export interface CallModel {
  readonly type: 'calls';
  /** Those of one turn. */
  readonly calls: readonly NumberedCall[];
}

export interface NumberedCall {
  readonly id: number;
  readonly call: ScoringCall;
}

/** Answered by `alive`: the process is not stuck. */
export interface ProbeInstance {
  readonly type: 'probe';
}

export type ToInstance = LoadModel | CallModel | ProbeInstance;

export interface InstanceReady {
  readonly type: 'ready';
  readonly signature: Signature;
  /** What was changed in the graph before it was loaded, in words. */
  readonly rewritten: readonly string[];
  /** Who evaluates the graph, and why. */
  readonly evaluation: string;
}

export interface InstanceFailed {
  readonly type: 'failed';
  readonly error: InstanceError;
}

export interface InstanceAnswered {
  readonly type: 'answers';
  /** Those of one turn, in no order. */
  readonly answers: readonly NumberedAnswer[];
}

export type NumberedAnswer = { readonly id: number } & ({ readonly answer: Answer } | { readonly error: InstanceError });

export interface InstanceError {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface InstanceAlive {
  readonly type: 'alive';
}

export type FromInstance = InstanceAlive | InstanceReady | InstanceFailed | InstanceAnswered;
