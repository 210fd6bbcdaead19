/**
 * What a web page on this machine must not be able to do: reach the server under a name of its own (DNS rebinding), or
 * change something from another origin. Browsers say both in headers that a page cannot set.
 */
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../errors.ts';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const wildcards = new Set(['0.0.0.0', '::']);

/**
 * Refuses requests for a host that is neither this machine's loopback nor the address we are bound to. Bound to every
 * address, any name may be ours: there the API's key protects, which a rebound page does not know.
 */
export function guardOrigin(app: FastifyInstance, host: string): void {
  const bound = host.includes(':') ? `[${host}]` : host.toLowerCase();
  app.addHook('onRequest', async (request) => {
    const name = request.headers.host?.replace(/:\d+$/, '').toLowerCase() ?? '';
    if (!wildcards.has(host) && !loopbackNames.has(name) && name !== bound) {
      throw new Refusal(421, new MalachiteError('InvalidInput', `This server does not answer for the host "${name}".`));
    }
    const { origin } = request.headers;
    const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
    if (changes && origin !== undefined && !isSameOrigin(origin, request.headers.host)) {
      throw new Refusal(403, new MalachiteError('Unauthorized', `A page from "${origin}" may not change this workspace.`));
    }
  });
}

const isSameOrigin = (origin: string, host: string | undefined) =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
