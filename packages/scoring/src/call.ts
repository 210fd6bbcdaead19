/** A scoring request without the wire: all that a model's answer depends on, plain enough to be sent to another process. */
import type { Signature } from '@malachite/onnx';
import type { JsonObject } from './forms/form.ts';
import type { SwaggerVersion } from './openapi/schemas.ts';

/** Each route takes forms of its own; `/infer` stands for the Open Inference Protocol's. */
export type ScoringRoute = '/score' | '/invocations' | '/infer';

export interface ScoringCall {
  readonly route: ScoringRoute;
  /** The bytes as they came, or, for a GET, the query. */
  readonly body: Buffer | JsonObject;
  readonly contentType: string | undefined;
  /** `/infer`: how many bytes of the body are JSON, when tensors in binary follow them. */
  readonly jsonLength?: number;
  /** `/infer`: the model's name in the answer; else the parameter that a body of no known form is said to lack. */
  readonly named: string;
  /** The request itself, for what answers in HTTP of its own. */
  readonly http?: HttpRequest;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Name and value, as they came. */
  readonly headers: readonly (readonly [string, string])[];
}

/** What a scoring script answers beside the body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** `x-ms-run-function-failed`. */
  readonly failed: boolean;
  /** `run()` returned. */
  readonly ran: boolean;
}

export interface Answer {
  readonly body: string | Buffer;
  /** Status and headers of its own; without them 200 and JSON. */
  readonly http?: HttpAnswer;
  readonly rows: number;
  /** Milliseconds in the model, shared by the requests that ran together. */
  readonly runMs: number;
}

export interface OwnHttp {
  /** The OpenAPI document, as JSON text. */
  document(serviceName: string, version: SwaggerVersion): Promise<string>;
}

/** Whatever answers for a deployment: a model in this process, or processes of its own. */
export interface Answerer {
  readonly signature: Signature;
  /** Who evaluates the model, and why; absent where others do that. */
  readonly evaluation?: string | undefined;
  /** It takes requests of any content type and answers in HTTP itself: a scoring script. */
  readonly ownHttp?: OwnHttp;
  /** @throws InvalidInput in the words of the real inference server where it has some, else naming row and column */
  answer(call: ScoringCall): Promise<Answer>;
}
