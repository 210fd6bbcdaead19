/** What a thread and its second say to each other. */
import type { Answer, ScoringCall } from '../call.ts';

export interface ThreadCall {
  readonly id: number;
  readonly call: Omit<ScoringCall, 'body' | 'http'>;
  /** Its memory is handed over. */
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface ThreadReady {
  readonly type: 'ready';
}

export interface ThreadAnswered {
  readonly type: 'answered';
  readonly id: number;
  /** Undefined when the other thread must answer. */
  readonly answer: Answer | undefined;
}

export type FromThread = ThreadReady | ThreadAnswered;
