/** Files of the blob store as a folder with their own names, for programs that read folders: `folders/SHA256/`. */
import { createHash, randomUUID } from 'node:crypto';
import { constants, existsSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AssetFile } from '@malachite/core';
import type { Context } from '../store/context.ts';

const unfinishedPrefix = 'folder-';

/** Where the files lie, or would. */
export function folderOf({ home }: Context, files: readonly AssetFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${sha256}  ${path}\n`);
  return join(home.folder, 'folders', hash.digest('hex'));
}

/** Copies the files, once: a script that writes into its folder does not change what is kept. @returns the folder */
export async function unfold(context: Context, files: readonly AssetFile[]): Promise<string> {
  const folder = folderOf(context, files);
  if (existsSync(folder)) return folder;
  const unfinished = join(context.home.runFolder, `${unfinishedPrefix}${randomUUID()}`);
  try {
    for (const { path, sha256 } of files) {
      const file = join(unfinished, path);
      await mkdir(dirname(file), { recursive: true });
      await copyFile(context.blobs.path(sha256), file, constants.COPYFILE_FICLONE);
    }
    await mkdir(dirname(folder), { recursive: true });
    // Whoever was first has the same files there.
    await rename(unfinished, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Removes the folders that nobody reads, and those that a process that was killed left unfinished. For when a home is opened. */
export function sweepFolders({ home }: Context, isRead: (folder: string) => boolean): void {
  const all = join(home.folder, 'folders');
  const unread = existsSync(all) ? readdirSync(all).map((name) => join(all, name)) : [];
  const unfinished = readdirSync(home.runFolder).filter((name) => name.startsWith(unfinishedPrefix));
  for (const folder of [...unread.filter((each) => !isRead(each)), ...unfinished.map((name) => join(home.runFolder, name))]) {
    rmSync(folder, { recursive: true, force: true });
  }
}
