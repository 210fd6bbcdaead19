/** The deployment port: endpoints in the database, each answered by a scoring host process of its own. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Deployment,
  type DeploymentPort,
  type Endpoint,
  MalachiteError,
  type Model,
  parseAssetReference,
  terminalProvisioningStates,
} from '@malachite/core';
import { hostPool } from '@malachite/scoring/supervision';
import type { Changes } from '../changes.ts';
import { generateKey } from '../jobs/names.ts';
import type { LocalModels } from '../models/local-models.ts';
import type { Context } from '../store/context.ts';
import { makeFolder } from '../store/folders.ts';
import { checkAuthMode, keysOf, tokenOf } from './access.ts';
import { checkTraffic } from './check-traffic.ts';
import { containerLog } from './container-log.ts';
import { type EndpointHost, openEndpointHost } from './endpoint-host.ts';
import {
  type DeploymentRecord,
  deploymentTopic,
  type EndpointRecord,
  openEndpointRecords,
  type Scripting,
} from './endpoint-records.ts';
import { freePort } from './free-port.ts';
import { foldersOf, needsPython, unfoldScript } from './hosted-deployment.ts';
import { invokeEndpoint } from './invoke.ts';
import { checkMirrorTraffic } from './mirror-traffic.ts';
import type { TrafficListener } from './traffic-listener.ts';
import { sweepFolders } from './unfolded.ts';

export type LocalDeployment = DeploymentPort & {
  /** Settles when every endpoint that the home had when it was opened answers, or cannot be started. */
  readonly restored: Promise<void>;
  /** Ends the hosts; endpoints come back when the home is opened again. */
  close(): Promise<void>;
};

