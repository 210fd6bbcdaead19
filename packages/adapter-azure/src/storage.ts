/** The workspace's own container (`workspaceblobstore`): signed access, asked for anew before it ends. */
import type { AccountKeyDatastoreSecrets, AzureBlobDatastore, SasDatastoreSecrets } from '@azure/arm-machinelearning';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { type Connection, idOf } from './connection.ts';
import { asked } from './errors.ts';

export type Storage = {
  /** Ends everything that waits. */
  readonly signal: AbortSignal;
  container(datastore?: string): Promise<ContainerClient>;
  /** `azureml://subscriptions/…/datastores/workspaceblobstore/paths/PATH`. */
  uriOf(path: string): string;
  /** The datastore and path of such an address, of its short form too; undefined for another. */
  placeOf(uri: string): { readonly datastore: string; readonly path: string } | undefined;
};

export const defaultDatastore = 'workspaceblobstore';
/** Signatures last an hour; clients may hold one for so long. */
const freshMs = 40 * 60_000;

export function openStorage(connection: Connection): Storage {
  const kept = new Map<string, { readonly since: number; readonly container: Promise<ContainerClient> }>();
  return {
    signal: connection.signal,
    container(datastore = defaultDatastore) {
      const known = kept.get(datastore);
      if (known && performance.now() - known.since < freshMs) return known.container;
      const container = connectContainer(connection, datastore);
      kept.set(datastore, { since: performance.now(), container });
      container.catch(() => kept.delete(datastore));
      return container;
    },
    uriOf: (path) =>
      `azureml:/${idOf(connection, 'datastores', defaultDatastore, 'paths', path).replace('/resourceGroups/', '/resourcegroups/').replace('/providers/Microsoft.MachineLearningServices', '')}`,
    placeOf(uri) {
      const [, datastore, path] =
        /^azureml:\/\/(?:subscriptions\/.*?\/workspaces\/[^/]+\/)?datastores\/([^/]+)\/paths\/(.*)$/i.exec(uri) ?? [];
      return datastore && path !== undefined ? { datastore, path } : undefined;
    },
  };
}

async function connectContainer(
  { client, resourceGroup, workspaceName, credential }: Connection,
  name: string,
): Promise<ContainerClient> {
  const doing = `Opening datastore "${name}"`;
  const { properties } = await asked(doing, () => client.datastores.get(resourceGroup, workspaceName, name));
  const { accountName, containerName, endpoint = 'core.windows.net' } = properties as AzureBlobDatastore;
  const account = `https://${accountName}.blob.${endpoint}`;
  const url = `${account}/${containerName}`;
  const kind = properties.credentials?.credentialsType;
  // Without credentials of its own, the datastore is opened with the caller's identity.
  if (kind === undefined || kind === 'None') return new ContainerClient(url, credential);
  const secrets = await asked(doing, () => client.datastores.listSecrets(resourceGroup, workspaceName, name));
  if (secrets.secretsType === 'AccountKey') {
    const { key = '' } = secrets as AccountKeyDatastoreSecrets;
    return new ContainerClient(url, new StorageSharedKeyCredential(accountName ?? '', key));
  }
  const { sasToken = '' } = secrets as SasDatastoreSecrets;
  return new ContainerClient(`${url}?${sasToken.replace(/^\?/, '')}`);
}
