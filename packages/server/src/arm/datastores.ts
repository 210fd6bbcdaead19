/** Datastores: the workspace's own two, and whatever else a client registers, of which only the words are kept. */
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { artifactAccount, artifactContainer, signArtifacts } from '../storage/artifact-container.ts';
import { containerName } from '../storage/blob-service.ts';
import { signContainer } from '../storage/signature.ts';
import { artifactDatastore, defaultDatastore } from '../storage/uris.ts';
import type { Facade } from './facade.ts';
import { page } from './list.ts';
import { type Scope, workspaceRoute } from './paths.ts';
import { field, type JsonObject, objectAt, resource } from './resource.ts';

type Params = Scope & { readonly name: string };
const route = `${workspaceRoute}/datastores/:name`;

/** Made with the workspace. */
const createdAt = '2026-01-01T00:00:00.000Z';
const longestHours = 24 * 7;

export function registerDatastores(app: FastifyInstance, facade: Facade): void {
  const { documents, blobs, tokens, origin } = facade;

  const own = async (scope: Scope, name: string): Promise<JsonObject | undefined> => {
    const isDefault = name.toLowerCase() === defaultDatastore;
    if (!isDefault && name.toLowerCase() !== artifactDatastore) return undefined;
    const properties = {
      datastoreType: 'AzureBlob',
      isDefault,
      // Rendered anew each time: a datastore must not remember a port.
      accountName: isDefault ? (await blobs.open()).accountName : artifactAccount(origin()),
      containerName: isDefault ? containerName : artifactContainer,
      endpoint: 'storage.malachite',
      protocol: 'https',
      credentials: { credentialsType: 'Sas' },
      serviceDataAccessAuthIdentity: 'None',
      subscriptionId: scope.subscriptionId,
      resourceGroup: scope.resourceGroup,
      tags: {},
      properties: {},
    };
    return resource({ scope, path: ['datastores', name.toLowerCase()], properties, createdAt });
  };
  const registered = (scope: Scope, name: string): JsonObject | undefined => {
    const kept = documents.get(['datastores', name]);
    if (!kept) return undefined;
    const properties = { ...objectAt(kept.body, 'properties'), isDefault: false };
    return resource({
      scope,
      path: ['datastores', name],
      properties,
      createdAt: kept.createdAt,
      lastModifiedAt: kept.modifiedAt,
    });
  };

  app.get<{ Params: Params }>(route, async ({ params }) => {
    const found = (await own(params, params.name)) ?? registered(params, params.name);
    if (!found) throw new MalachiteError('NotFound', `There is no datastore "${params.name}".`);
    return found;
  });
  app.get<{ Params: Scope; Querystring: { isDefault?: string } }>(`${workspaceRoute}/datastores`, async (request) => {
    const { params, query } = request;
    const names = query.isDefault === 'true' ? [defaultDatastore] : [defaultDatastore, artifactDatastore];
    const others = query.isDefault === 'true' ? [] : documents.list(['datastores']).map(({ name }) => registered(params, name));
    const all = [...(await Promise.all(names.map((name) => own(params, name)))), ...others];
    return page(request, origin(), all as JsonObject[]);
  });
  app.put<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }, reply) => {
    if (await own(params, params.name)) throw new MalachiteError('Conflict', `"${params.name}" is the workspace's own.`);
    const existed = documents.get(['datastores', params.name]) !== undefined;
    documents.put(['datastores', params.name], withoutSecrets(body));
    return reply.code(existed ? 200 : 201).send(registered(params, params.name));
  });
  app.delete<{ Params: Params }>(route, async ({ params }, reply) =>
    reply.code(documents.delete(['datastores', params.name]) ? 200 : 204).send(),
  );
  app.post<{ Params: Params; Body: JsonObject }>(`${route}/listSecrets`, async ({ params, body }) => {
    const hours = Math.min(longestHours, Number(field(body, 'expireAfterHours') ?? 1) || 1);
    if (params.name.toLowerCase() === defaultDatastore) {
      return { secretsType: 'Sas', sasToken: await signContainer(await blobs.open(), hours) };
    }
    if (params.name.toLowerCase() === artifactDatastore) return { secretsType: 'Sas', sasToken: signArtifacts(tokens, hours) };
    throw new MalachiteError(
      'NotSupported',
      `Malachite kept the description of datastore "${params.name}" and none of its secrets: it does not read other accounts.`,
    );
  });
}

/** Secrets of other accounts are nobody's business here: they are not written down. */
function withoutSecrets(body: JsonObject): JsonObject {
  const properties = objectAt(body, 'properties') ?? {};
  const { secrets: _, ...credentials } = objectAt(properties, 'credentials') ?? {};
  return { ...body, properties: { ...properties, credentials } };
}
