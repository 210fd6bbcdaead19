/** Online endpoints and deployments in ARM's words. */
import { readFileSync } from 'node:fs';
import { settledDeployment } from '@malachite/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestAzure, type TestAzure } from '../test-azure.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
  const onnx = readFileSync(new URL('../../../../fixtures/models/loans.onnx', import.meta.url));
  const { sha256 } = await azure.workspace.datastore.put(bytes(onnx));
  await azure.workspace.models.create({ name: 'loans', files: [{ path: 'model.onnx', sha256 }] });
});
afterAll(() => azure.close());

async function* bytes(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}

const endpoint = (name: string) => `${azure.prefix}/onlineEndpoints/${name}`;
const deployed = (properties: object, capacity = 1) => ({
  location: 'local',
  sku: { name: 'Default', capacity },
  properties: { endpointComputeType: 'Managed', model: `${azure.prefix}/models/loans/versions/1`, ...properties },
});

it('a deployment says where its progress is read, and that it has succeeded', async () => {
  expect((await azure.ask('PUT', endpoint('loans'), { body: { properties: { authMode: 'Key' } } })).status).toBe(201);
  const probe = { initialDelay: 'PT5S', period: 'PT10S', timeout: 'PT2S', failureThreshold: 3, successThreshold: 1 };
  const body = deployed({ livenessProbe: probe, requestSettings: { requestTimeout: 'PT5S' }, unknown: { kept: true } });
  const made = await azure.ask('PUT', `${endpoint('loans')}/deployments/blue`, { body });
  expect([made.status, made.headers['retry-after']]).toEqual([201, '1']);
  const operation = new URL(made.headers['azure-asyncoperation'] as string);
  expect((await azure.ask('GET', operation.pathname)).body).toMatchObject({
    status: expect.stringMatching(/InProgress|Succeeded/),
  });
  await settledDeployment(azure.workspace.deployment, { endpointName: 'loans', name: 'blue' });
  expect((await azure.ask('GET', operation.pathname)).body).toMatchObject({ status: 'Succeeded' });
  expect((await azure.ask('GET', `${endpoint('loans')}/deployments/blue`)).body).toMatchObject({
    sku: { capacity: 1 },
    properties: {
      provisioningState: 'Succeeded',
      livenessProbe: probe,
      requestSettings: { requestTimeout: 'PT5S' },
      scaleSettings: { scaleType: 'Default' },
      unknown: { kept: true },
    },
  });
});

it('the same again starts nothing, another capacity scales, traffic and keys change', async () => {
  const path = `${endpoint('loans')}/deployments/blue`;
  const again = await azure.ask('PUT', path, { body: deployed({}, 2) });
  expect([again.status, again.headers['azure-asyncoperation']]).toEqual([200, undefined]);
  expect((await azure.ask('PATCH', path, { body: { sku: { capacity: 1 } } })).body).toMatchObject({ sku: { capacity: 1 } });
  const traffic = { properties: { traffic: { blue: 100 } } };
  expect((await azure.ask('PUT', endpoint('loans'), { body: traffic })).body).toMatchObject(traffic);
  const keys = async () => (await azure.ask('POST', `${endpoint('loans')}/listKeys`)).body as Record<string, string>;
  const before = await keys();
  await azure.ask('POST', `${endpoint('loans')}/regenerateKeys`, {
    body: { keyType: 'Secondary', keyValue: before.secondaryKey },
  });
  const after = await keys();
  expect([after.primaryKey === before.primaryKey, after.secondaryKey === before.secondaryKey]).toEqual([true, false]);
  expect((await azure.ask('DELETE', path)).status).toBe(409);
});

it('a script that does not start fails the operation with its own words', async () => {
  const { sha256 } = await azure.workspace.datastore.put(
    bytes(Buffer.from('export function init() { throw new Error("no luck"); }\nexport const run = () => 1;\n')),
  );
  await azure.workspace.deployment.createDeployment({
    endpointName: 'loans',
    name: 'broken',
    model: 'azureml:loans:1',
    codeConfiguration: { scoringScript: 'score.js', files: [{ path: 'score.js', sha256 }] },
  });
  await settledDeployment(azure.workspace.deployment, { endpointName: 'loans', name: 'broken' });
  const path =
    '/subscriptions/s/providers/Microsoft.MachineLearningServices/locations/local/mfeOperationsStatus/odidp:loans:broken';
  expect((await azure.ask('GET', path)).body).toMatchObject({
    status: 'Failed',
    error: { message: expect.stringContaining('no luck') },
  });
});

it('an endpoint with a token has one and no keys; other modes are refused', async () => {
  await azure.ask('PUT', endpoint('tokened'), { body: { properties: { authMode: 'AMLToken' } } });
  expect((await azure.ask('POST', `${endpoint('tokened')}/token`)).body).toMatchObject({
    tokenType: 'Bearer',
    accessToken: expect.any(String),
  });
  expect((await azure.ask('POST', `${endpoint('tokened')}/listKeys`)).status).toBe(400);
  expect((await azure.ask('PUT', endpoint('aad'), { body: { properties: { authMode: 'AADToken' } } })).status).toBe(501);
  expect((await azure.ask('PUT', endpoint('odd'), { body: { properties: { authMode: 'odd' } } })).status).toBe(400);
});
