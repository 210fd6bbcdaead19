/** Which workspace of Azure's: from options, the environment, or the `config.json` that the portal gives. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MalachiteError } from '@malachite/core';

export type AzureNames = {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspaceName: string;
};

export type AzureConfig = AzureNames & {
  /** Of Azure Resource Manager; another in sovereign clouds, and in front of a Malachite. */
  readonly endpoint: string;
  /** Of Azure Monitor's logs. */
  readonly logsEndpoint: string;
};

const publicCloud = 'https://management.azure.com';
const publicLogs = 'https://api.loganalytics.io';

/**
 * - `AZURE_SUBSCRIPTION_ID`, `AZURE_RESOURCE_GROUP`, `AZUREML_WORKSPACE_NAME`: all three, or none, and then
 * - `config.json` in the working folder, in `.azureml/` of it, or in a folder above (as Azure's Python client looks for it).
 * - `AZURE_RESOURCE_MANAGER_ENDPOINT`: default `https://management.azure.com`.
 * - `AZURE_MONITOR_LOGS_ENDPOINT`: default `https://api.loganalytics.io`.
 *
 * @throws MalachiteError `InvalidInput` that names what is missing.
 */
export function azureConfig(env: NodeJS.ProcessEnv, folder = process.cwd()): AzureConfig {
  const endpoints = {
    endpoint: (env.AZURE_RESOURCE_MANAGER_ENDPOINT || publicCloud).replace(/\/+$/, ''),
    logsEndpoint: (env.AZURE_MONITOR_LOGS_ENDPOINT || publicLogs).replace(/\/+$/, ''),
  };
  const { AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, AZUREML_WORKSPACE_NAME } = env;
  const given = { AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, AZUREML_WORKSPACE_NAME };
  const missing = Object.entries(given).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length === 0) {
    return {
      ...endpoints,
      subscriptionId: AZURE_SUBSCRIPTION_ID as string,
      resourceGroup: AZURE_RESOURCE_GROUP as string,
      workspaceName: AZUREML_WORKSPACE_NAME as string,
    };
  }
  const file = findConfig(resolve(folder));
  if (file) return { ...endpoints, ...readConfig(file) };
  throw new MalachiteError(
    'InvalidInput',
    `Which workspace of Azure? Set ${missing.join(', ')}, or put the config.json of the workspace (portal: Download config file) in this folder.`,
  );
}

function findConfig(folder: string): string | undefined {
  for (const file of [join(folder, 'config.json'), join(folder, '.azureml', 'config.json')]) {
    if (isWorkspaceConfig(file)) return file;
  }
  const above = dirname(folder);
  return above === folder ? undefined : findConfig(above);
}

/** Other programs have files of this name too. */
function isWorkspaceConfig(file: string): boolean {
  try {
    return 'workspace_name' in (JSON.parse(readFileSync(file, 'utf8')) as object);
  } catch {
    return false;
  }
}

function readConfig(file: string): AzureNames {
  const { subscription_id, resource_group, workspace_name } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  if (typeof subscription_id === 'string' && typeof resource_group === 'string' && typeof workspace_name === 'string') {
    return { subscriptionId: subscription_id, resourceGroup: resource_group, workspaceName: workspace_name };
  }
  throw new MalachiteError('InvalidInput', `${file} needs subscription_id, resource_group and workspace_name, each a text.`);
}
