/** `server.json` in the home folder: which server serves this workspace. Written when it is ready, removed when it ends. */
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export type ServerRecord = {
  readonly url: string;
  readonly pid: number;
  readonly startedAt: string;
  /** Where unmodified Azure clients find the workspace: `https://localhost:10143`. */
  readonly azureUrl?: string;
};

/** The workspace's folder: `MALACHITE_HOME`, or `.malachite` in the working folder. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.MALACHITE_HOME || '.malachite');
}

export async function writeServerRecord(home: string, record: ServerRecord): Promise<void> {
  const file = recordFile(home);
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.new`, file);
}

/** Removes the record if it is this process's own. */
export async function removeServerRecord(home: string): Promise<void> {
  const record = await readServerRecord(home);
  if (record?.pid === process.pid) await rm(recordFile(home), { force: true });
}

/** The record as it was left, whether or not that server still runs. */
export async function readServerRecord(home: string): Promise<ServerRecord | undefined> {
  const text = await readFile(recordFile(home), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { url, pid, startedAt = '', azureUrl } = JSON.parse(text) as Partial<ServerRecord>;
    if (typeof url !== 'string' || typeof pid !== 'number') return undefined;
    return { url, pid, startedAt, ...(azureUrl !== undefined && { azureUrl }) };
  } catch {
    return undefined;
  }
}

/** The record of a server that runs and answers; undefined when there is none, or only the record of a dead one. */
export async function runningServer(home: string): Promise<ServerRecord | undefined> {
  const record = await readServerRecord(home);
  return record && isAlive(record.pid) && (await answers(record.url)) ? record : undefined;
}

/** Whether a process runs. One that has ended and whose parent has not asked for its exit code yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Linux tells the state in /proc; a detached server is the child of whatever process is the first, which may be slow. */
function isZombie(pid: number): boolean {
  try {
    return / Z \d/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether `GET /healthz` answers within two seconds: a recorded pid may be another process's by now. */
async function answers(url: string): Promise<boolean> {
  const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  return response?.ok === true;
}

function recordFile(home: string): string {
  return join(home, 'server.json');
}
