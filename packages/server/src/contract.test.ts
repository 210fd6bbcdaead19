/** The contract of a workspace, on the local adapter and on the client and server in front of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHttpWorkspace } from '@malachite/adapter-http';
import { type LocalWorkspace, openLocalWorkspace } from '@malachite/adapter-local';
import { supportsAll, type Workspace } from '@malachite/core';
import { type Harness, workspaceContract } from '@malachite/core/contract';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Server, startServer } from './server.ts';

const shared: Pick<Harness, 'test' | 'supports' | 'send'> = {
  test: { describe, it: (name, run) => void it(name, run), skip: (name) => void it.skip(name, () => {}), beforeAll, afterAll },
  supports: supportsAll,
  async send(uri, { method, headers, body }) {
    const response = await fetch(uri, { method, ...(headers && { headers }), ...(body !== undefined && { body }) });
    return { status: response.status, body: await response.text() };
  },
};

workspaceContract({ ...shared, name: 'local', ...localWorkspace() });
workspaceContract({ ...shared, name: 'HTTP client, server and local', ...servedWorkspace() });

function localWorkspace(): Pick<Harness, 'open' | 'reopen' | 'close'> {
  let home: string;
  return {
    async open() {
      home = await temporaryHome();
      return openLocalWorkspace({ home });
    },
    async reopen(workspace) {
      await workspace.close();
      const reopened = await openLocalWorkspace({ home });
      await reopened.restored;
      return reopened;
    },
    async close(workspace) {
      await workspace.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A client of a server of a local workspace: what a program on another process sees. */
function servedWorkspace(): Pick<Harness, 'open' | 'reopen' | 'close'> {
  let home: string;
  let port: number;
  let local: LocalWorkspace;
  let server: Server;
  const open = async () => {
    local = await openLocalWorkspace({ home, serverUrl: `http://127.0.0.1:${port}` });
    server = await startServer({ workspace: local, port });
    return openHttpWorkspace({ url: server.url });
  };
  const close = async (workspace: Workspace) => {
    await workspace.close();
    await server.close();
    await local.close();
  };
  return {
    async open() {
      home = await temporaryHome();
      port = await freePort();
      return open();
    },
    async reopen(workspace) {
      await close(workspace);
      const reopened = await open();
      await local.restored;
      return reopened;
    },
    async close(workspace) {
      await close(workspace);
      await rm(home, { recursive: true, force: true });
    },
  };
}

const temporaryHome = () => mkdtemp(join(tmpdir(), 'malachite-contract-'));

/** A port that is free now: the workspace must know its server's address before the server starts. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
