/** Every failure leaves in one form, `{"error": {"code", "message"}}`, and none tells what is inside. */
import { type ErrorBody, MalachiteError } from '@malachite/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A refusal of the protocol itself, whose status the error's code does not have. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: MalachiteError;

  constructor(status: number, error: MalachiteError) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (thrown, request, reply) => sendError(thrown, request, reply));
  app.setNotFoundHandler(async (request, reply) => {
    const where = request.url.split('?')[0];
    return sendError(new MalachiteError('NotFound', `There is no ${request.method} ${where} here. See /docs.`), request, reply);
  });
}

export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, error } = answerTo(thrown, request);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type('application/json; charset=utf-8').send(bodyOf(error));
}

export const bodyOf = (error: MalachiteError): ErrorBody => ({ error: error.toJSON() });

/** Status and error for anything thrown. What is neither ours nor the caller's fault is logged, and answered with its id only. */
export function answerTo(thrown: unknown, request: FastifyRequest): { readonly status: number; readonly error: MalachiteError } {
  if (thrown instanceof MalachiteError) return { status: thrown.status, error: thrown };
  if (thrown instanceof Refusal) return thrown;
  const { statusCode } = thrown as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, error: ofTheProtocol(statusCode, thrown as FastifyError) };
  }
  if (isFullDisk(thrown)) {
    return { status: 507, error: new MalachiteError('Failed', 'The disk that the workspace is on is full: nothing was kept.') };
  }
  // A stream that a failure of ours ends counts as aborted too.
  if (request.raw.readableAborted && isEndedEarly(thrown)) {
    return { status: 400, error: new MalachiteError('InvalidInput', 'The connection ended before the body did.') };
  }
  request.log.error({ err: thrown }, 'the request failed inside');
  const message = `Something failed inside while answering; the server's log says what, under request id ${request.id}.`;
  return { status: 500, error: new MalachiteError('Failed', message) };
}

const isEndedEarly = (thrown: unknown): boolean =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes((thrown as NodeJS.ErrnoException).code ?? '');

/** As the file system says it, or SQLite (its code 13, SQLITE_FULL). */
function isFullDisk(thrown: unknown): boolean {
  const { code, errcode } = thrown as { readonly code?: unknown; readonly errcode?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || (code === 'ERR_SQLITE_ERROR' && errcode === 13);
}

function ofTheProtocol(status: number, error: FastifyError): MalachiteError {
  if (status === 413)
    return new MalachiteError('TooLarge', 'The body is larger than JSON may be here, 16 MB; files go to POST /datastore/blobs.');
  if (status === 415)
    return new MalachiteError('InvalidInput', 'The body must be JSON, with the header "content-type: application/json".');
  return new MalachiteError('InvalidInput', error.message);
}
