/** Deployments of managed online endpoints over the deployment port. */
import {
  type CodeConfiguration,
  type Deployment,
  type DeploymentCreate,
  MalachiteError,
  parseAssetReference,
  type RequestSettings,
} from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { filesAt } from '../storage/sources.ts';
import { durationOf, secondsOf } from './durations.ts';
import { type Facade, location } from './facade.ts';
import { page } from './list.ts';
import { missing } from './online-endpoints.ts';
import { idOf, type Scope, workspaceRoute } from './paths.ts';
import { field, type JsonObject, objectAt, over, resource, textAt } from './resource.ts';

type Params = Scope & { readonly endpoint: string; readonly name: string };
const collection = `${workspaceRoute}/onlineEndpoints/:endpoint/deployments`;
const route = `${collection}/:name`;

export function registerOnlineDeployments(app: FastifyInstance, facade: Facade): void {
  const { workspace, documents, origin } = facade;
  const port = workspace.deployment;
  const path = (endpoint: string, name: string) => ['onlineEndpoints', endpoint, 'deployments', name];
  const show = (scope: Scope, deployment: Deployment): JsonObject =>
    toArm(scope, deployment, documents.get(path(deployment.endpointName, deployment.name))?.body);

  app.put<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }, reply) => {
    const key = { endpointName: params.endpoint, name: params.name };
    const existing = await port.getDeployment(key).catch(missing);
    const asked = await deploymentOf(facade, key, body);
    const { endpointName, name, model, appInsightsEnabled, instanceCount, requestSettings, description, tags } = asked;
    const changes = { endpointName, name, model, appInsightsEnabled, instanceCount, requestSettings, description, tags };
    const deployment = existing ? await port.updateDeployment(changes) : await port.createDeployment(asked);
    documents.put(path(params.endpoint, params.name), body);
    // Clients poll the resource while it says Creating or Updating.
    return reply
      .code(existing ? 200 : 201)
      .header('retry-after', '1')
      .send(show(params, deployment));
  });
  app.patch<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }) => {
    const capacity = field(objectAt(body, 'sku'), 'capacity');
    const changed = await port.updateDeployment({
      endpointName: params.endpoint,
      name: params.name,
      ...(typeof capacity === 'number' && { instanceCount: capacity }),
      ...(objectAt(body, 'tags') && { tags: objectAt(body, 'tags') as Record<string, string> }),
    });
    return show(params, changed);
  });
  app.get<{ Params: Params }>(route, async ({ params }, reply) => {
    const deployment = await port.getDeployment({ endpointName: params.endpoint, name: params.name });
    return reply.header('retry-after', '1').send(show(params, deployment));
  });
  app.get<{ Params: Omit<Params, 'name'> }>(collection, async (request) => {
    const deployments = await port.listDeployments({ name: request.params.endpoint });
    return page(
      request,
      origin(),
      deployments.map((deployment) => show(request.params, deployment)),
    );
  });
  app.delete<{ Params: Params }>(route, async ({ params }, reply) => {
    const key = { endpointName: params.endpoint, name: params.name };
    if (!(await port.getDeployment(key).catch(missing))) return reply.code(204).send();
    await port.deleteDeployment(key);
    documents.delete(path(params.endpoint, params.name));
    return reply.code(200).send();
  });
  app.post<{ Params: Params; Body: JsonObject }>(`${route}/getLogs`, async ({ params, body }) => {
    const tail = field(body, 'tail');
    const lines = typeof tail === 'number' ? Math.min(10_000, Math.max(1, tail)) : undefined;
    const logs = await port.logs({ endpointName: params.endpoint, name: params.name, ...(lines && { lines }) });
    return { content: `${logs.lines.join('\n')}\n` };
  });
  app.get<{ Params: Params }>(`${route}/skus`, async () => ({
    value: [
      {
        resourceType: 'Microsoft.MachineLearning.Services/endpoints/deployments',
        sku: { name: 'Default' },
        capacity: { minimum: 1, maximum: 64, default: 1, scaleType: 'Manual' },
      },
    ],
  }));
}

