/** A workspace of Azure Machine Learning behind core's ports. */
import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { checkedPorts, type Ports, type Supports, type Workspace } from '@malachite/core';
import { azureCompute } from './compute.ts';
import type { AzureConfig } from './config.ts';
import { connect } from './connection.ts';
import { azureDatasets } from './datasets.ts';
import { azureDatastore } from './datastore.ts';
import { azureDeployment } from './deployment.ts';
import { azureModels } from './models.ts';
import { azurePipelines } from './pipelines/pipelines.ts';
import { azureRuns } from './runs.ts';
import { openStorage } from './storage.ts';
import { azureTelemetry } from './telemetry.ts';
import { azureTraining } from './training.ts';

export type AzureWorkspaceOptions = {
  readonly config: AzureConfig;
  /** Default: `DefaultAzureCredential` of `@azure/identity`: environment, managed identity, "az login" and so on. */
  readonly credential?: TokenCredential;
  /** How requests to Resource Manager and the data plane are sent; default: over Node's own connections. */
  readonly httpClient?: HttpClient;
};

/**
 * Azure knows data assets by their address and models by their folder, keeps no events of a job, proves no export, and
 * asks every caller of an endpoint who he is. Keys of published pipelines, and schedules that watch data, are of its v1.
 */
export const azureSupports: Supports = {
  schema: false,
  profile: false,
  query: false,
  automl: true,
  events: false,
  proof: false,
  explanation: true,
  signature: true,
  inspection: false,
  anonymous: false,
  pipelines: true,
  pipelineKeys: false,
  dataTriggers: false,
  telemetry: true,
};

/**
 * Opens a workspace that exists. Nothing is made on Azure until a port is asked for it; jobs and endpoints go on after
 * `close()`, and cost money.
 *
 *     const workspace = await openAzureWorkspace({ config: azureConfig(process.env) });
 *
 * @throws MalachiteError `Unauthorized` without a token, `NotFound` when there is no such workspace, `Unavailable` when
 *   Azure cannot be reached.
 */
export async function openAzureWorkspace({ config, credential, httpClient }: AzureWorkspaceOptions): Promise<Workspace> {
  const closing = new AbortController();
  const connection = connect(config, credential ?? (await defaultCredential()), closing.signal, httpClient);
  await connection.workspace();
  const storage = openStorage(connection);
  const runs = azureRuns(connection, storage);
  const datasets = azureDatasets(connection, storage);
  const compute = azureCompute(connection);
  const models = azureModels(connection, storage, runs);
  const ports: Ports = {
    datastore: azureDatastore(storage),
    datasets,
    compute,
    training: azureTraining(connection, { storage, datasets, compute, runs }),
    models,
    deployment: azureDeployment(connection, storage, models),
    pipelines: azurePipelines(connection, { storage, datasets, runs }),
    telemetry: azureTelemetry(connection),
  };
  return {
    name: config.workspaceName,
    backend: 'azure',
    supports: azureSupports,
    ...checkedPorts(ports, () => !closing.signal.aborted),
    async close() {
      closing.abort();
    },
  };
}

/** Loaded for those who bring none. */
async function defaultCredential(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}
