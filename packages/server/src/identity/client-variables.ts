/** What Python, Node and shells need in their environment for unmodified clients to find this workspace and trust it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { cloudName } from './routes.ts';

export type ClientVariablesOptions = {
  /** The workspace's home folder. */
  readonly home: string;
  /** Of the Azure origin: `https://localhost:10143`. */
  readonly url: string;
  /** Of the native API, where plain MLflow clients go. */
  readonly apiUrl: string;
};

/**
 * Names and values, to be set before a client is imported. Nothing in them is good for another machine; the identity
 * secret is as secret as the home folder.
 */
export async function clientVariables({ home, url, apiUrl }: ClientVariablesOptions): Promise<Record<string, string>> {
  const tls = join(home, 'azure', 'tls');
  const identitySecret = await readFile(join(home, 'azure', 'identity', 'identity-secret'), 'utf8');
  const bundle = await writeBundle(tls);
  return {
    // Cloud discovery of azure-ai-ml, azureml-mlflow and azureml-core.
    ARM_CLOUD_METADATA_URL: `${url}/metadata/endpoints?api-version=2019-05-01`,
    AZUREML_CURRENT_CLOUD: cloudName,
    // Asked for a registry, we say that there is none; a made-up host would be looked for in vain.
    REGISTRY_DISCOVERY_ENDPOINT_URL: `${url}/`,
    // DefaultAzureCredential, by the way of App Service's managed identity.
    IDENTITY_ENDPOINT: `${url}/msi/token`,
    IDENTITY_HEADER: identitySecret.trim(),
    // These replace the roots that a program has, so the public ones are in the bundle; Node's adds to them.
    REQUESTS_CA_BUNDLE: bundle,
    SSL_CERT_FILE: bundle,
    NODE_EXTRA_CA_CERTS: join(tls, 'ca.pem'),
    MLFLOW_TRACKING_URI: apiUrl,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    // Of jobs.stream: here a job takes seconds.
    AZUREML_RUN_POLLING_INTERVAL_MIN: '1',
    AZUREML_RUN_POLLING_INTERVAL_MAX: '2',
    // For MALACHITE_BACKEND=azure, and for programs that read their workspace from the environment.
    AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000000',
    AZURE_RESOURCE_GROUP: 'local',
    AZUREML_WORKSPACE_NAME: 'local',
    AZURE_RESOURCE_MANAGER_ENDPOINT: url,
    AZURE_MONITOR_LOGS_ENDPOINT: url,
  };
}

async function writeBundle(folder: string): Promise<string> {
  const file = join(folder, 'bundle.pem');
  await writeFile(file, `${[await readFile(join(folder, 'ca.pem'), 'utf8'), ...rootCertificates].join('\n')}\n`);
  return file;
}
