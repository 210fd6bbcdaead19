import type { AddressInfo } from 'node:net';
import { MalachiteError, type Workspace } from '@malachite/core';
import { isLoopback } from '@malachite/core/loopback';
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import { registerDocument } from './api/document.ts';
import { registerApi } from './api/routes.ts';
import { answerErrors, bodyOf, sendError } from './errors.ts';
import { guardKey } from './guard/keys.ts';
import { guardOrigin } from './guard/origin.ts';
import { openRoots } from './mlflow/artifact-root.ts';
import { registerArtifactProxy } from './mlflow/artifact-routes.ts';
import { registerMlflow } from './mlflow/routes/routes.ts';
import type { Tracking } from './mlflow/tracking.ts';
import { registerPublishedPipelines } from './pipelines/routes.ts';
import { validatorCompiler } from './validation.ts';

export type ServerOptions = {
  readonly workspace: Workspace;
  /** The address to listen on; default 127.0.0.1. Any that is not loopback needs an `apiKey`. */
  readonly host?: string;
  /** Default 10100; 0 takes a free one. */
  readonly port?: number;
  /** The bearer key that `/api` asks for; without it, none. */
  readonly apiKey?: string;
  /** MLflow's store: with it, plain MLflow clients are answered at the root. */
  readonly tracking?: Tracking;
  /** Where requests and failures are logged; without it, nowhere. */
  readonly log?: FastifyBaseLogger;
};

export type Server = {
  /** Where it answers: `http://127.0.0.1:10100`. */
  readonly url: string;
  /** Stops listening and ends the connections there are; the workspace stays open, for it is the caller's. */
  close(): Promise<void>;
};

/** Bytes of JSON that one call may carry; files travel as streams and have no limit. */
const bodyLimit = 16 * 1024 * 1024;

/**
 * Serves a workspace: the native REST API under `/api/v1`, its OpenAPI document and Swagger UI under `/docs`, the REST
 * endpoint of published pipelines, and `GET /healthz`. `Conflict` when the port is taken.
 *
 *     const server = await startServer({ workspace, port: 10100 });
 *     console.log(`${server.url}/docs`);
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { workspace, host = '127.0.0.1', port = 10100, apiKey } = options;
  if (!isLoopback(host) && !apiKey) {
    throw new MalachiteError('InvalidInput', `Listening on ${host} opens the workspace to the network: give an API key.`);
  }
  const app = newApp(options.log);
  guardOrigin(app, host);
  await registerDocument(app, { workspaceName: workspace.name, keyed: apiKey !== undefined });
  registerApi(app, workspace, apiKey);
  registerPublishedPipelines(app, workspace);
  if (options.tracking) registerPlainMlflow(app, options.tracking, apiKey);
  // Who opens the address in a browser sees what is there.
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'));
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  await app.listen({ host, port }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EADDRINUSE') throw thrown;
    throw new MalachiteError('Conflict', `Port ${port} of ${host} is taken. Choose another with --port or MALACHITE_PORT.`);
  });
  const { address, port: bound, family } = app.server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`, close: () => app.close() };
}

/** `MLFLOW_TRACKING_URI=http://127.0.0.1:10100`; where the API asks for a key, it is `MLFLOW_TRACKING_TOKEN`. */
function registerPlainMlflow(app: FastifyInstance, tracking: Tracking, apiKey: string | undefined): void {
  app.register(async (scope) => {
    if (apiKey) guardKey(scope, apiKey);
    registerMlflow(scope, '', tracking, openRoots);
    registerArtifactProxy(scope, '', tracking, openRoots);
  });
}

function newApp(log: FastifyBaseLogger | undefined): FastifyInstance {
  const app = fastify({
    ...(log && { loggerInstance: log }),
    bodyLimit,
    forceCloseConnections: true,
    // A HEAD would start downloads and event streams that nobody reads.
    exposeHeadRoutes: false,
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 1024 },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(bodyOf(new MalachiteError('InvalidInput', 'That is no HTTP/1.1 request.')));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  // Schemas describe answers; what the workspace answered leaves as it is.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) =>
    text === '' ? done(null, undefined) : parseJson(request, text as string, done),
  );
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  answerErrors(app);
  return app;
}
