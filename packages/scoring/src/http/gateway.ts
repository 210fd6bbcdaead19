/**
 * What Azure's gateway in front of a managed endpoint adds to the inference server: its own statuses for what the model's side answers,
 * and bounds on how long and how many requests may be with a deployment. Source: Azure's troubleshooting page of online endpoints.
 */
import { type ErrorCode, MalachiteError } from '@malachite/core/errors';

/** A deployment's bounds; without any, a deployment takes what comes for as long as it takes. */
export interface RequestSettings {
  /** Milliseconds from the arrival of the body to the model's answer; past it the caller gets 408. */
  readonly requestTimeoutMs?: number;
  /** Twice this many an instance may be in flight; the next gets 429. */
  readonly maxConcurrentRequestsPerInstance?: number;
  /** Processes that answer for the deployment; 1. */
  readonly instanceCount?: number;
}

/** How many requests a deployment takes at the same time: `2 x max_concurrent_requests_per_instance x instance_count`. */
export function mostInFlight({ maxConcurrentRequestsPerInstance, instanceCount = 1 }: RequestSettings): number {
  return maxConcurrentRequestsPerInstance === undefined ? Infinity : 2 * maxConcurrentRequestsPerInstance * instanceCount;
}

/**
 * The answer, or Timeout when it takes longer; the work itself goes on, and how it ends is of no interest then.
 * A model that runs in this very process holds up the timer as well, so an answer that comes is looked at too.
 */
export function within<T>(ms: number | undefined, work: Promise<T>): Promise<T> {
  if (ms === undefined) return work;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(new MalachiteError('Timeout', `The model did not answer within the deployment's request_timeout_ms, ${ms} ms.`));
    const timer = setTimeout(late, ms);
    work
      .then((answer) => (performance.now() - started > ms ? late() : resolve(answer)), reject)
      .finally(() => clearTimeout(timer));
  });
}

/** What the gateway finds out by itself; whatever else fails has failed in the model's container. */
const ofTheGateway: ReadonlySet<ErrorCode> = new Set([
  'Unauthorized',
  'NotFound',
  'Timeout',
  'TooLarge',
  'TooManyRequests',
  'Unavailable',
]);

export function isOfTheModel(code: ErrorCode): boolean {
  return !ofTheGateway.has(code);
}

/** The gateway's status for a container that answered anything but 200: Failed Dependency. */
export const MODEL_ERROR = 424;

/** Tell the caller of a 424 what the container had answered; name and value in turn. */
export function modelErrorHeaders(status: number): string[] {
  return ['ms-azureml-model-error-statuscode', String(status), 'ms-azureml-model-error-reason', 'model_error'];
}
