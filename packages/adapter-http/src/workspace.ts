import { MalachiteError, type Workspace, type WorkspaceInfo, workspaceInfo } from '@malachite/core';
import { callJson } from './call-json.ts';
import type { Connection } from './connection.ts';
import { httpPorts } from './ports.ts';

export type HttpWorkspaceOptions = {
  /** Of the server: `http://127.0.0.1:10100`. */
  readonly url: string;
  /** The bearer key, for a server that is open to the network. */
  readonly apiKey?: string;
  /** Ends every call under way, as `close()` does. */
  readonly signal?: AbortSignal;
};

/**
 * The workspace behind a running Malachite server. What the server cannot do, `supports` says; errors have the codes
 * that the server's own workspace gave them. `Unavailable` when no Malachite server answers there.
 *
 *     const workspace = await openHttpWorkspace({ url: 'http://127.0.0.1:10100' });
 *     for (const dataset of await workspace.datasets.list({})) console.log(dataset.name);
 */
export async function openHttpWorkspace({ url, apiKey, signal }: HttpWorkspaceOptions): Promise<Workspace> {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new MalachiteError('InvalidInput', `"${url}" is no address of a server. Write one as http://127.0.0.1:10100.`);
  }
  const closing = new AbortController();
  const connection: Connection = {
    url: url.replace(/\/+$/, ''),
    ...(apiKey !== undefined && { apiKey }),
    signal: signal ? AbortSignal.any([closing.signal, signal]) : closing.signal,
  };
  const info = (await callJson(connection, workspaceInfo, {})) as Partial<WorkspaceInfo> | undefined;
  if (!info?.name || !info.supports) {
    throw new MalachiteError('Unavailable', `What answers at ${connection.url} is no Malachite server.`);
  }
  return {
    name: info.name,
    backend: 'http',
    supports: info.supports,
    ...httpPorts(connection),
    async close() {
      closing.abort();
    },
  };
}
