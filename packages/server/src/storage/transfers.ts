/** From the blob wire into the workspace's own content, and back. */
import { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { type AssetFile, type Datastore, MalachiteError } from '@malachite/core';

/** Files that one asset may have here. */
const maxFiles = 10_000;

/**
 * Keeps what lies at a path: one blob, or every blob below it.
 * @returns The files with paths relative to the folder; of a single blob its name.
 * @throws MalachiteError `InvalidInput` when nothing lies there.
 */
export async function importFiles(container: ContainerClient, path: string, datastore: Datastore): Promise<AssetFile[]> {
  const files: AssetFile[] = [];
  for await (const { name, properties } of container.listBlobsFlat({ prefix: path })) {
    const isItself = name === path;
    if (!isItself && path !== '' && !name.startsWith(`${path}/`)) continue;
    // The data lake way of making a folder leaves an empty blob of its name.
    if (name.endsWith('/') || (properties.contentLength === 0 && !isItself && !name.includes('.'))) continue;
    if (files.length === maxFiles) throw new MalachiteError('TooLarge', `"${path}" holds more than ${maxFiles} files.`);
    const { readableStreamBody } = await container.getBlobClient(name).download();
    const { sha256 } = await datastore.put(readableStreamBody as Readable);
    files.push({ path: isItself ? (name.split('/').at(-1) as string) : name.slice(path.length).replace(/^\//, ''), sha256 });
  }
  if (files.length === 0) throw new MalachiteError('InvalidInput', `Nothing was uploaded to "${path}".`);
  return files;
}

/** Writes files of the workspace below a path, for clients that read them from there. What is there already is left. */
export async function exportFiles(
  container: ContainerClient,
  path: string,
  files: readonly { readonly path: string; content(): AsyncIterable<Uint8Array> }[],
): Promise<void> {
  for (const file of files) {
    const blob = container.getBlockBlobClient(`${path}/${file.path}`);
    if (await blob.exists()) continue;
    await blob.uploadStream(Readable.from(file.content()));
  }
}
