/** Folders that a home is made of, made with a sentence for people when they cannot be. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MalachiteError } from '@malachite/core';

/**
 * Makes a folder and those above it, for their owner only; one that is there stays as it is. Node's own `recursive` never comes back where the
 * system answers "no such file" to the making itself, as it does under /proc (Node 24).
 *
 * @throws Failed naming the folder and the reason: a file in the way, no permission, a full disk
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  const missing: string[] = [];
  try {
    for (let each = folder; !isFolder(each); each = dirname(each)) missing.push(each);
    for (const each of missing.reverse()) makeOne(each);
  } catch (error) {
    throw new MalachiteError('Failed', `The folder "${folder}" cannot be made: ${reasonOf(error)}.`, { cause: error });
  }
}

/** What went wrong with a file, in words, from the error that Node or SQLite threw. */
export function reasonOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'the system has no such place, and does not let one be made (ENOENT)';
    case 'EACCES':
    case 'EPERM':
      return `there is no permission to write there (${code})`;
    case 'EROFS':
      return 'the disk can only be read (EROFS)';
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full (${code})`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `a file is in the way (${code})`;
    default:
      return message;
  }
}

/** @throws ENOTDIR when it is a file, or one is above it */
function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
  return found !== undefined;
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, 0o700);
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}
