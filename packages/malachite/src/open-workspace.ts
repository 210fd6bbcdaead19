/** The one door to a workspace: the environment says where it is, the program does not. */
import { openHttpWorkspace } from '@malachite/adapter-http';
import { MalachiteError, type Workspace } from '@malachite/core';
import { homeFolder, runningServer } from './server-record.ts';

/**
 * The workspace that the environment names; close it when done.
 *
 * - `MALACHITE_BACKEND`: `local` (default) or `azure`: the workspace that `AZURE_SUBSCRIPTION_ID`, `AZURE_RESOURCE_GROUP` and
 *   `AZUREML_WORKSPACE_NAME` name, or Azure's `config.json` in this folder or above; signed in as `DefaultAzureCredential` does.
 *   The variables below are for `local`.
 * - `MALACHITE_ENDPOINT`: the address of a Malachite server, such as `http://127.0.0.1:10100`.
 * - `MALACHITE_API_KEY`: the key of a server that is open to the network.
 * - `MALACHITE_HOME`: the workspace's folder, default `.malachite`. When a server runs for it, that server is used;
 *   otherwise the workspace is opened inside this process, and its jobs and endpoints end with `close()`.
 *
 *     const workspace = await openWorkspace();
 *     try {
 *       console.log(await workspace.datasets.list({}));
 *     } finally {
 *       await workspace.close();
 *     }
 */
export async function openWorkspace(env: NodeJS.ProcessEnv = process.env): Promise<Workspace> {
  const served = await openServed(env);
  if (served) return served;
  // DuckDB and ONNX Runtime take a tenth of a second to load: only for those who need them in this process.
  const { openLocalWorkspace } = await import('@malachite/adapter-local');
  return openLocalWorkspace({ home: homeFolder(env) });
}

/** The workspace of a running server; `Unavailable`, saying how to start one, when there is none. */
export async function connect(env: NodeJS.ProcessEnv): Promise<Workspace> {
  const served = await openServed(env);
  if (served) return served;
  throw new MalachiteError('Unavailable', `No Malachite server runs for "${homeFolder(env)}". Start one: malachite up --detach`);
}

async function openServed(env: NodeJS.ProcessEnv): Promise<Workspace | undefined> {
  const backend = env.MALACHITE_BACKEND || 'local';
  if (backend === 'azure') return openAzure(env);
  if (backend !== 'local')
    throw new MalachiteError('InvalidInput', `MALACHITE_BACKEND is "${backend}"; it can be local or azure.`);
  const url = env.MALACHITE_ENDPOINT || (await runningServer(homeFolder(env)))?.url;
  return url ? openHttpWorkspace({ url, apiKey: env.MALACHITE_API_KEY || undefined }) : undefined;
}

async function openAzure(env: NodeJS.ProcessEnv): Promise<Workspace> {
  // Azure's clients take half a second to load: only for those who go there.
  const { azureConfig, openAzureWorkspace } = await import('@malachite/adapter-azure');
  return openAzureWorkspace({ config: azureConfig(env) });
}
