/** Addresses of data as clients write them: `azureml://datastores/D/paths/P`, the long form, and plain blob URLs of ours. */
import { MalachiteError } from '@malachite/core';
import type { Scope } from '../arm/paths.ts';

export const defaultDatastore = 'workspaceblobstore';
export const artifactDatastore = 'workspaceartifactstore';

export type DatastorePath = { readonly datastore: string; readonly path: string };

const short = /^azureml:\/\/datastores\/([^/]+)\/paths\/(.*)$/i;
const long =
  /^azureml:\/\/subscriptions\/[^/]+\/resourcegroups\/[^/]+(?:\/providers\/[^/]+)?\/workspaces\/[^/]+\/datastores\/([^/]+)\/paths\/(.*)$/i;

/** A place in a datastore, or undefined when the text is an address of another kind. */
export function parseDatastoreUri(uri: string): DatastorePath | undefined {
  const [, datastore, path] = short.exec(uri) ?? long.exec(uri) ?? [];
  if (datastore === undefined || path === undefined) return undefined;
  const clean = path.replace(/\/+$/, '');
  if (clean.split('/').includes('..')) throw new MalachiteError('InvalidInput', `"${uri}" leads out of its datastore.`);
  return { datastore, path: clean };
}

/** As the service answers: with subscription, group and workspace. */
export function datastoreUri(
  { subscriptionId, resourceGroup, workspaceName }: Scope,
  { datastore, path }: DatastorePath,
): string {
  return `azureml://subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/workspaces/${workspaceName}/datastores/${datastore}/paths/${path}`;
}
