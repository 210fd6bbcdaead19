/**
 * The blob wire for Azure's clients: Azurite on a TLS port of its own, started when it is first needed and kept in the
 * home folder. Clients make the address `https://{accountName}.blob.{suffix}` themselves; an account called
 * `localhost:PORT/malachite` makes of it a path on the loopback, without DNS.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { MalachiteError } from '@malachite/core';
import { storageSuffix } from '../identity/routes.ts';
import { secretFile } from '../secret-file.ts';
import type { Authority } from '../tls/authority.ts';

/** The account's name on the wire: the first segment of the path. */
export const account = `malachite.blob.${storageSuffix}`;
/** Azurite is ready within a second or two; a busy machine takes longer. */
const startMs = 30_000;

export type Blobs = {
  /** What goes before `.blob.{suffix}` in the addresses that clients make. */
  readonly accountName: string;
  readonly accountKey: string;
  readonly credential: StorageSharedKeyCredential;
  /** The workspace's own container, `workspaceblobstore`. */
  readonly container: ContainerClient;
  /** Another one, made when it is not there. */
  containerNamed(name: string): Promise<ContainerClient>;
  /** Of Azurite's process. */
  readonly pid: number;
  /** Settles when that process has ended. */
  readonly ended: Promise<void>;
  /** Ends the connections of this client. */
  disconnect(): void;
};

/** The container that `workspaceblobstore` names. */
export const containerName = 'azureml-blobstore';

export type BlobService = {
  /** The running service; the first caller starts it. `Unavailable`, with what it said, when it does not come up. */
  open(): Promise<Blobs>;
  close(): Promise<void>;
};

type Options = { readonly folder: string; readonly authority: Authority };

export function blobService({ folder, authority }: Options): BlobService {
  let running: Promise<{ blobs: Blobs; child: ChildProcess }> | undefined;
  const start = async () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const accountKey = await secretFile(join(folder, 'account-key'), 64, 'base64');
    const port = await freePort();
    const child = startAzurite(folder, authority, port, accountKey);
    child.once('exit', () => {
      running = undefined;
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const blobs = { ...(await clientOf(port, accountKey, authority.caPem)), pid: child.pid as number, ended };
    await untilReady(blobs, child, join(folder, 'azurite.log'));
    return { blobs, child };
  };
  return {
    async open() {
      running ??= start().catch((error) => {
        running = undefined;
        throw error;
      });
      return (await running).blobs;
    },
    async close() {
      const { blobs, child } = (await running?.catch(() => undefined)) ?? {};
      blobs?.disconnect();
      if (!child || child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([ended, delay(2000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
    },
  };
}

function startAzurite(folder: string, { certFile, keyFile, caFile }: Authority, port: number, accountKey: string): ChildProcess {
  const log = openSync(join(folder, 'azurite.log'), 'a');
  const args = [
    ...['--blobHost', '127.0.0.1', '--blobPort', String(port)],
    ...['--cert', certFile, '--key', keyFile],
    ...['--location', join(folder, 'blobs')],
    // Nothing leaves the machine, and clients newer than Azurite are served.
    ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
  ];
  const child = fork(new URL('./azurite-entry.ts', import.meta.url), args, {
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
    // A copy inside the storage is fetched by Azurite from its own address.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile, AZURITE_ACCOUNTS: `${account}:${accountKey}` },
  });
  closeSync(log);
  return child;
}

async function clientOf(port: number, accountKey: string, caPem: string): Promise<Omit<Blobs, 'pid' | 'ended'>> {
  // A seventh of what a server takes to start, and many never need it.
  const { BlobServiceClient, newPipeline, StorageSharedKeyCredential } = await import('@azure/storage-blob');
  const credential = new StorageSharedKeyCredential(account, accountKey);
  const agent = new Agent({ ca: caPem, keepAlive: true });
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } });
  // Our own authority is trusted for these calls and for no other of the process.
  pipeline.factories.push({
    create: (next) => ({
      sendRequest(request) {
        request.agent = agent;
        return next.sendRequest(request);
      },
    }),
  });
  const service = new BlobServiceClient(`https://localhost:${port}/${account}`, pipeline);
  return {
    accountName: `localhost:${port}/malachite`,
    accountKey,
    credential,
    container: service.getContainerClient(containerName),
    async containerNamed(name: string) {
      const container = service.getContainerClient(name);
      await container.createIfNotExists();
      return container;
    },
    disconnect: () => agent.destroy(),
  };
}

async function untilReady({ container }: Blobs, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = performance.now() + startMs;
  let ended: string | undefined;
  child.once('exit', (code, signal) => {
    ended = `ended with ${signal ?? `exit code ${code}`}`;
  });
  while (performance.now() < deadline && ended === undefined) {
    const answers = await container.createIfNotExists().then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(50);
  }
  child.kill('SIGKILL');
  const said = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' ');
  throw new MalachiteError('Unavailable', `The blob service ${ended ?? 'does not answer'}. ${said}`.trim());
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
  });
}
