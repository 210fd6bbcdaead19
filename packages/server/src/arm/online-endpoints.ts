/** Managed online endpoints and their keys over the deployment port. */
import { type Endpoint, MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { missing } from '../missing.ts';
import { type Facade, location } from './facade.ts';
import { page } from './list.ts';
import { type Scope, workspaceRoute } from './paths.ts';
import { type JsonObject, objectAt, over, resource, textAt } from './resource.ts';

type Params = Scope & { readonly name: string };
const route = `${workspaceRoute}/onlineEndpoints/:name`;

export function registerOnlineEndpoints(app: FastifyInstance, { workspace: { deployment }, documents, origin }: Facade): void {
  const show = (scope: Scope, endpoint: Endpoint): JsonObject =>
    toArm(scope, endpoint, documents.get(['onlineEndpoints', endpoint.name])?.body);
  const change = async (name: string, body: JsonObject): Promise<Endpoint> => {
    const properties = objectAt(body, 'properties');
    return deployment.updateEndpoint({
      name,
      ...defined('traffic', percents(properties, 'traffic')),
      ...defined('mirrorTraffic', percents(properties, 'mirrorTraffic')),
      ...defined('description', textAt(properties, 'description')),
      ...defined('tags', objectAt(body, 'tags') as Endpoint['tags']),
    });
  };

  app.put<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }, reply) => {
    const existing = await deployment.getEndpoint({ name: params.name }).catch(missing);
    if (existing) {
      const changed = await change(existing.name, body);
      documents.put(['onlineEndpoints', existing.name], body);
      return show(params, changed);
    }
    const properties = objectAt(body, 'properties');
    if (textAt(properties, 'compute')) {
      throw new MalachiteError(
        'NotSupported',
        `Endpoint "${params.name}" is for a cluster of Kubernetes; managed ones are emulated.`,
      );
    }
    const created = await deployment.createEndpoint({
      name: params.name,
      authMode: authModeOf(textAt(properties, 'authMode')),
      ...defined('description', textAt(properties, 'description')),
      ...defined('tags', objectAt(body, 'tags') as Endpoint['tags']),
    });
    documents.put(['onlineEndpoints', created.name], body);
    return reply.code(201).send(show(params, created));
  });
  app.patch<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }) =>
    show(params, await change(params.name, body)),
  );
  app.get<{ Params: Params }>(route, async ({ params }) => show(params, await deployment.getEndpoint({ name: params.name })));
  app.get<{ Params: Scope }>(`${workspaceRoute}/onlineEndpoints`, async (request) => {
    const endpoints = await deployment.listEndpoints({});
    return page(
      request,
      origin(),
      endpoints.map((endpoint) => show(request.params, endpoint)),
    );
  });
  app.delete<{ Params: Params }>(route, async ({ params }, reply) => {
    const existing = await deployment.getEndpoint({ name: params.name }).catch(missing);
    if (!existing) return reply.code(204).send();
    await deployment.deleteEndpoint({ name: existing.name });
    documents.delete(['onlineEndpoints', existing.name]);
    return reply.code(200).send();
  });
  app.post<{ Params: Params }>(`${route}/listKeys`, async ({ params }) => deployment.keys({ name: params.name }));
  app.post<{ Params: Params }>(`${route}/token`, async ({ params }) => deployment.token({ name: params.name }));
  // The client sends the present key as the value: a fresh one is made whatever it sends.
  app.post<{ Params: Params; Body: JsonObject }>(`${route}/regenerateKeys`, async ({ params, body }) => {
    const keyType = textAt(body, 'keyType')?.toLowerCase();
    if (keyType !== 'primary' && keyType !== 'secondary') {
      throw new MalachiteError('InvalidInput', '"keyType" must be Primary or Secondary.');
    }
    return deployment.regenerateKey({ name: params.name, keyType });
  });
}

function toArm(scope: Scope, endpoint: Endpoint, kept: JsonObject | undefined): JsonObject {
  return resource({
    scope,
    path: ['onlineEndpoints', endpoint.name],
    properties: over(
      { properties: {}, publicNetworkAccess: 'Enabled', ...objectAt(kept, 'properties'), traffic: {}, mirrorTraffic: {} },
      {
        authMode: authModes[endpoint.authMode],
        description: endpoint.description,
        traffic: endpoint.traffic,
        mirrorTraffic: endpoint.mirrorTraffic,
        provisioningState: endpoint.provisioningState,
        scoringUri: endpoint.scoringUri,
        swaggerUri: endpoint.openapiUri,
      },
    ),
    tags: endpoint.tags ?? {},
    location,
    kind: 'Managed',
    identity: (objectAt(kept, 'identity') as object | undefined) ?? { type: 'SystemAssigned' },
    createdAt: endpoint.createdAt,
  });
}

const authModes = { key: 'Key', aml_token: 'AMLToken', aad_token: 'AADToken', none: 'Key' } as const;

function authModeOf(text = 'Key'): Endpoint['authMode'] {
  const wanted = text.replace('_', '').toLowerCase();
  const found = (['key', 'aml_token', 'aad_token'] as const).find((mode) => authModes[mode].toLowerCase() === wanted);
  if (!found) throw new MalachiteError('InvalidInput', `"authMode" is ${text}; it can be Key or AMLToken.`);
  return found;
}

function percents(properties: JsonObject | undefined, name: string): Record<string, number> | undefined {
  const traffic = objectAt(properties, name);
  if (!traffic) return undefined;
  for (const [deployment, percent] of Object.entries(traffic)) {
    if (typeof percent !== 'number') throw new MalachiteError('InvalidInput', `"${name}.${deployment}" must be a percentage.`);
  }
  return traffic as Record<string, number>;
}

const defined = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };
