/** One request to a Malachite server: the address from the operation and its input, the failure as a MalachiteError. */
import {
  apiPrefix,
  type ErrorBody,
  errorStatus,
  MalachiteError,
  type Operation,
  otherFieldsIn,
  pathFields,
} from '@malachite/core';

export type Connection = {
  /** Of the server, without a slash at the end: `http://127.0.0.1:10100`. */
  readonly url: string;
  /** The bearer key of a server that is open to the network. */
  readonly apiKey?: string;
  /** Ends every call under way. */
  readonly signal: AbortSignal;
};

export type Input = Readonly<Record<string, unknown>>;

/** What the call of one kind adds to the request. */
export type Sending = {
  readonly accept: string;
  readonly content?: { readonly type: string; readonly body: string | ReadableStream<Uint8Array> };
  readonly signal?: AbortSignal;
};

/** Sends the request and returns its answer once that is a success; its body is not read yet. */
export async function send(connection: Connection, operation: Operation, input: Input, sending: Sending): Promise<Response> {
  const { accept, content, signal } = sending;
  const init: RequestInit = {
    method: operation.method,
    headers: {
      accept,
      ...(content && { 'content-type': content.type }),
      ...(connection.apiKey !== undefined && { authorization: `Bearer ${connection.apiKey}` }),
    },
    ...(content && { body: content.body, duplex: 'half' }),
    redirect: 'error',
    signal: signal ? AbortSignal.any([connection.signal, signal]) : connection.signal,
  };
  const address = addressOf(connection, operation, input);
  const response = await fetch(address, init).catch((thrown: unknown) => {
    throw broken(connection, thrown);
  });
  if (!response.ok) throw await errorOf(connection, response);
  return response;
}

/** What a failed request or a body that ended too early is to the caller. */
export function broken(connection: Connection, thrown: unknown): MalachiteError {
  if (thrown instanceof MalachiteError) return thrown;
  if (connection.signal.aborted) return new MalachiteError('Canceled', `The workspace at ${connection.url} was closed.`);
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const code = (cause as { code?: unknown } | undefined)?.code;
  const message =
    code === 'ECONNREFUSED' || code === 'ENOTFOUND'
      ? `No Malachite server answers at ${connection.url}. Start one with: malachite up`
      : `The connection to ${connection.url} broke: ${cause instanceof Error ? cause.message : String(cause)}.`;
  return new MalachiteError('Unavailable', message, { cause: thrown });
}

function addressOf(connection: Connection, operation: Operation, input: Input): string {
  const inPath = pathFields(operation);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => pathSegment(field, input[field]));
  const query = new URLSearchParams();
  if (otherFieldsIn(operation) === 'query') {
    for (const [field, value] of Object.entries(input)) {
      if (value !== undefined && !inPath.includes(field)) query.set(field, String(value));
    }
  }
  return `${connection.url}${apiPrefix}${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Empty, "." and ".." would name another route, however they are escaped. */
function pathSegment(field: string, value: unknown): string {
  const text = value === undefined ? '' : String(value);
  if (/^\.{0,2}$/.test(text)) throw new MalachiteError('InvalidInput', `"${field}" must name something; it is "${text}".`);
  return encodeURIComponent(text);
}

async function errorOf(connection: Connection, response: Response): Promise<MalachiteError> {
  const text = await response.text().catch(() => '');
  return (
    errorIn(text) ??
    new MalachiteError(
      'Unavailable',
      `${connection.url} answered ${response.status} ${response.statusText}, not as a Malachite server does.`,
    )
  );
}

/** The error that the body of a failed answer, or the `error` message of an event stream, carries. */
export function errorIn(text: string): MalachiteError | undefined {
  try {
    const { error } = JSON.parse(text) as Partial<ErrorBody>;
    return error && error.code in errorStatus ? new MalachiteError(error.code, error.message) : undefined;
  } catch {
    return undefined;
  }
}
