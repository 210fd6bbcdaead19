/** The three ids of a request: what the caller sent, and what the answer says. Source: the inference server, as recorded. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const LONGEST_ID = 100;
const LONGEST_CLIENT_ID = 40;

export interface RequestIds {
  /** `x-request-id`: as sent, or a new GUID. */
  readonly requestId: string;
  /** `x-ms-client-request-id`: as sent, or the `x-ms-request-id` that was; empty when neither was. */
  readonly clientRequestId: string;
  /** `x-ms-request-id`: as sent, else the client's id, else the request id. */
  readonly msRequestId: string;
  /** What is wrong with them, in the server's words: answered with 431. */
  readonly fault?: string;
}

export function requestIds(headers: IncomingHttpHeaders): RequestIds {
  const sent = text(headers['x-request-id']);
  const client = text(headers['x-ms-client-request-id']);
  const ms = text(headers['x-ms-request-id']);
  if (sent.length > LONGEST_ID) {
    return { requestId: '', clientRequestId: '', msRequestId: '', fault: 'x-request-id must not exceed 100 characters' };
  }
  const requestId = sent || randomUUID();
  if (client.length > LONGEST_ID || ms.length > LONGEST_ID) {
    const fault = 'x-ms-request-id and x-ms-client-request-id must not exceed 100 characters';
    return { requestId, clientRequestId: '', msRequestId: '', fault };
  }
  return { requestId, clientRequestId: client || ms, msRequestId: ms || client || requestId };
}

/**
 * The ids as the gateway of a managed endpoint sets them: a request id of its own, and the caller's id cleaned of all but letters,
 * digits, `-` and `_`, and cut to 40 characters. Nothing in them is refused.
 */
export function gatewayIds(headers: IncomingHttpHeaders): RequestIds {
  const requestId = randomUUID();
  const sent = text(headers['x-ms-client-request-id']) || text(headers['x-ms-request-id']);
  const clientRequestId = sent.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, LONGEST_CLIENT_ID);
  return { requestId, clientRequestId, msRequestId: clientRequestId || requestId };
}

/** The answer's id headers, as name and value in turn; empty ids are left out. */
export function idHeaders({ requestId, clientRequestId, msRequestId }: RequestIds): string[] {
  const headers: string[] = [];
  if (requestId !== '') headers.push('x-request-id', requestId);
  if (msRequestId !== '') headers.push('x-ms-request-id', msRequestId);
  if (clientRequestId !== '') headers.push('x-ms-client-request-id', clientRequestId);
  return headers;
}

function text(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}