/** Starts, in the background, the host of every endpoint in the home. */
export function localDeployment(
  context: Context,
  changes: Changes,
  models: LocalModels,
  traffic: TrafficListener,
): LocalDeployment {
  const records = openEndpointRecords(context, changes);
  const hosts = new Map<string, EndpointHost>();
  const logs = join(context.home.logsFolder, 'endpoints');
  makeFolder(logs);
  const output = openSync(join(logs, 'hosts.log'), 'a');
  const pool = hostPool({ output });
  const logOf = (endpoint: string, deployment: string) => containerLog(join(logs, endpoint, `${deployment}.log`));

  const start = (name: string): EndpointHost => {
    const host = openEndpointHost({
      context,
      records,
      models,
      name,
      hosts: pool,
      logOf: (deployment) => logOf(name, deployment),
      traffic,
    });
    hosts.set(name, host);
    return host;
  };
  const hostOf = (name: string): EndpointHost => hosts.get(records.get(name).name) as EndpointHost;

  const toEndpoint = ({ keys: _, process: __, port, ...endpoint }: EndpointRecord): Endpoint => {
    const url = `http://127.0.0.1:${port}`;
    return {
      ...endpoint,
      provisioningState: stateOf(hosts.get(endpoint.name)),
      scoringUri: `${url}/score`,
      openapiUri: `${url}/swagger.json`,
      docsUri: `${url}/docs`,
    };
  };

  /** Puts the model into the host; how that went becomes the state of the deployment. */
  const settleInBackground = (endpoint: string, name: string): void => {
    const settled = (error: MalachiteError | null): void => {
      // A workspace that closes leaves the deployment to the next one that opens the home.
      if (error?.code === 'Canceled') return;
      records.settle(endpoint, name, error?.message ?? null);
      if (error) logOf(endpoint, name).append([`The deployment failed: ${error.message}`]);
    };
    hostOf(endpoint)
      .put(name, settled)
      .catch((error) =>
        context.log.error({ endpoint, deployment: name, err: error }, 'How a deployment went could not be recorded'),
      );
  };

  /** The version that a deployment names, if it may be served. */
  const deployable = async (reference: string, isScripted: boolean): Promise<Model> => {
    const model = await models.get(parseAssetReference(reference));
    const named = `Model "${model.name}:${model.version}"`;
    if (isScripted) return model;
    if (models.servedFile(model) === null) {
      if (needsPython(model)) return model;
      const files = model.files.map(({ path }) => path).join(', ');
      throw new MalachiteError(
        'InvalidInput',
        `${named} has no ONNX file, which is what an endpoint serves without a scoring script. Files: ${files}.`,
      );
    }
    if (model.parity && !model.parity.withinTolerance) {
      const { maxDifference, tolerance, labelFlips } = model.parity;
      throw new MalachiteError(
        'InvalidInput',
        `${named} does not answer in ONNX Runtime as it did in training: difference ${maxDifference}, tolerance ${tolerance}, ${labelFlips} labels flipped. It is not deployed.`,
      );
    }
    return model;
  };

  /** What an update is to put in place: all that the deployment is to be made of, changed or not. */
  const nextOf = async (before: DeploymentRecord, reference: string | undefined, change: Scripting) => {
    const scripting: Scripting = {
      codeConfiguration: change.codeConfiguration ?? before.codeConfiguration,
      environment: change.environment ?? before.environment,
      environmentVariables: change.environmentVariables ?? before.environmentVariables,
    };
    const isScripted = scripting.codeConfiguration !== undefined;
    const model = await deployable(reference ?? before.model, isScripted);
    const isFolder = isScripted || models.servedFile(model) === null;
    const codeConfiguration = isFolder ? await unfoldScript(context, model, scripting) : undefined;
    return { nextModel: `azureml:${model.name}:${model.version}`, nextScripting: { ...scripting, codeConfiguration } };
  };

  const all = records.list().flatMap(({ name }) => records.deployments(name));
  const read = new Set(all.flatMap((deployment) => foldersOf(context, models, deployment)));
  sweepFolders(context, (folder) => read.has(folder));

  const restoring: Promise<void>[] = [];
  for (const { name } of records.list()) {
    restoring.push(start(name).ready());
    for (const deployment of records.deployments(name)) {
      if (!terminalProvisioningStates.has(deployment.provisioningState)) settleInBackground(name, deployment.name);
    }
  }

  const restored = Promise.allSettled(restoring).then(() => undefined);

  return {
    restored,
    async createEndpoint({ name, authMode = 'key', ...fields }) {
      checkAuthMode(authMode);
      refuseTaken(records.has(name), name);
      const port = await freePort();
      refuseTaken(records.has(name), name);
      const keys = { primaryKey: generateKey(), secondaryKey: generateKey() };
      records.insert({ name, authMode, ...fields, keys, port });
      await start(name).ready();
      return toEndpoint(records.get(name));
    },
    async getEndpoint({ name }) {
      return toEndpoint(records.get(name));
    },
    async listEndpoints() {
      return records.list().map(toEndpoint);
    },
    async updateEndpoint({ name, traffic, mirrorTraffic, description, tags }) {
      const host = hostOf(name);
      const deployments = records.deployments(name);
      if (traffic) checkTraffic(name, traffic, deployments);
      const after = { ...records.get(name), ...(traffic && { traffic }), ...(mirrorTraffic && { mirrorTraffic }) };
      const names = deployments.map((deployment) => deployment.name);
      if (traffic || mirrorTraffic) checkMirrorTraffic(after.mirrorTraffic, after.traffic, names);
      records.update(name, { traffic, mirrorTraffic, description, tags });
      if (traffic || mirrorTraffic) await host.apply();
      return toEndpoint(records.get(name));
    },
    async deleteEndpoint({ name }) {
      const host = hostOf(name);
      records.delete(name);
      hosts.delete(name);
      await host.close();
      rmSync(join(logs, name), { recursive: true, force: true });
    },
    async keys({ name }) {
      return keysOf(records.get(name));
    },
    async token({ name }) {
      return tokenOf(records.get(name), context.clock());
    },
    async regenerateKey({ name, keyType }) {
      const host = hostOf(name);
      keysOf(records.get(name));
      records.setKey(name, keyType, generateKey());
      await host.apply();
      return keysOf(records.get(name));
    },
    async createDeployment({ endpointName, name, model: reference, instanceType, appInsightsEnabled, instanceCount, ...fields }) {
      records.get(endpointName);
      const isScripted = fields.codeConfiguration !== undefined;
      const model = await deployable(reference, isScripted);
      const isFolder = isScripted || models.servedFile(model) === null;
      const codeConfiguration = isFolder ? await unfoldScript(context, model, fields) : undefined;
      records.insertDeployment({
        endpointName,
        name,
        model: `azureml:${model.name}:${model.version}`,
        instanceType: instanceType ?? 'Standard_DS3_v2',
        appInsightsEnabled: appInsightsEnabled ?? false,
        instanceCount: instanceCount ?? 1,
        ...fields,
        codeConfiguration,
      });
      settleInBackground(endpointName, name);
      return toDeployment(records.deployment(endpointName, name));
    },
    async getDeployment({ endpointName, name }) {
      return toDeployment(records.deployment(endpointName, name));
    },
    async listDeployments({ name }) {
      return records.deployments(name).map(toDeployment);
    },
    async updateDeployment({ endpointName, name, model: reference, ...input }) {
      const { codeConfiguration, environment, environmentVariables, ...change } = input;
      const before = records.deployment(endpointName, name);
      const hasNext = [reference, codeConfiguration, environment, environmentVariables].some((next) => next !== undefined);
      const next = hasNext ? await nextOf(before, reference, { codeConfiguration, environment, environmentVariables }) : {};
      if (hasNext && !terminalProvisioningStates.has(records.deployment(endpointName, name).provisioningState)) {
        throw new MalachiteError('Conflict', `Deployment "${name}" is ${before.provisioningState}; wait until it has settled.`);
      }
      records.updateDeployment(endpointName, name, { ...change, ...next });
      if (hasNext) settleInBackground(endpointName, name);
      else await hostOf(endpointName).apply();
      return toDeployment(records.deployment(endpointName, name));
    },
    async deleteDeployment({ endpointName, name }) {
      records.deployment(endpointName, name);
      const endpoint = records.get(endpointName);
      const { [name]: share = 0, ...traffic } = endpoint.traffic;
      const { [name]: _, ...mirrorTraffic } = endpoint.mirrorTraffic;
      if (share > 0) {
        throw new MalachiteError('Conflict', `Deployment "${name}" has ${share} % of the traffic. Give it 0 first.`);
      }
      context.db.transaction(() => {
        records.update(endpointName, { traffic, mirrorTraffic });
        records.deleteDeployment(endpointName, name);
      });
      await hostOf(endpointName).apply();
    },
    async *watchDeployment({ endpointName, name }) {
      const current = (): Deployment => toDeployment(records.deployment(endpointName, name));
      yield* changes.follow(
        deploymentTopic(endpointName, name),
        () => [current()],
        () => terminalProvisioningStates.has(current().provisioningState),
      );
    },
    async logs({ endpointName, name, lines = 100 }) {
      records.deployment(endpointName, name);
      return { lines: logOf(endpointName, name).tail(lines) };
    },
    async invoke({ name, deploymentName, body, contentType = 'application/json' }) {
      await hostOf(name).ready();
      const endpoint = records.get(name);
      const key = endpoint.authMode === 'aml_token' ? tokenOf(endpoint, context.clock()).accessToken : endpoint.keys.primaryKey;
      return invokeEndpoint({ scoringUri: toEndpoint(endpoint).scoringUri, key, deploymentName, body, contentType });
    },
    async close() {
      await Promise.all([...hosts.values()].map((host) => host.close()));
      await pool.close();
      closeSync(output);
    },
  };
}

function stateOf(host: EndpointHost | undefined): Endpoint['provisioningState'] {
  if (host?.fault() !== undefined) return 'Failed';
  return host?.isServing() ? 'Succeeded' : 'Updating';
}

function refuseTaken(isTaken: boolean, name: string): void {
  if (isTaken)
    throw new MalachiteError(
      'Conflict',
      `Endpoint "${name}" exists already (names are compared without case). Choose another name.`,
    );
}

function toDeployment({ servedModel: _, servedScripting: __, ...deployment }: DeploymentRecord): Deployment {
  return deployment;
}
