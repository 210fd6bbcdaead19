/**
 * The one TLS origin that unmodified Azure clients are pointed at: cloud metadata, tokens, ARM, run history, MLflow and
 * the addresses of blobs. It translates; what it does is done by the workspace's ports.
 */

import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MalachiteError, type Workspace } from '@malachite/core';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { registerAssets } from './arm/assets.ts';
import { registerPendingUploads } from './arm/codes.ts';
import { registerComputes } from './arm/computes.ts';
import { dataAssets } from './arm/data.ts';
import { registerDatastores } from './arm/datastores.ts';
import { openDocuments } from './arm/documents.ts';
import { answerArmErrors, sendArmError } from './arm/errors.ts';
import type { Facade } from './arm/facade.ts';
import { registerJobs } from './arm/jobs.ts';
import { keptAssets } from './arm/kept-assets.ts';
import { registerLogs } from './arm/logs.ts';
import { modelAssets } from './arm/models.ts';
import { registerOnlineDeployments } from './arm/online-deployments.ts';
import { registerOnlineEndpoints } from './arm/online-endpoints.ts';
import { workspaceRoute } from './arm/paths.ts';
import { isObject } from './arm/resource.ts';
import { registerWorkspaces } from './arm/workspaces.ts';
import { guardOrigin } from './guard/origin.ts';
import { followResults } from './history/results.ts';
import { registerHistory } from './history/routes.ts';
import { openRunFiles } from './history/run-files.ts';
import { audiencesOf, registerIdentity } from './identity/routes.ts';
import { openTokens } from './identity/tokens.ts';
import { signedRoots } from './mlflow/artifact-root.ts';
import { registerArtifactProxy } from './mlflow/artifact-routes.ts';
import { registerMlflow } from './mlflow/routes/routes.ts';
import type { Tracking } from './mlflow/tracking.ts';
import { registerArtifactContainer } from './storage/artifact-container.ts';
import { blobService } from './storage/blob-service.ts';
import { openAuthority } from './tls/authority.ts';

export type AzureOriginOptions = {
  readonly workspace: Workspace;
  /** Where its certificates, secrets and documents lie: `azure` in the home folder. Made when it is not there. */
  readonly folder: string;
  /** MLflow's store, shared with the native server. */
  readonly tracking: Tracking;
  /** Default 10143; 0 takes a free one. */
  readonly port?: number;
  readonly log?: FastifyBaseLogger;
};

export type AzureOrigin = {
  /** `https://localhost:10143`. */
  readonly url: string;
  /** Path of the certificate that clients must trust. */
  readonly caFile: string;
  /** What `IDENTITY_HEADER` must hold. */
  readonly identitySecret: string;
  /** Every method and address it answers, as they were registered. */
  readonly routes: readonly Route[];
  close(): Promise<void>;
};

export type Route = { readonly method: string; readonly url: string };

/** Bytes of JSON that one call may carry. */
const bodyLimit = 16 * 1024 * 1024;

/** Serves a workspace as Azure does, on this machine's loopback. `Conflict` when the port is taken. */
export async function startAzureOrigin({
  workspace,
  folder,
  tracking,
  port = 10143,
  log,
}: AzureOriginOptions): Promise<AzureOrigin> {
  const authority = await openAuthority(join(folder, 'tls'));
  const tokens = await openTokens(join(folder, 'identity'));
  const documents = openDocuments(join(folder, 'documents.sqlite'));
  const blobs = blobService({ folder: join(folder, 'storage'), authority });
  const app = newApp(authority, log);
  const routes: Route[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, url });
  });
  guardOrigin(app, '127.0.0.1');
  const origin = (): string => `https://localhost:${(app.server.address() as AddressInfo).port}`;
  const results = followResults(workspace.training);
  const runFiles = openRunFiles(workspace, tracking);
  const facade: Facade = { workspace, documents, tokens, blobs, results, tracking, runFiles, origin };
  const guard = (request: FastifyRequest): Promise<void> => tokens.check(request.headers.authorization, audiencesOf(origin()));
  answerArmErrors(app, guard);
  registerIdentity(app, tokens, origin);
  const roots = signedRoots(tokens, origin);
  registerArtifactProxy(app, '', tracking, roots);
  registerArtifactContainer(app, runFiles, tokens);
  app.register(async (guarded) => {
    guarded.addHook('onRequest', guard);
    guarded.addHook('preHandler', mustBeAnObject);
    registerWorkspaces(guarded, facade);
    registerComputes(guarded, facade);
    registerDatastores(guarded, facade);
    registerAssets(guarded, facade, dataAssets(facade));
    registerAssets(guarded, facade, modelAssets(facade));
    for (const kind of ['environments', 'codes', 'components'] as const) {
      registerAssets(guarded, facade, keptAssets(documents, kind));
    }
    registerPendingUploads(guarded, facade);
    registerJobs(guarded, facade);
    registerOnlineEndpoints(guarded, facade);
    registerOnlineDeployments(guarded, facade);
    registerHistory(guarded, facade);
    registerLogs(guarded, facade);
    for (const prefix of ['', `/mlflow/v1.0${workspaceRoute}`, `/mlflow/v2.0${workspaceRoute}`]) {
      registerMlflow(guarded, prefix, tracking, roots);
    }
  });
  app.addHook('onClose', async () => {
    results.close();
    await blobs.close();
    documents.close();
  });
  try {
    await app.listen({ host: '127.0.0.1', port });
  } catch (thrown) {
    await app.close();
    if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    throw new MalachiteError('Conflict', `Port ${port} is taken. Choose another with --azure-port or MALACHITE_AZURE_PORT.`);
  }
  return { url: origin(), caFile: authority.caFile, identitySecret: tokens.identitySecret, routes, close: () => app.close() };
}

/** Every body of these wires is an object; a call without one says nothing. */
async function mustBeAnObject(request: FastifyRequest): Promise<void> {
  if (request.method === 'GET' || request.method === 'DELETE') return;
  request.body ??= {};
  if (!isObject(request.body)) throw new MalachiteError('InvalidInput', 'The body must be a JSON object.');
}

function newApp(
  { key, cert }: { readonly key: string; readonly cert: string },
  log: FastifyBaseLogger | undefined,
): FastifyInstance {
  const app: FastifyInstance = fastify({
    https: { key, cert },
    ...(log && { loggerInstance: log.child({}, { serializers: { req: loggedRequest } }) }),
    bodyLimit,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    genReqId: () => crypto.randomUUID(),
    // The Python client asks for `azureml:bank@latest` under the name "azureml:bank".
    rewriteUrl: ({ url = '/' }) => url.replace(/\/(data|models|environments|components)\/azureml(?::|%3A)/i, '/$1/'),
    // Ids come back in several cases; names keep the caller's.
    routerOptions: { caseSensitive: false, maxParamLength: 1024, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => sendArmError(error, request, reply),
  }) as unknown as FastifyInstance;
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) =>
    text === '' ? done(null, {}) : parseJson(request, text as string, done),
  );
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-ms-request-id', request.id);
    const client = request.headers['x-ms-client-request-id'];
    if (client !== undefined) reply.header('x-ms-client-request-id', client);
  });
  return app;
}

/** Addresses that carry their own permission are not written down with it. */
function loggedRequest({ method, url, host, ip }: FastifyRequest): object {
  const path = url.replace(/([?&]sig=)[^&]*/, '$1…').replace(/\/~[\w-]+\//, '/~…/');
  return { method, url: path, host, remoteAddress: ip };
}

export { clientVariables } from './identity/client-variables.ts';
