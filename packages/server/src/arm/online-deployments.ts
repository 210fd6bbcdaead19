/** Deployments of managed online endpoints over the deployment port. */
import { isDeepStrictEqual } from 'node:util';
import {
  type CodeConfiguration,
  type Deployment,
  type DeploymentCreate,
  type DeploymentUpdate,
  MalachiteError,
  type Probe,
  parseAssetReference,
  type RequestSettings,
  terminalProvisioningStates,
} from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { missing } from '../missing.ts';
import { filesAt } from '../storage/sources.ts';
import { durationOf, secondsOf } from './durations.ts';
import { type Facade, location } from './facade.ts';
import { page } from './list.ts';
import { idOf, mustBeOfWorkspace, type Scope, withoutPrefix, workspaceRoute } from './paths.ts';
import { field, type JsonObject, numberAt, objectAt, over, resource, textAt } from './resource.ts';

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
    const deployment = existing ? await port.updateDeployment(changesOf(existing, asked)) : await port.createDeployment(asked);
    documents.put(path(params.endpoint, params.name), body);
    // Clients poll the operation, and read the deployment when it has ended.
    if (!terminalProvisioningStates.has(deployment.provisioningState)) {
      reply.header('azure-asyncoperation', operationUrl(origin(), params)).header('retry-after', '1');
    }
    return reply.code(existing ? 200 : 201).send(show(params, deployment));
  });
  app.get<{ Params: { readonly operation: string } }>(`${operationsRoute}/:operation`, async ({ params }, reply) => {
    const [, endpointName = '', name = ''] = params.operation.split(':');
    const { provisioningState, error } = await port.getDeployment({ endpointName, name });
    const isRunning = !terminalProvisioningStates.has(provisioningState);
    if (isRunning) reply.header('retry-after', '1');
    const status = isRunning ? 'InProgress' : provisioningState === 'Succeeded' && error === null ? 'Succeeded' : 'Failed';
    return {
      id: `${operationsRoute}/${params.operation}`,
      name: params.operation,
      status,
      ...(status === 'Failed' && { error: { code: 'UserScriptError', message: error ?? 'The deployment has failed.' } }),
    };
  });
  app.patch<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }) => {
    const capacity = numberAt(objectAt(body, 'sku'), 'capacity');
    const changed = await port.updateDeployment({
      endpointName: params.endpoint,
      name: params.name,
      ...(capacity !== undefined && { instanceCount: capacity }),
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

/** Where the service keeps what became of a long operation. */
const operationsRoute =
  '/subscriptions/:subscriptionId/providers/Microsoft.MachineLearningServices/locations/:location/mfeOperationsStatus';

function operationUrl(origin: string, { subscriptionId, endpoint, name }: Params): string {
  const folder = operationsRoute.replace(':subscriptionId', encodeURIComponent(subscriptionId)).replace(':location', location);
  return `${origin}${folder}/odidp:${encodeURIComponent(endpoint)}:${encodeURIComponent(name)}?api-version=2022-10-01`;
}

/** Only what differs: another model, script or variable starts the instances anew. */
function changesOf(existing: Deployment, { instanceType: _, ...asked }: DeploymentCreate): DeploymentUpdate {
  const differs = <K extends 'model' | 'codeConfiguration' | 'environment' | 'environmentVariables'>(key: K) =>
    asked[key] !== undefined && !isDeepStrictEqual(asked[key], existing[key]) ? { [key]: asked[key] } : {};
  const { model: _model, codeConfiguration: _code, environment: _environment, environmentVariables: _variables, ...rest } = asked;
  return {
    ...rest,
    ...differs('model'),
    ...differs('codeConfiguration'),
    ...differs('environment'),
    ...differs('environmentVariables'),
  };
}

async function deploymentOf(
  facade: Facade,
  key: { readonly endpointName: string; readonly name: string },
  body: JsonObject,
): Promise<DeploymentCreate> {
  const properties = objectAt(body, 'properties');
  const modelId = textAt(properties, 'model');
  mustBeHostable(facade, properties);
  if (!modelId) throw new MalachiteError('NotSupported', '"model" is missing: deployments without one are not emulated.');
  mustBeOfWorkspace(modelId);
  const { name: modelName, version } = parseAssetReference(withoutPrefix(modelId));
  const model = await facade.workspace.models.get({ name: modelName, version });
  const capacity = numberAt(objectAt(body, 'sku'), 'capacity');
  const variables = textsOf(objectAt(properties, 'environmentVariables'));
  const python = variables?.MALACHITE_PYTHON ?? process.env.MALACHITE_PYTHON;
  const code = await codeOf(facade, objectAt(properties, 'codeConfiguration'));
  return {
    ...key,
    model: `azureml:${model.name}:${model.version}`,
    instanceType: textAt(properties, 'instanceType'),
    appInsightsEnabled: field(properties, 'appInsightsEnabled') === true,
    instanceCount: capacity,
    requestSettings: settingsOf(objectAt(properties, 'requestSettings')),
    ...probesOf(properties),
    codeConfiguration: code,
    // Nothing is built of an environment: scripts and MLflow models run in the Python that the deployment, or the server, names.
    environment: python && (code || model.type === 'mlflow_model') ? { python } : undefined,
    environmentVariables: variables && Object.keys(variables).length > 0 ? variables : undefined,
    description: textAt(properties, 'description'),
    tags: objectAt(body, 'tags') as DeploymentCreate['tags'],
  };
}

/** @throws MalachiteError `NotSupported` for other clusters, and for images that bring a server of their own. */
function mustBeHostable({ documents }: Facade, properties: JsonObject | undefined): void {
  const type = textAt(properties, 'endpointComputeType') ?? 'Managed';
  if (type.toLowerCase() !== 'managed')
    throw new MalachiteError('NotSupported', `Deployments of type ${type} are not emulated: leave it Managed.`);
  const [, name, version] = /\/environments\/([^/]+)\/versions\/([^/]+)$/i.exec(textAt(properties, 'environmentId') ?? '') ?? [];
  const environment = name && version ? documents.get(['environments', name, 'versions', version])?.body : undefined;
  const hasServer = objectAt(objectAt(environment, 'properties'), 'inferenceConfig') !== undefined;
  if (hasServer && !objectAt(properties, 'codeConfiguration')) {
    const sentence =
      'brings a server of its own in an image, and no image is run here: give a scoring script, or a model as ONNX or MLflow.';
    throw new MalachiteError('NotSupported', `Environment "${name}:${version}" ${sentence}`);
  }
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
  const wait = textAt(settings, 'maxQueueWait');
  const concurrent = numberAt(settings, 'maxConcurrentRequestsPerInstance');
  return {
    ...(timeout !== undefined && { requestTimeoutMs: Math.round(1000 * secondsOf(timeout)) }),
    ...(wait !== undefined && secondsOf(wait) > 0 && { maxQueueWaitMs: Math.round(1000 * secondsOf(wait)) }),
    ...(concurrent !== undefined && { maxConcurrentRequestsPerInstance: concurrent }),
  };
}

const textsOf = (object: JsonObject | undefined): Record<string, string> | undefined =>
  object && Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value ?? '')]));

