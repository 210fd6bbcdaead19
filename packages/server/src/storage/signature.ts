/** Shared access signatures for a container, the workspace's own unless another is named: read, write and list for some hours. */
import { type Blobs, containerName } from './blob-service.ts';

/** Clocks of clients may be behind. */
const startEarlyMs = 5 * 60_000;

/** @returns The query, without the leading `?`. */
export async function signContainer({ credential }: Blobs, hours: number, container = containerName): Promise<string> {
  const now = new Date();
  const { ContainerSASPermissions, generateBlobSASQueryParameters, SASProtocol } = await import('@azure/storage-blob');
  return generateBlobSASQueryParameters(
    {
      containerName: container,
      permissions: ContainerSASPermissions.parse('racwdl'),
      startsOn: new Date(now.getTime() - startEarlyMs),
      expiresOn: new Date(now.getTime() + hours * 3_600_000),
      protocol: SASProtocol.Https,
    },
    credential,
  ).toString();
}
