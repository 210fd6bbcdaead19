/** An application's own tests, as others write them: unmodified clients against a Malachite in this process. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openWorkspace } from './open-workspace.ts';
import { type Malachite, startMalachite } from './start-malachite.ts';

let malachite: Malachite;
beforeAll(async () => {
  malachite = await startMalachite();
});
afterEach(() => malachite.reset());
afterAll(() => malachite.close());

/** What DefaultAzureCredential does, with the token endpoint of the variables. */
async function token(env = malachite.env): Promise<string> {
  const response = await fetch(
    `${env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${env.AZURE_RESOURCE_MANAGER_ENDPOINT}`,
    {
      headers: { 'x-identity-header': env.IDENTITY_HEADER as string },
    },
  );
  return ((await response.json()) as { access_token: string }).access_token;
}

const computesUrl = () =>
  `${malachite.azureUrl}/subscriptions/${malachite.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/local/providers/` +
  'Microsoft.MachineLearningServices/workspaces/local/computes?api-version=2022-10-01';

async function computes(bearer: string): Promise<string[]> {
  const response = await fetch(computesUrl(), { headers: { authorization: `Bearer ${bearer}` } });
  return ((await response.json()) as { value: { name: string }[] }).value.map(({ name }) => name);
}

describe('startMalachite', () => {
  test('is one workspace by its object, by its variables and by Azure’s address, whose certificate this process trusts', async () => {
    await malachite.workspace.compute.create({ name: 'cpu' });
    const throughHttp = await openWorkspace(malachite.env);
    expect(throughHttp.backend).toBe('http');
    expect((await throughHttp.compute.list({})).map(({ name }) => name)).toEqual(['cpu']);
    await throughHttp.close();
    expect(await computes(await token())).toEqual(['cpu']);
  });

  test('child processes find it by the variables alone', async () => {
    await malachite.workspace.compute.create({ name: 'cpu' });
    const script = `
      const response = await fetch(process.argv[1], { headers: { authorization: 'Bearer ' + process.argv[2] } });
      console.log((await response.json()).value[0].name);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script, computesUrl(), await token()],
      { env: malachite.env },
    );
    expect(stdout.trim()).toBe('cpu');
  });

  test('a reset empties it; addresses, tokens and the workspace object stay good', async () => {
    const { workspace, url, azureUrl } = malachite;
    const bearer = await token();
    await workspace.compute.create({ name: 'cpu' });
    const { sha256 } = await workspace.datastore.put(bytes('a,b\n1,2\n'));
    await workspace.datasets.create({ name: 'rows', files: [{ path: 'rows.csv', sha256 }] });
    await malachite.reset();
    expect([malachite.url, malachite.azureUrl]).toEqual([url, azureUrl]);
    expect(await workspace.compute.list({})).toEqual([]);
    expect(await workspace.datasets.list({ includeArchived: true })).toEqual([]);
    expect(await computes(bearer)).toEqual([]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await workspace.compute.create({ name: 'after' });
    expect(await computes(bearer)).toEqual(['after']);
  });

  test('two share nothing, and one that is closed leaves no folder and nobody who listens', async () => {
    const other = await startMalachite();
    await other.workspace.compute.create({ name: 'elsewhere' });
    expect(await malachite.workspace.compute.list({})).toEqual([]);
    expect(existsSync(other.env.MALACHITE_HOME as string)).toBe(true);
    await other.workspace.close();
    expect(existsSync(other.env.MALACHITE_HOME as string)).toBe(false);
    await expect(fetch(`${other.url}/healthz`)).rejects.toThrow();
    // Its certificate is forgotten; ours is not.
    expect(await computes(await token())).toEqual([]);
  });
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
