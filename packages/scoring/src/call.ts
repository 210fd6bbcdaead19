/** A scoring request without the wire: all that a model's answer depends on, plain enough to be sent to another process. */
import type { Signature } from '@malachite/onnx';
import type { JsonObject } from './forms/form.ts';

/** Each route takes forms of its own; `/infer` stands for the Open Inference Protocol's. */
export type ScoringRoute = '/score' | '/invocations' | '/infer';

export interface ScoringCall {
  readonly route: ScoringRoute;
  /** The bytes as they came, or, for a GET, the query. */
  readonly body: Buffer | JsonObject;
  readonly contentType: string | undefined;
  /** `/infer`: the model's name in the answer; else the parameter that a body of no known form is said to lack. */
  readonly named: string;
}

export interface Answer {
  readonly body: string;
  readonly rows: number;
  /** Milliseconds in the model, shared by the requests that ran together. */
  readonly runMs: number;
}

/** Whatever answers for a deployment: a model in this process, or processes of its own. */
export interface Answerer {
  readonly signature: Signature;
  /** @throws InvalidInput in the words of the real inference server where it has some, else naming row and column */
  answer(call: ScoringCall): Promise<Answer>;
}
