/** Local files into the workspace's datastore: the first half of creating data and models. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type AssetFile, type Datastore, MalachiteError } from '@malachite/core';

export type Upload = { readonly files: AssetFile[]; readonly isFolder: boolean };

/** Uploads a file, or every file below a folder; paths inside the asset are relative to it. */
export async function upload(datastore: Datastore, path: string): Promise<Upload> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new MalachiteError('InvalidInput', `"${path}" does not exist.`);
  if (!found.isDirectory()) return { files: [await put(datastore, path, basename(path))], isFolder: false };
  const files: AssetFile[] = [];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.push(await put(datastore, file, relative(path, file).split(sep).join('/')));
  }
  if (files.length === 0) throw new MalachiteError('InvalidInput', `The folder "${path}" is empty.`);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, isFolder: true };
}

async function put(datastore: Datastore, file: string, path: string): Promise<AssetFile> {
  return { path, ...(await datastore.put(createReadStream(file))) };
}
