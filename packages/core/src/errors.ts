/**
 * The stable error codes. Programs match on the code, people read the sentence; facades turn the code into a status.
 * A sentence names what was asked for, what was found and what to do.
 */
export const errorStatus = {
  /** The call or its data is wrong. */
  InvalidInput: 400,
  /** A key or token is missing or wrong. */
  Unauthorized: 401,
  /** What was named does not exist. */
  NotFound: 404,
  /** No answer within the time the caller or the deployment allows. */
  Timeout: 408,
  /** The name is taken, or the resource is in a state that forbids this. */
  Conflict: 409,
  /** A body or file is larger than the limit. */
  TooLarge: 413,
  /** More calls in flight than the deployment takes. */
  TooManyRequests: 429,
  /** The operation was canceled. */
  Canceled: 409,
  /** The operation ran and failed. */
  Failed: 500,
  /** Azure ML has this, this workspace does not; see `supports`. */
  NotSupported: 501,
  /** The process that answers is not running. */
  Unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

export class MalachiteError extends Error {
  override readonly name = 'MalachiteError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The HTTP status that stands for the code. */
  get status(): number {
    return errorStatus[this.code];
  }

  toJSON(): { code: ErrorCode; message: string } {
    return { code: this.code, message: this.message };
  }
}

/** Any thrown value as a MalachiteError; one that is none already becomes `Failed` with its own message. */
export function asMalachiteError(thrown: unknown): MalachiteError {
  if (thrown instanceof MalachiteError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new MalachiteError('Failed', message, { cause: thrown });
}
