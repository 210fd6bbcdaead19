/** Failures in MLflow's words: `{"error_code", "message"}`. Clients steer by the code. */
import { type ErrorCode, MalachiteError } from '@malachite/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerTo } from '../errors.ts';

const mlflowCodes: Partial<Record<ErrorCode, string>> = {
  InvalidInput: 'INVALID_PARAMETER_VALUE',
  Unauthorized: 'UNAUTHENTICATED',
  NotFound: 'RESOURCE_DOES_NOT_EXIST',
  Conflict: 'RESOURCE_ALREADY_EXISTS',
  NotSupported: 'NOT_IMPLEMENTED',
  TooLarge: 'INVALID_PARAMETER_VALUE',
  Unavailable: 'TEMPORARILY_UNAVAILABLE',
};

/** MLflow answers 400, not 409, where something is there already. */
const statuses: Readonly<Record<string, number>> = { RESOURCE_ALREADY_EXISTS: 400 };

export function answerMlflowErrors(scope: FastifyInstance): void {
  scope.setErrorHandler(async (thrown, request, reply) => sendMlflowError(thrown, request, reply));
}

function sendMlflowError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, error } = answerTo(thrown, request);
  const code = mlflowCodes[error.code] ?? 'INTERNAL_ERROR';
  return reply.code(statuses[code] ?? status).send({ error_code: code, message: error.message });
}

export const notFound = (what: string): MalachiteError => new MalachiteError('NotFound', `${what} not found.`);
export const invalid = (sentence: string): MalachiteError => new MalachiteError('InvalidInput', sentence);
