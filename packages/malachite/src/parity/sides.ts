/** The workspaces that the contract is run on: each opened empty, or under names of its own, and left as it was found. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Supports, supportsAll, type Workspace } from '@malachite/core';
import { ownNames, removeOwn } from './own-names.ts';

export const sideNames = ['local', 'http', 'facade', 'azure'] as const;
export type SideName = (typeof sideNames)[number];

export type Side = {
  readonly name: string;
  readonly supports: Supports;
  /** As the contract's harness has it. */
  readonly patienceMs?: number;
  open(): Promise<Workspace>;
  reopen(workspace: Workspace): Promise<Workspace>;
  close(workspace: Workspace): Promise<void>;
};

/** @param note Told what a run costs, and what it could not remove. */
export async function openSide(name: SideName, env: NodeJS.ProcessEnv, note: (line: string) => void): Promise<Side> {
  if (name === 'local') return localSide();
  if (name === 'http') return httpSide();
  return name === 'facade' ? facadeSide() : azureSide(env, note);
}

function localSide(): Side {
  let home: string;
  const open = async () => (await import('@malachite/adapter-local')).openLocalWorkspace({ home });
  return {
    name: 'local',
    supports: supportsAll,
    async open() {
      home = await mkdtemp(join(tmpdir(), 'malachite-parity-'));
      return open();
    },
    async reopen(workspace) {
      await workspace.close();
      const reopened = await open();
      await reopened.restored;
      return reopened;
    },
    async close(workspace) {
      await workspace.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

type Started = Awaited<ReturnType<typeof import('../start-malachite.ts')['startMalachite']>>;

/** A client of a Malachite that is started for it. */
function started(name: string, supports: Supports, connect: (malachite: Started) => Promise<Workspace>): Side {
  let malachite: Started;
  return {
    name,
    supports,
    async open() {
      const { startMalachite } = await import('../start-malachite.ts');
      malachite = await startMalachite();
      return connect(malachite);
    },
    async reopen(workspace) {
      await workspace.close();
      return connect(malachite);
    },
    async close(workspace) {
      await workspace.close();
      await malachite.close();
    },
  };
}

const httpSide = (): Side =>
  started('HTTP client', supportsAll, async ({ url }) => (await import('@malachite/adapter-http')).openHttpWorkspace({ url }));

async function facadeSide(): Promise<Side> {
  const { azureConfig, azureSupports, openAzureWorkspace } = await import('@malachite/adapter-azure');
  return started('Azure adapter, our facade', azureSupports, ({ env }) =>
    openAzureWorkspace({ config: azureConfig(env), credential: { getToken: (scopes) => managedIdentityToken(env, scopes) } }),
  );
}

/** As DefaultAzureCredential asks for it; that one reads the variables of this process, which may mean another Azure. */
async function managedIdentityToken(env: Readonly<Record<string, string>>, scopes: string | string[]) {
  const resource = (Array.isArray(scopes) ? (scopes[0] as string) : scopes).replace(/\/\.default$/, '');
  const address = `${env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
  const response = await fetch(address, { headers: { 'X-IDENTITY-HEADER': env.IDENTITY_HEADER ?? '' } });
  const { access_token, expires_on } = (await response.json()) as { access_token: string; expires_on: string };
  return { token: access_token, expiresOnTimestamp: 1000 * Number(expires_on) };
}

async function azureSide(env: NodeJS.ProcessEnv, note: (line: string) => void): Promise<Side> {
  const { azureConfig, azureSupports, openAzureWorkspace } = await import('@malachite/adapter-azure');
  const config = azureConfig(env);
  // Names of endpoints are unique in a whole region.
  const prefix = `m${randomBytes(2).toString('hex')}-`;
  const open = async () => ownNames(await openAzureWorkspace({ config }), prefix);
  return {
    name: 'Azure',
    supports: azureSupports,
    patienceMs: 15 * 60_000,
    async open() {
      note(costEstimate);
      note(`Everything is made in workspace "${config.workspaceName}" under names that begin with "${prefix}".`);
      return open();
    },
    async reopen(workspace) {
      await workspace.close();
      return open();
    },
    async close(workspace) {
      // A case that was interrupted makes nothing more.
      await workspace.close();
      // With Azure's own names again.
      const own = await openAzureWorkspace({ config });
      for (const sentence of await removeOwn(own, prefix)) note(`Not removed: ${sentence}`);
      await own.close();
    },
  };
}

/**
 * The contract trains about 9 jobs of a quarter to half an hour on one node, three of them in pipelines, and keeps up to 3
 * instances for about 2 hours; a Standard_DS3_v2 is about 0.30 USD an hour where Azure is cheap.
 */
const [jobs, instances, hourUsd] = [9, 3, 0.3];
const costEstimate = `This costs money: about ${(hourUsd * (jobs * 0.5 + instances * 2)).toFixed(0)} USD (${jobs} AutoML jobs of up to half an hour, ${instances} instances for 2 hours, each a Standard_DS3_v2 at about ${hourUsd.toFixed(2)} USD an hour), and 4 hours.`;
