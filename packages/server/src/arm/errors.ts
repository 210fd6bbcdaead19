/** Failures as ARM words them: `{"error": {"code", "message", …}}`, and what is not emulated answers 501, never 404. */
import type { ErrorCode } from '@malachite/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerTo } from '../errors.ts';
import { whyNotEmulated } from './not-emulated.ts';

/** Where the list is of what works, what partly and what not. */
const coveragePointer = 'See docs/coverage.md, or "malachite status --coverage".';

const armCodes: Partial<Record<ErrorCode, string>> = {
  InvalidInput: 'UserError',
  Unauthorized: 'InvalidAuthenticationToken',
  NotFound: 'ResourceNotFound',
  Conflict: 'Conflict',
  TooLarge: 'RequestEntityTooLarge',
  NotSupported: 'NotEmulated',
  TooManyRequests: 'TooManyRequests',
  Unavailable: 'ServiceUnavailable',
};

/** @param guard throws for a request without a token: strangers are not told what is there and what is not. */
export function answerArmErrors(app: FastifyInstance, guard: (request: FastifyRequest) => Promise<void>): void {
  app.setErrorHandler(async (thrown, request, reply) => sendArmError(thrown, request, reply));
  app.setNotFoundHandler({ preHandler: guard }, async (request, reply) => sendNotEmulated(request, reply));
}

export function sendArmError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, error } = answerTo(thrown, request);
  if (status === 401) reply.header('www-authenticate', 'Bearer authorization_uri="https://localhost/common"');
  const pointer = error.code === 'NotSupported' && !error.message.includes(coveragePointer) ? ` ${coveragePointer}` : '';
  return reply.code(status).send(armError(armCodes[error.code] ?? 'InternalServerError', `${error.message}${pointer}`));
}

/** What has no route here, Azure may have: a 404 would be taken for "there is none yet" and steer the client. */
function sendNotEmulated(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const why = whyNotEmulated(request.method, path) ?? `Malachite does not emulate ${request.method} ${path}.`;
  const message = `${why} ${coveragePointer}`;
  return reply.code(501).send(armError('NotEmulated', message));
}

const armError = (code: string, message: string) => ({ error: { code, message, details: [], additionalInfo: [] } });
