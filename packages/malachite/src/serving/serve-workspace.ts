/** A local workspace and the server in front of it, as one thing that is opened and closed. */
import { join } from 'node:path';
import { type LocalWorkspace, openLocalWorkspace } from '@malachite/adapter-local';
import { MalachiteError } from '@malachite/core';
import { openTracking, startServer } from '@malachite/server';
import type { AzureOrigin } from '@malachite/server/azure';
import { removeServerRecord, writeServerRecord } from '../server-record.ts';
import { listenPort } from './listen-port.ts';
import { openServerLog } from './server-log.ts';

export type Listen = {
  readonly host: string;
  readonly port: number;
  readonly apiKey?: string;
  /** Where unmodified Azure clients are answered; without it on 10143, or on a free port when that is taken. */
  readonly azurePort?: number;
};
export type Served = {
  readonly url: string;
  /** `https://localhost:10143`. */
  readonly azureUrl: string;
  readonly workspace: LocalWorkspace;
  close(): Promise<void>;
};

/** Opens the workspace in `home`, serves it and records the server there. Logs go to `logs/server.log` in the home. */
export async function serveWorkspace({
  home,
  host,
  apiKey,
  azurePort,
  verbose,
  ...asked
}: Listen & { home: string; verbose: boolean }): Promise<Served> {
  const port = await listenPort({ host, port: asked.port });
  const { log, flush } = openServerLog(home, { verbose });
  const workspace = await openLocalWorkspace({ home, serverUrl: `http://${urlHost(host)}:${port}`, log });
  try {
    const tracking = openTracking(workspace, join(home, 'mlflow.sqlite'));
    const server = await startServer({ workspace, host, port, apiKey, tracking, log });
    const azure = await startAzure({ workspace, tracking, folder: join(home, 'azure'), log }, azurePort);
    const startedAt = new Date().toISOString();
    await writeServerRecord(home, { url: server.url, pid: process.pid, startedAt, azureUrl: azure.url });
    return {
      url: server.url,
      azureUrl: azure.url,
      workspace,
      async close() {
        await Promise.all([server.close(), azure.close()]);
        tracking.close();
        await workspace.close();
        await removeServerRecord(home);
        flush();
      },
    };
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

type AzureOptions = Parameters<typeof import('@malachite/server/azure').startAzureOrigin>[0];

/** On the port asked for, and no other; when none was, on the usual one or any that is free. */
async function startAzure(options: AzureOptions, port: number | undefined): Promise<AzureOrigin> {
  const { startAzureOrigin } = await import('@malachite/server/azure');
  if (port !== undefined) return startAzureOrigin({ ...options, port });
  return startAzureOrigin(options).catch((error: unknown) => {
    if (error instanceof MalachiteError && error.code === 'Conflict') return startAzureOrigin({ ...options, port: 0 });
    throw error;
  });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
