/**
 * The one folder that holds a workspace: `malachite.db`, `blobs/`, `logs/`, `run/`. Nothing in it names a place outside
 * or its own place, so a closed home can be moved or copied. One process has it open at a time.
 */
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MalachiteError } from '@malachite/core';
import { makeFolder } from './folders.ts';
import { processStart } from './process-identity.ts';

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

/** Who has a home open; written beside the lock for people to read. */
export type HomeOwner = { readonly pid: number; readonly start: string; readonly openedAt: string };

/**
 * Makes the folders and takes the lock. A home that a running process has open is a `Conflict` naming its pid; the lock
 * of a process that was killed is free again at once. `Failed`, naming the folder and the reason, when it cannot be made.
 */
export function openHome(path: string): Home {
  const folder = resolve(path);
  const logsFolder = join(folder, 'logs');
  const runFolder = join(folder, 'run');
  const blobsFolder = join(folder, 'blobs');
  for (const each of [logsFolder, runFolder, blobsFolder]) makeFolder(each);
  for (const each of [folder, logsFolder, runFolder, blobsFolder]) accessSync(each, constants.W_OK);
  const release = takeLock(folder, runFolder);
  return { folder, databaseFile: join(folder, 'malachite.db'), blobsFolder, logsFolder, runFolder, close: release };
}

/** The process that has the home open, or undefined; read without opening it. */
export function homeOwner(path: string): HomeOwner | undefined {
  try {
    const owner = JSON.parse(readFileSync(join(path, 'run', 'owner.json'), 'utf8')) as HomeOwner;
    return processStart(owner.pid) === owner.start ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The lock is SQLite's exclusive lock on a file of its own: the operating system lets go of it when the process ends,
 * however it ends, so there are no stale locks to judge and no race in taking one over.
 */
function takeLock(folder: string, runFolder: string): () => void {
  const ownerFile = join(runFolder, 'owner.json');
  const lock = new DatabaseSync(join(runFolder, 'lock'), { timeout: 0 });
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
  const owner: HomeOwner = {
    pid: process.pid,
    start: processStart(process.pid) ?? '',
    openedAt: new Date().toISOString(),
  };
  writeFileSync(ownerFile, `${JSON.stringify(owner)}\n`);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    rmSync(ownerFile, { force: true });
    lock.close();
  };
}
