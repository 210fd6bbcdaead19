/** A local workspace and the server in front of it, as one thing that is opened and closed. */
import { type LocalWorkspace, openLocalWorkspace } from '@malachite/adapter-local';
import { startServer } from '@malachite/server';
import { removeServerRecord, writeServerRecord } from '../server-record.ts';
import { listenPort } from './listen-port.ts';
import { openServerLog } from './server-log.ts';

export type Listen = { readonly host: string; readonly port: number; readonly apiKey?: string };
export type Served = { readonly url: string; readonly workspace: LocalWorkspace; close(): Promise<void> };

/** Opens the workspace in `home`, serves it and records the server there. Logs go to `logs/server.log` in the home. */
export async function serveWorkspace({
  home,
  host,
  apiKey,
  verbose,
  ...asked
}: Listen & { home: string; verbose: boolean }): Promise<Served> {
  const port = await listenPort({ host, port: asked.port });
  const { log, flush } = openServerLog(home, { verbose });
  const workspace = await openLocalWorkspace({ home, serverUrl: `http://${urlHost(host)}:${port}`, log });
  try {
    const server = await startServer({ workspace, host, port, apiKey, log });
    await writeServerRecord(home, { url: server.url, pid: process.pid, startedAt: new Date().toISOString() });
    return {
      url: server.url,
      workspace,
      async close() {
        await server.close();
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

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
