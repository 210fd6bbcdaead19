/** Azure's failures as ours: code by meaning, Azure's own message, and the id by which its support finds the request. */
import { type ErrorCode, MalachiteError } from '@malachite/core';

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'InvalidInput',
  401: 'Unauthorized',
  403: 'Unauthorized',
  404: 'NotFound',
  405: 'NotSupported',
  408: 'Timeout',
  409: 'Conflict',
  413: 'TooLarge',
  422: 'InvalidInput',
  429: 'TooManyRequests',
  501: 'NotSupported',
  502: 'Unavailable',
  503: 'Unavailable',
  504: 'Timeout',
};

/** What Azure's clients throw, of ARM, of storage and of identity. */
type Thrown = {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly details?: unknown;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
};

/** @param doing What was being done, for people: `Creating compute "cpu"`. */
export function ofAzure(thrown: unknown, doing: string): MalachiteError {
  if (thrown instanceof MalachiteError) return thrown;
  const { name, code, statusCode, message, response } = (thrown ?? {}) as Thrown;
  if (name === 'CredentialUnavailableError' || name === 'AuthenticationError' || name === 'AggregateAuthenticationError') {
    // Of every way to sign in that was tried, a paragraph each: in the cause, which --verbose prints. Of the only one, its answer.
    const said = name === 'AuthenticationError' ? ` ${sentence(message ?? '')}` : '';
    const what = `${doing}: no token for Azure. Sign in ("az login") or set the AZURE_* variables.${said}`;
    return new MalachiteError('Unauthorized', what, { cause: thrown });
  }
  if (name === 'AbortError') return new MalachiteError('Canceled', `${doing} was canceled.`, { cause: thrown });
  const isUnreachable = code === 'REQUEST_SEND_ERROR' || code === 'ENOTFOUND' || code === 'ECONNREFUSED';
  const meaning = isUnreachable ? 'Unavailable' : (byStatus[statusCode ?? 0] ?? 'Failed');
  const requestId = response?.headers?.get('x-ms-request-id');
  const said = sentence(message || code || `HTTP ${statusCode ?? 'without an answer'}`);
  return new MalachiteError(meaning, `${doing}: ${said}${requestId ? ` (request ${requestId})` : ''}`, { cause: thrown });
}

/** ARM repeats code and message on lines of their own. */
const sentence = (message: string): string => (message.split('\n')[0] as string).replace(/^\(\w+\) /, '').trim();

/** For `catch`: what is not there is undefined. */
export function missing(error: unknown): undefined {
  if (error instanceof MalachiteError && error.code === 'NotFound') return undefined;
  throw error;
}

/** Runs one call of Azure's; what it throws is told as ours. */
export async function asked<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw ofAzure(thrown, doing);
  }
}
