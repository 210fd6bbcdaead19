/** Who has a home open, as it is written beside the lock: for people, and for commands that look for the running server. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess, processStart } from './process-identity.ts';

export type HomeOwner = {
  readonly pid: number;
  /** As `processStart` says. */
  readonly start: string;
  readonly openedAt: string;
  /** Where it serves, or is about to; not there when it is no server. */
  readonly serverUrl?: string;
};

/** The process that has the home open, or undefined; read without opening it. */
export function homeOwner(home: string): HomeOwner | undefined {
  try {
    const owner = JSON.parse(readFileSync(ownerFile(home), 'utf8')) as HomeOwner;
    return isSameProcess(owner.pid, owner.start) ? owner : undefined;
  } catch {
    // There is none, or it is written just now.
    return undefined;
  }
}

/** Whether who had the home open still runs. */
export function isRunning({ pid, start }: HomeOwner): boolean {
  return isSameProcess(pid, start);
}

/** Writes this process down; what is answered takes it off again. */
export function recordOwner(home: string, serverUrl: string | undefined): () => void {
  const owner: HomeOwner = {
    pid: process.pid,
    start: processStart(process.pid) ?? '',
    openedAt: new Date().toISOString(),
    ...(serverUrl !== undefined && { serverUrl }),
    ...(serverUrl !== undefined && { serverUrl }),
  };
  writeFileSync(ownerFile(home), `${JSON.stringify(owner)}\n`);
  return () => rmSync(ownerFile(home), { force: true });
}

function ownerFile(home: string): string {
  return join(home, 'run', 'owner.json');
}
