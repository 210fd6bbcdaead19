/** Deployments of managed online endpoints. */
import type { OnlineDeployment, OnlineDeploymentProperties } from '@azure/arm-machinelearning';
import {
  type Deployment,
  type DeploymentCreate,
  type DeploymentInput,
  type DeploymentPort,
  type DeploymentUpdate,
  MalachiteError,
  type Models,
  parseAssetReference,
  terminalProvisioningStates,
} from '@malachite/core';
import { type Code, codeOf, uploadCode } from './code.ts';
import { type Connection, idOf } from './connection.ts';
import { azureEndpoints } from './endpoints.ts';
import { scoringEnvironment } from './environment.ts';
import { asked, missing } from './errors.ts';
import { createdAtOf, defined, durationOf, fieldsOf, secondsOf } from './forms.ts';
import { waited, waiting } from './polling.ts';
import type { Storage } from './storage.ts';

export function azureDeployment(connection: Connection, storage: Storage, models: Models): DeploymentPort {
  const { client, resourceGroup: group, workspaceName: workspace, signal } = connection;
  const operations = client.onlineDeployments;
  const endpoints = azureEndpoints(connection);
  /** Why a deployment failed is said to the one who waits for it, and kept nowhere on Azure. */
  const failures = new Map<string, string>();

  const show = async (endpointName: string, found: OnlineDeployment): Promise<Deployment> =>
    toCore(
      endpointName,
      found,
      await codeOf(storage, found.properties.codeConfiguration),
      failures.get(`${endpointName}/${found.name}`),
    );
  const look = async ({ endpointName, name }: DeploymentInput): Promise<OnlineDeployment> => {
    const doing = `Deployment "${name}" of endpoint "${endpointName}"`;
    const found = await asked(doing, () => operations.get(group, workspace, endpointName, name)).catch(missing);
    if (!found) throw new MalachiteError('NotFound', `Endpoint "${endpointName}" has no deployment "${name}".`);
    return found;
  };
  const find = async (input: DeploymentInput): Promise<Deployment> => show(input.endpointName, await look(input));
  const modelId = async (reference: string): Promise<string> => {
    const { name, version } = await models.get(parseAssetReference(reference));
    return idOf(connection, 'models', name, 'versions', version);
  };
  /** Answers when Azure has taken it; what comes of it is seen by looking. */
  const put = async ({ endpointName, name }: DeploymentInput, body: OnlineDeployment): Promise<Deployment> => {
    const key = `${endpointName}/${name}`;
    const doing = `Deploying "${name}" to endpoint "${endpointName}"`;
    failures.delete(key);
    const poller = await asked(doing, () =>
      operations.beginCreateOrUpdate(group, workspace, endpointName, name, body, { updateIntervalInMs: 5000 }),
    );
    waited(doing, signal, (abortSignal) => poller.pollUntilDone({ abortSignal })).catch((error: MalachiteError) => {
      failures.set(key, error.message);
    });
    return find({ endpointName, name });
  };

  return {
    ...endpoints,
    async createDeployment(input) {
      await endpoints.getEndpoint({ name: input.endpointName });
      if (await find(input).catch(missing)) {
        throw new MalachiteError('Conflict', `Endpoint "${input.endpointName}" has a deployment "${input.name}" already.`);
      }
      const { location = '' } = await connection.workspace();
      return put(
        input,
        await toAzure(connection, storage, { location, properties: { endpointComputeType: 'Managed' } }, input, modelId),
      );
    },
    getDeployment: find,
    async listDeployments({ name }) {
      await endpoints.getEndpoint({ name });
      const found = await asked(`The deployments of "${name}"`, () => Array.fromAsync(operations.list(group, workspace, name)));
      return Promise.all(found.map((each) => show(name, each)));
    },
    async updateDeployment(input) {
      return put(input, await toAzure(connection, storage, await look(input), input, modelId));
    },
    async deleteDeployment(input) {
      await look(input);
      await waited(`Deleting deployment "${input.name}"`, signal, (abortSignal) =>
        operations.beginDeleteAndWait(group, workspace, input.endpointName, input.name, { abortSignal }),
      );
    },
    async *watchDeployment(input) {
      const wait = waiting(signal);
      let last: string | undefined;
      for (;;) {
        const deployment = await find(input);
        if (JSON.stringify(deployment) !== last) {
          last = JSON.stringify(deployment);
          yield deployment;
        }
        if (terminalProvisioningStates.has(deployment.provisioningState)) return;
        await wait.next();
      }
    },
    async logs({ endpointName, name, lines = 100 }) {
      await look({ endpointName, name });
      const { content = '' } = await asked(`The log of deployment "${name}"`, () =>
        operations.getLogs(group, workspace, endpointName, name, { tail: lines }),
      );
      return { lines: content.trimEnd().split('\n').slice(-lines) };
    },
  };
}