async function deploymentOf(
  facade: Facade,
  key: { readonly endpointName: string; readonly name: string },
  body: JsonObject,
): Promise<DeploymentCreate> {
  const properties = objectAt(body, 'properties');
  const modelId = textAt(properties, 'model');
  if (!modelId)
    throw new MalachiteError(
      'InvalidInput',
      '"model" is missing: name a registered model. Deployments without one are not emulated.',
    );
  const { name: modelName, version } = parseAssetReference(modelId);
  const model = await facade.workspace.models.get({ name: modelName, version });
  const capacity = field(objectAt(body, 'sku'), 'capacity');
  const variables = objectAt(properties, 'environmentVariables');
  const code = await codeOf(facade, objectAt(properties, 'codeConfiguration'));
  return {
    ...key,
    model: `azureml:${model.name}:${model.version}`,
    instanceType: textAt(properties, 'instanceType'),
    appInsightsEnabled: field(properties, 'appInsightsEnabled') === true,
    instanceCount: typeof capacity === 'number' ? capacity : undefined,
    requestSettings: settingsOf(objectAt(properties, 'requestSettings')),
    codeConfiguration: code,
    environmentVariables: variables && Object.keys(variables).length > 0 ? (variables as Record<string, string>) : undefined,
    description: textAt(properties, 'description'),
    tags: objectAt(body, 'tags') as DeploymentCreate['tags'],
  };
}

/** The files that were registered as code, and the script among them. */
async function codeOf(facade: Facade, configuration: JsonObject | undefined): Promise<CodeConfiguration | undefined> {
  const codeId = textAt(configuration, 'codeId');
  if (!codeId) return undefined;
  const [, name, version] = /\/codes\/([^/]+)\/versions\/([^/]+)$/i.exec(codeId) ?? [];
  const kept = name && version ? facade.documents.get(['codes', name, 'versions', version]) : undefined;
  const uri = textAt(objectAt(kept?.body, 'properties'), 'codeUri');
  if (!uri) throw new MalachiteError('InvalidInput', `"codeId" names no code that was uploaded: ${codeId}.`);
  return { scoringScript: textAt(configuration, 'scoringScript') ?? 'score.py', files: await filesAt(facade, uri) };
}

function settingsOf(settings: JsonObject | undefined): RequestSettings | undefined {
  if (!settings) return undefined;
  const timeout = textAt(settings, 'requestTimeout');
  const concurrent = field(settings, 'maxConcurrentRequestsPerInstance');
  return {
    ...(timeout !== undefined && { requestTimeoutMs: Math.round(1000 * secondsOf(timeout)) }),
    ...(typeof concurrent === 'number' && { maxConcurrentRequestsPerInstance: concurrent }),
  };
}

function toArm(scope: Scope, deployment: Deployment, kept: JsonObject | undefined): JsonObject {
  const { name: modelName, version } = parseAssetReference(deployment.model);
  const { requestTimeoutMs, maxConcurrentRequestsPerInstance } = deployment.requestSettings ?? {};
  return resource({
    scope,
    path: ['onlineEndpoints', deployment.endpointName, 'deployments', deployment.name],
    properties: over(
      {
        endpointComputeType: 'Managed',
        properties: {},
        egressPublicNetworkAccess: 'Enabled',
        // The present client fails over a deployment without.
        scaleSettings: { scaleType: 'Default' },
        ...objectAt(kept, 'properties'),
      },
      {
        model: idOf(scope, 'models', modelName, 'versions', version ?? '1'),
        instanceType: deployment.instanceType,
        appInsightsEnabled: deployment.appInsightsEnabled,
        description: deployment.description,
        requestSettings: {
          requestTimeout: requestTimeoutMs === undefined ? undefined : durationOf(requestTimeoutMs / 1000),
          maxConcurrentRequestsPerInstance,
        },
        provisioningState: deployment.provisioningState,
        ...(deployment.error && { provisioningError: deployment.error }),
      },
    ),
    tags: deployment.tags ?? {},
    location,
    kind: 'Managed',
    sku: { name: 'Default', capacity: deployment.instanceCount },
    createdAt: deployment.createdAt,
  });
}
