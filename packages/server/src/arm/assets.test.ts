/** Data, models and environments, with files that came over the blob wire. */

import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobService } from '../storage/blob-service.ts';
import { startTestAzure, type TestAzure } from '../test-azure.ts';
import { openAuthority } from '../tls/authority.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

const path = (...parts: string[]) => [azure.prefix, ...parts].join('/');
const put = (collection: string, name: string, version: string, properties: object) =>
  azure.ask('PUT', path(collection, name, 'versions', version), { body: { properties } });

it('what is uploaded with a signed address becomes data, by whatever form of its address', async () => {
  const { body } = await azure.ask('POST', path('datastores', 'workspaceblobstore', 'listSecrets'), {
    body: { expireAfterHours: 1 },
  });
  const datastore = (await azure.ask('GET', path('datastores', 'workspaceblobstore'))).body as {
    properties: Record<string, string>;
  };
  const { accountName, containerName } = datastore.properties;
  const base = `https://${accountName}.blob.storage.malachite/${containerName}/LocalUpload/x/rows.csv`;
  const upload = (query: string) => azure.upload(`${base}?${query}`, 'a,b\n1,2\n');
  expect(await upload((body as { sasToken: string }).sasToken)).toBe(201);
  const expired = (body as { sasToken: string }).sasToken.replace(/se=[^&]+/, 'se=2020-01-01T00%3A00%3A00Z');
  expect(await upload(expired)).toBe(403);
  const short = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/x/rows.csv';
  expect((await put('data', 'rows', '1', { dataType: 'uri_file', dataUri: short })).status).toBe(201);
  const long = `azureml:/${azure.prefix.replace('/providers/Microsoft.MachineLearningServices', '')}/datastores/workspaceblobstore/paths/LocalUpload/x/`;
  expect((await put('data', 'folder', '1', { dataType: 'uri_folder', dataUri: long })).status).toBe(201);
  expect(await azure.workspace.datasets.get({ name: 'rows' })).toMatchObject({ files: [{ path: 'rows.csv' }] });
  expect((await azure.ask('GET', path('data', 'folder'))).body).toMatchObject({
    properties: { dataType: 'uri_folder', latestVersion: '1', nextVersion: '2' },
  });
  const other = await put('data', 'rows', '1', {
    dataType: 'uri_file',
    dataUri: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/none.csv',
  });
  expect(other.status).toBe(400);
  const outside = await put('data', 'up', '1', {
    dataType: 'uri_file',
    dataUri: 'azureml://datastores/workspaceblobstore/paths/../../etc/passwd',
  });
  expect(outside.status).toBe(400);
});

it('the blob service comes back after it was killed, and keeps over an orderly end what was in it', async () => {
  const folder = join(dirname(azure.origin.caFile), '..');
  const options = { folder: join(folder, 'second'), authority: await openAuthority(join(folder, 'tls')) };
  const blobs = blobService(options);
  const again = blobService(options);
  try {
    const first = await blobs.open();
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await blobs.open();
    expect(second.pid).not.toBe(first.pid);
    await second.container.getBlockBlobClient('a.txt').upload('hello', 5);
    await blobs.close();
    const third = await again.open();
    expect((await third.container.getBlobClient('a.txt').downloadToBuffer()).toString()).toBe('hello');
  } finally {
    await blobs.close();
    await again.close();
  }
});

it('an environment is one version of one image; another is a conflict, which clients take for "the next version"', async () => {
  expect((await put('environments', 'e', '1', { image: 'a' })).status).toBe(201);
  expect((await put('environments', 'e', '1', { image: 'a', description: 'again' })).status).toBe(200);
  expect((await put('environments', 'e', '1', { image: 'b' })).status).toBe(409);
});

it('an archive is left version by version and as a whole', async () => {
  await put('components', 'c', '1', { componentSpec: { name: 'c', type: 'command' } });
  await azure.ask('PUT', path('components', 'c'), { body: { properties: { isArchived: true } } });
  const listed = async () => ((await azure.ask('GET', path('components'))).body as { value: unknown[] }).value.length;
  expect(await listed()).toBe(0);
  await azure.ask('PUT', path('components', 'c'), { body: { properties: { isArchived: false } } });
  expect(await listed()).toBe(1);
  expect((await azure.ask('GET', path('components', 'c', 'versions', 'azureml_default'))).body).toMatchObject({ name: '1' });
});

it('the only label is latest', async () => {
  for (const version of ['1', '2']) await put('environments', 'labelled', version, { image: `image:${version}` });
  expect((await azure.ask('GET', path('environments', 'labelled', 'labels', 'latest'))).body).toMatchObject({ name: '2' });
  expect((await azure.ask('GET', path('environments', 'labelled', 'labels', 'prod'))).status).toBe(404);
});

it('lists come in pages of a hundred, with an address for the next', async () => {
  for (let i = 0; i < 130; i++) await put('codes', `code-${i}`, '1', { codeUri: 'https://x/y' });
  type Page = { value: { name: string }[]; nextLink?: string };
  const first = (await azure.ask('GET', path('codes'))).body as Page;
  expect([first.value.length, first.nextLink?.startsWith(azure.origin.url)]).toEqual([100, true]);
  const next = new URL(first.nextLink as string);
  const second = (await azure.ask('GET', next.pathname + next.search)).body as Page;
  expect([second.value.length, second.nextLink]).toEqual([30, undefined]);
  expect(((await azure.ask('GET', `${path('codes')}?$top=3`)).body as Page).value.length).toBe(3);
});