/** The whole resource: ARM's PUT replaces it, so what is not asked for anew stays as it was. */
async function toAzure(
  connection: Connection,
  storage: Storage,
  before: Pick<OnlineDeployment, 'location' | 'tags' | 'sku' | 'properties'>,
  input: DeploymentCreate | DeploymentUpdate,
  modelId: (reference: string) => Promise<string>,
): Promise<OnlineDeployment> {
  const { provisioningState: _, ...was } = before.properties as OnlineDeploymentProperties;
  if (input.environment) {
    throw new MalachiteError(
      'NotSupported',
      'environment.python names an interpreter of this machine; Azure runs none of those.',
    );
  }
  const { requestTimeoutMs, maxQueueWaitMs, maxConcurrentRequestsPerInstance } = input.requestSettings ?? {};
  const ms = (time: number | undefined) => (time === undefined ? undefined : durationOf(time / 1000));
  const probe = (given: Deployment['livenessProbe']) =>
    given &&
    defined({
      initialDelay: seconds(given.initialDelay),
      period: seconds(given.period),
      timeout: seconds(given.timeout),
      successThreshold: given.successThreshold,
      failureThreshold: given.failureThreshold,
    });
  return {
    location: before.location,
    tags: input.tags ?? before.tags ?? {},
    sku: { name: before.sku?.name ?? 'Default', capacity: input.instanceCount ?? before.sku?.capacity ?? 1 },
    properties: {
      ...was,
      ...defined({
        model: input.model === undefined ? undefined : await modelId(input.model),
        instanceType: ('instanceType' in input ? input.instanceType : undefined) ?? was.instanceType ?? 'Standard_DS3_v2',
        appInsightsEnabled: input.appInsightsEnabled,
        description: input.description,
        environmentVariables: input.environmentVariables,
        properties: 'properties' in input ? input.properties : undefined,
        codeConfiguration: input.codeConfiguration && (await uploadCode(connection, storage, input.codeConfiguration)),
        environmentId: input.codeConfiguration && (await scoringEnvironment(connection, storage, input.codeConfiguration)),
        requestSettings:
          input.requestSettings &&
          defined({ requestTimeout: ms(requestTimeoutMs), maxQueueWait: ms(maxQueueWaitMs), maxConcurrentRequestsPerInstance }),
        livenessProbe: probe(input.livenessProbe),
        readinessProbe: probe(input.readinessProbe),
      }),
      scaleSettings: { scaleType: 'Default' },
    } as OnlineDeploymentProperties,
  };
}

/** Of others, a model may be named by an address that is no registered version's. */
function referenceOf(text: string): string {
  if (!/\/models\/[^/]+\/versions\/[^/]+$/i.test(text)) return text;
  const { name, version } = parseAssetReference(text);
  return version === undefined ? `azureml:${name}` : `azureml:${name}:${version}`;
}

const seconds = (given: number | undefined) => (given === undefined ? undefined : durationOf(given));

function toCore(
  endpointName: string,
  { name = '', tags, sku, properties, systemData }: OnlineDeployment,
  codeConfiguration: Code | undefined,
  failure: string | undefined,
): Deployment {
  const { description, requestSettings, livenessProbe, readinessProbe, environmentVariables, ...rest } =
    properties as OnlineDeploymentProperties & { readonly provisioningError?: string };
  const state = (rest.provisioningState ?? 'Creating') as Deployment['provisioningState'] | 'Scaling';
  const variables = Object.fromEntries(Object.entries(environmentVariables ?? {}).map(([key, value]) => [key, value ?? '']));
  return defined({
    endpointName,
    name,
    model: referenceOf(rest.model ?? 'unknown'),
    instanceType: rest.instanceType ?? 'Standard_DS3_v2',
    appInsightsEnabled: rest.appInsightsEnabled === true,
    instanceCount: sku?.capacity ?? 1,
    requestSettings: requestSettings && settingsOf(requestSettings),
    livenessProbe: livenessProbe && probeOf(livenessProbe),
    readinessProbe: readinessProbe && probeOf(readinessProbe),
    codeConfiguration,
    environmentVariables: Object.keys(variables).length > 0 ? variables : undefined,
    ...fieldsOf({ description, tags, properties: rest.properties }),
    provisioningState: state === 'Scaling' ? ('Updating' as const) : state,
    error: state === 'Failed' ? (rest.provisioningError ?? failure ?? 'The deployment failed; its log says why.') : null,
    createdAt: createdAtOf(systemData),
  });
}

function settingsOf(settings: NonNullable<OnlineDeploymentProperties['requestSettings']>): Deployment['requestSettings'] {
  const ms = (duration: string | undefined) => {
    const length = secondsOf(duration);
    return length === undefined ? undefined : Math.round(1000 * length);
  };
  const told = defined({
    requestTimeoutMs: ms(settings.requestTimeout),
    maxConcurrentRequestsPerInstance: settings.maxConcurrentRequestsPerInstance,
    maxQueueWaitMs: ms(settings.maxQueueWait),
  });
  return Object.keys(told).length > 0 ? told : undefined;
}

function probeOf(probe: NonNullable<OnlineDeploymentProperties['livenessProbe']>): Deployment['livenessProbe'] {
  return defined({
    initialDelay: secondsOf(probe.initialDelay),
    period: secondsOf(probe.period),
    timeout: secondsOf(probe.timeout),
    successThreshold: probe.successThreshold,
    failureThreshold: probe.failureThreshold,
  });
}
