/** `server.json` in the home folder: which server serves this workspace. Written when it is ready, removed when it ends. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { homeOwner } from '@malachite/adapter-local/home-owner';

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

/**
 * The record of a server that runs; undefined when there is none, or only the record of a dead one. A server has its home open from
 * before it is recorded until it ends, so nothing is asked of it here: one that is busy runs too.
 */
export async function runningServer(home: string): Promise<ServerRecord | undefined> {
  const record = await readServerRecord(home);
  if (record === undefined || homeOwner(home)?.pid !== record.pid) return undefined;
  // Windows tells no start times, so there the pid may be another process's by now.
  return process.platform !== 'win32' || (await answers(record.url)) ? record : undefined;
}

/** The server that another process is starting for this home, as soon as it runs; undefined when nobody does. */
export async function startingServer(home: string): Promise<ServerRecord | undefined> {
  for (;;) {
    const server = await runningServer(home);
    if (server || homeOwner(home)?.serverUrl === undefined) return server;
    await wait(50);
  }
}

/** Whether `GET /healthz` answers within two seconds. */
async function answers(url: string): Promise<boolean> {
  const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  return response?.ok === true;
}

function recordFile(home: string): string {
  return join(home, 'server.json');
}
