/** Bearer keys, compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';

/** Whether an `Authorization` header carries the key; takes the same time wherever the two differ. */
export function carriesKey(authorization: string | undefined, key: string): boolean {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(sha256(given), sha256(key));
}

/** Asks every route of a scope for the key. By route and not by the text of the address, which can be written in many ways. */
export function guardKey(scope: FastifyInstance, key: string): void {
  scope.addHook('onRequest', async (request) => {
    if (!carriesKey(request.headers.authorization, key)) {
      throw new MalachiteError('Unauthorized', 'Send the API key of this server: "authorization: Bearer KEY".');
    }
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();