/** ARM's probes have ISO durations: `{"period": "PT10S", "failureThreshold": 30}`. */
function probesOf(properties: JsonObject | undefined): Pick<DeploymentCreate, 'livenessProbe' | 'readinessProbe'> {
  const probe = (name: 'livenessProbe' | 'readinessProbe') => {
    const given = objectAt(properties, name);
    if (!given) return {};
    const seconds = (key: string) => {
      const text = textAt(given, key);
      return text === undefined ? {} : { [key]: Math.round(secondsOf(text)) };
    };
    const number = (key: string) => (field(given, key) === undefined ? {} : { [key]: numberAt(given, key) });
    const durations = { ...seconds('initialDelay'), ...seconds('period'), ...seconds('timeout') };
    return { [name]: { ...durations, ...number('successThreshold'), ...number('failureThreshold') } };
  };
  return { ...probe('livenessProbe'), ...probe('readinessProbe') };
}

/** Nothing where there are none: npm's client takes an empty object for Azure's limits, and would send them back. */
function settingsToArm(settings: RequestSettings | undefined): object | undefined {
  if (!settings) return undefined;
  const { requestTimeoutMs, maxQueueWaitMs, maxConcurrentRequestsPerInstance } = settings;
  const duration = (ms: number | undefined) => (ms === undefined ? undefined : durationOf(ms / 1000));
  return { requestTimeout: duration(requestTimeoutMs), maxQueueWait: duration(maxQueueWaitMs), maxConcurrentRequestsPerInstance };
}

function probeToArm(probe: Probe | undefined): object | undefined {
  if (!probe) return undefined;
  const { initialDelay = 10, period = 10, timeout = 2, successThreshold = 1, failureThreshold = 30 } = probe;
  const durations = { initialDelay: durationOf(initialDelay), period: durationOf(period), timeout: durationOf(timeout) };
  return { ...durations, successThreshold, failureThreshold };
}

function toArm(scope: Scope, deployment: Deployment, kept: JsonObject | undefined): JsonObject {
  const { name: modelName, version } = parseAssetReference(deployment.model);
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
        requestSettings: settingsToArm(deployment.requestSettings),
        livenessProbe: probeToArm(deployment.livenessProbe),
        readinessProbe: probeToArm(deployment.readinessProbe),
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
