/** Cross-origin calls, as `AML_CORS_ORIGINS` of the inference server allows them: origins separated by commas, or `*`. */
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';

/** @returns a hook that adds the headers to every answer; undefined when no origin is allowed, as by default */
export function corsHook(origins: string | undefined): onRequestHookHandler | undefined {
  const allowed = new Set(
    (origins ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  );
  if (allowed.size === 0) return undefined;
  return (request, reply, done) => {
    const { origin } = request.headers;
    if (origin !== undefined && (allowed.has('*') || allowed.has(origin))) allow(request, reply, origin);
    done();
  };
}

function allow({ method, headers }: FastifyRequest, { raw }: FastifyReply, origin: string): void {
  raw.setHeader('access-control-allow-origin', origin);
  raw.setHeader('vary', 'Origin');
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
  raw.setHeader('access-control-allow-methods', 'GET, OPTIONS, POST');
  const asked = headers['access-control-request-headers'];
  if (asked !== undefined) raw.setHeader('access-control-allow-headers', asked);
}
