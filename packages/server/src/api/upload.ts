/** Bytes of any length, handed on as they arrive and never held. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';

/** Registers the route in a scope of its own, where every content type is left as a stream. */
export function receiveUpload(scope: FastifyInstance, route: RouteOptions): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  scope.route({ ...route, validatorCompiler: () => () => true });
}

/** The bytes of the request; none when it has no body. */
export function uploadBody(request: FastifyRequest): AsyncIterable<Uint8Array> {
  return (request.body as AsyncIterable<Uint8Array> | null | undefined) ?? noBytes();
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
