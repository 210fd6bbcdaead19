import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestAzure, type TestAzure } from '../test-azure.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

type Pending = { blobReferenceForConsumption: { blobUri: string; credential: { sasUri: string } } };
const pendingUpload = async (name: string) => {
  const { body } = await azure.ask('POST', `${azure.prefix}/codes/${name}/versions/1/startPendingUpload`, { body: {} });
  const { blobUri, credential } = (body as Pending).blobReferenceForConsumption;
  return { blobUri, query: new URL(credential.sasUri).search };
};

it('two folders of code with one name lie apart, and what may be written to one may not be written to the other', async () => {
  const [one, two] = [await pendingUpload('one'), await pendingUpload('two')];
  expect(one.blobUri).not.toBe(two.blobUri);
  expect((await pendingUpload('ONE')).blobUri).toBe(one.blobUri);
  expect(await azure.upload(`${one.blobUri}/src/score.py${one.query}`, 'one')).toBe(201);
  expect(await azure.upload(`${two.blobUri}/src/score.py${two.query}`, 'two')).toBe(201);
  expect(await azure.upload(`${two.blobUri}/src/score.py${one.query}`, 'three')).toBe(403);
  for (const [name, { blobUri }] of Object.entries({ one, two })) {
    // Azure's storage has another port after a restart; what was registered is found all the same.
    const dataUri = `${blobUri.replace(/:\d+/, ':1')}/src`;
    const put = await azure.ask('PUT', `${azure.prefix}/data/${name}/versions/1`, {
      body: { properties: { dataType: 'uri_folder', dataUri } },
    });
    expect(put.status).toBe(201);
    const { files } = await azure.workspace.datasets.get({ name });
    const chunks: Uint8Array[] = [];
    for await (const chunk of azure.workspace.datastore.get({ sha256: files[0]?.sha256 as string })) chunks.push(chunk);
    expect([files[0]?.path, Buffer.concat(chunks).toString()]).toEqual(['score.py', name]);
  }
});

it('an address of storage that is no text is an error of the caller', async () => {
  const { blobUri } = await pendingUpload('one');
  const put = await azure.ask('PUT', `${azure.prefix}/data/odd/versions/1`, {
    body: { properties: { dataType: 'uri_folder', dataUri: `${blobUri}/%E0%A4%A` } },
  });
  expect(put.status).toBe(400);
});
