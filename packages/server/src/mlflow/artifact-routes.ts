/** MLflow's artifact proxy: `GET`, `PUT` and `DELETE` of files, and lists, through the tracking server. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ArtifactRoots } from './artifact-root.ts';
import { answerMlflowErrors } from './errors.ts';
import type { Tracking } from './tracking.ts';

export function registerArtifactProxy(
  app: FastifyInstance,
  prefix: string,
  { artifacts, refresh }: Tracking,
  roots: ArtifactRoots,
): void {
  app.register(async (scope) => {
    answerMlflowErrors(scope);
    // Bytes of any kind, as a stream: they go to disk as they come.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const base = `${prefix}/api/2.0/mlflow-artifacts/artifacts`;
    const placeOf = (request: FastifyRequest) => roots.parse((request.params as { '*': string })['*']);

    scope.get<{ Querystring: { path?: string } }>(base, async ({ query }) => {
      await refresh();
      const { root, path } = roots.parse(query.path ?? '');
      const files = await artifacts.list(root, path);
      return { files: files.map((file) => ({ ...file, path: file.path.split('/').at(-1) })) };
    });
    scope.get(`${base}/*`, async (request, reply) => {
      await refresh();
      const { root, path } = placeOf(request);
      const file = await artifacts.get(root, path);
      return reply
        .type('application/octet-stream')
        .header('content-length', file.size)
        .header('x-content-type-options', 'nosniff')
        .send(Readable.from(file.content()));
    });
    scope.put(`${base}/*`, async (request) => {
      const { root, path } = placeOf(request);
      await artifacts.put(root, path, (request.body as Readable | undefined) ?? Readable.from([]));
      return {};
    });
    scope.delete(`${base}/*`, async (request) => {
      const { root, path } = placeOf(request);
      artifacts.delete(root, path);
      return {};
    });
  });
}
