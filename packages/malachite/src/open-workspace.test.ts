import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorkspace } from './open-workspace.ts';
import { serveWorkspace } from './serving/serve-workspace.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malachite-open-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ MALACHITE_HOME: home, ...more });

describe('openWorkspace', () => {
  test('without a server opens the home in this process, and what is recorded stays', async () => {
    const first = await openWorkspace(env());
    expect(first.backend).toBe('local');
    await first.compute.create({ name: 'cpu' });
    await first.close();
    const second = await openWorkspace(env());
    expect((await second.compute.list({})).map(({ name }) => name)).toEqual(['cpu']);
    await second.close();
  });

  test('uses the server that runs for the home, and that alone', async () => {
    const served = await serveWorkspace({ home, host: '127.0.0.1', port: 0, verbose: false });
    const throughHttp = await openWorkspace(env());
    expect(throughHttp.backend).toBe('http');
    await throughHttp.compute.create({ name: 'cpu' });
    expect(await served.workspace.compute.get({ name: 'cpu' })).toMatchObject({ name: 'cpu' });
    const byAddress = await openWorkspace({ MALACHITE_HOME: '/nowhere', MALACHITE_ENDPOINT: served.url });
    expect(await byAddress.compute.list({})).toHaveLength(1);
    await Promise.all([throughHttp.close(), byAddress.close()]);
    await served.close();

    const local = await openWorkspace(env());
    expect(local.backend).toBe('local');
    await local.close();
  });

  test('is not misled by the record of a server that is dead, nor by one that another process now has the number of', async () => {
    for (const pid of [2 ** 22 - 3, process.pid]) {
      await writeFile(join(home, 'server.json'), JSON.stringify({ url: 'http://127.0.0.1:9', pid, startedAt: '' }));
      const workspace = await openWorkspace(env());
      expect(workspace.backend).toBe('local');
      await workspace.close();
    }
  });

  test('says what is missing for Azure, and which backends there are', async () => {
    await expect(openWorkspace(env({ MALACHITE_BACKEND: 'azure', AZURE_RESOURCE_GROUP: 'rg' }))).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(/Set AZURE_SUBSCRIPTION_ID, AZUREML_WORKSPACE_NAME, or put the config.json/),
    });
    const failure = await openWorkspace(env({ MALACHITE_BACKEND: 'aws' })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MalachiteError);
    expect((failure as MalachiteError).message).toBe('MALACHITE_BACKEND is "aws"; it can be local or azure.');
    await expect(openWorkspace({ MALACHITE_ENDPOINT: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
