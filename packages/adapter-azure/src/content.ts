/**
 * Files of an asset, out of the datastore and into a folder of their own, where Azure's other clients read them:
 * `malachite/data/<sha256>/…`. The folder's name is the sha256 of the list of files, so the same files are the same
 * address; beside it lies a manifest, so that nobody has to read the files to say which bytes they are.
 */
import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { type AssetFile, MalachiteError } from '@malachite/core';
import { blobPath, readBlob } from './datastore.ts';
import { asked } from './errors.ts';
import { waited } from './polling.ts';
import { sha256Of } from './sha256.ts';
import { defaultDatastore, type Storage } from './storage.ts';

export type StoredFile = AssetFile & { readonly sizeBytes: number };

/** What lies at an address. */
export type Content = { readonly sha256: string; readonly files: readonly StoredFile[] };

/** The kinds of assets that we write. */
export type Kind = 'data' | 'models' | 'code';

const folderOf = (kind: Kind, sha256: string): string => `malachite/${kind}/${sha256}`;
const manifestOf = (path: string): string => `malachite/manifests/${sha256Of(path)}.json`;

/**
 * Writes the files below one folder.
 * @returns Path of the folder in the default datastore.
 * @throws MalachiteError `NotFound` for bytes that the datastore does not keep, `InvalidInput` for a path that leaves the folder.
 */
export async function putContent(storage: Storage, kind: Kind, files: readonly AssetFile[]): Promise<Content & { path: string }> {
  const container = await storage.container();
  const stored = await Promise.all(files.map((file) => storedFile(container, file)));
  stored.sort((a, b) => (a.path < b.path ? -1 : 1));
  const sha256 = sha256OfFiles(stored);
  const path = folderOf(kind, sha256);
  if (!(await readManifest(storage, path))) {
    await asked('Writing files', async () => {
      for (const file of stored) await copy(storage, container, blobPath(file.sha256), `${path}/${file.path}`);
    });
    await writeManifest(storage, path, { sha256, files: stored });
  }
  return { sha256, files: stored, path };
}

const sha256OfFiles = (files: readonly StoredFile[]): string =>
  sha256Of(JSON.stringify(files.map(({ path, sha256 }) => [path, sha256])));

/** What was written at a path; undefined where somebody else wrote. A path of one file in a folder is of that folder. */
export async function readManifest(storage: Storage, path: string): Promise<Content | undefined> {
  const folder = /^malachite\/\w+\/[0-9a-f]{64}/.exec(path)?.[0] ?? path.replace(/\/+$/, '');
  const container = await storage.container();
  try {
    const chunks = await Array.fromAsync(readBlob(container, manifestOf(folder), 'There is no manifest'));
    return JSON.parse(Buffer.concat(chunks).toString()) as Content;
  } catch (error) {
    if (error instanceof MalachiteError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

export async function writeManifest(storage: Storage, path: string, content: Content): Promise<void> {
  const text = JSON.stringify(content);
  const container = await storage.container();
  await asked('Writing files', () => container.getBlockBlobClient(manifestOf(path)).upload(text, Buffer.byteLength(text)));
}

/** What lies below a path, with the bytes' own addresses: every file is read once. */
export async function readContent(storage: Storage, path: string, datastore = defaultDatastore): Promise<Content> {
  const container = await storage.container(datastore);
  const files: StoredFile[] = [];
  for await (const { name, properties } of container.listBlobsFlat({ prefix: path })) {
    if (name !== path && !name.startsWith(`${path}/`)) continue;
    const hash = createHash('sha256');
    for await (const chunk of readBlob(container, name, `There is no ${name}`)) hash.update(chunk);
    const inside = name === path ? (name.split('/').at(-1) as string) : name.slice(path.length + 1);
    files.push({ path: inside, sha256: hash.digest('hex'), sizeBytes: properties.contentLength ?? 0 });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { sha256: sha256OfFiles(files), files };
}

/** Inside the storage: nothing comes through this machine. */
export async function copy({ signal }: Storage, container: ContainerClient, from: string, to: string): Promise<void> {
  const target = container.getBlobClient(to);
  if (await target.exists()) return;
  const doing = `Copying ${from}`;
  await waited(doing, signal, async (abortSignal) => {
    const source = container.getBlobClient(from).url;
    const poller = await target.beginCopyFromURL(source, { abortSignal, intervalInMs: copyPollMs });
    await poller.pollUntilDone();
  });
}

/** A copy within one account is done in milliseconds, mostly; the client would wait for a quarter of a minute. */
const copyPollMs = 500;

async function storedFile(container: ContainerClient, { path, sha256 }: AssetFile): Promise<StoredFile> {
  const inside = pathInside(path);
  const properties = await asked(`Reading ${sha256}`, () => container.getBlobClient(blobPath(sha256)).getProperties()).catch(
    (error: MalachiteError) => {
      if (error.code !== 'NotFound') throw error;
      throw new MalachiteError('NotFound', `"${path}" is to be ${sha256}, and nothing is kept under that. Put its bytes first.`);
    },
  );
  return { path: inside, sha256, sizeBytes: properties.contentLength ?? 0 };
}

function pathInside(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || path.includes('\\') || parts.length === 0 || parts.includes('..')) {
    throw new MalachiteError('InvalidInput', `"${path}" is no path inside an asset: relative, "/" between folders, no "..".`);
  }
  return parts.join('/');
}
