/**
 * The one folder that holds a workspace: `malachite.db`, `blobs/`, `logs/`, `run/`. Nothing in it names a place outside
 * or its own place, so a closed home can be moved or copied. One process has it open at a time.
 */
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MalachiteError } from '@malachite/core';
import { makeFolder } from './folders.ts';
import { homeOwner, recordOwner } from './home-owner.ts';

export interface Home {
  /** Absolute paths. */
  readonly folder: string;
  readonly databaseFile: string;
  readonly blobsFolder: string;
  /** Text logs: `logs/jobs/`, `logs/endpoints/`. */
  readonly logsFolder: string;
  /** What is only true while a process runs: the lock, its owner, addresses. */
  readonly runFolder: string;
  /** Gives the folder free. */
  close(): void;
}

/**
 * Makes the folders and takes the lock. A home that a running process has open is a `Conflict` naming its pid; the lock
 * of a process that was killed is free again at once. `Failed`, naming the folder and the reason, when it cannot be made.
 *
 * @param serverUrl Where this process serves it; written down for others.
 */
export function openHome(path: string, serverUrl?: string): Home {
  const folder = resolve(path);
  const logsFolder = join(folder, 'logs');
  const runFolder = join(folder, 'run');
  const blobsFolder = join(folder, 'blobs');
  for (const each of [logsFolder, runFolder, blobsFolder]) makeFolder(each);
  for (const each of [folder, logsFolder, runFolder, blobsFolder]) accessSync(each, constants.W_OK);
  const release = takeLock(folder, serverUrl);
  return { folder, databaseFile: join(folder, 'malachite.db'), blobsFolder, logsFolder, runFolder, close: release };
}

/**
 * The lock is SQLite's exclusive lock on a file of its own: the operating system lets go of it when the process ends,
 * however it ends, so there are no stale locks to judge and no race in taking one over.
 */
function takeLock(folder: string, serverUrl: string | undefined): () => void {
  const lock = new DatabaseSync(join(folder, 'run', 'lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    const owner = homeOwner(folder);
    throw new MalachiteError(
      'Conflict',
      `The workspace in ${folder} is open in ${owner ? `process ${owner.pid}, since ${owner.openedAt}` : 'another process'}. Use the running server (malachite status), or stop it first (malachite down).`,
    );
  }
  const forgetOwner = recordOwner(folder, serverUrl);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    forgetOwner();
    lock.close();
  };
}
