/** An ordinary program over Azure's npm client. Nothing in it knows Malachite but the address, which every sovereign cloud needs too. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type AmlCompute, AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { DefaultAzureCredential } from '@azure/identity';
import { ContainerClient } from '@azure/storage-blob';

const { AZURE_SUBSCRIPTION_ID = '', AZURE_RESOURCE_GROUP: group = '', AZUREML_WORKSPACE_NAME: name = '' } = process.env;
const endpoint = process.env.AZURE_RESOURCE_MANAGER_ENDPOINT;
const client = new AzureMachineLearningWorkspaces(new DefaultAzureCredential(), AZURE_SUBSCRIPTION_ID, { endpoint });

const workspace = await client.workspaces.get(group, name);
console.log(workspace.name, workspace.discoveryUrl);

const changed = await client.workspaces.beginCreateOrUpdateAndWait(group, name, {
  location: workspace.location,
  tags: { a: 'b' },
});
assert.deepEqual(changed.tags, { a: 'b' });
const refused = await client.workspaces.beginDeleteAndWait(group, name).catch((error: { code?: string }) => error.code);
assert.equal(refused, 'NotEmulated');

const cluster = await client.computeOperations.beginCreateOrUpdateAndWait(group, name, 'npm-cluster', {
  location: workspace.location,
  properties: {
    computeType: 'AmlCompute',
    properties: { vmSize: 'Standard_DS3_v2', scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } },
  },
});
console.log(cluster.name, cluster.properties?.provisioningState);
const scaleSettings = { minNodeCount: 0, maxNodeCount: 3 };
await client.computeOperations.beginUpdateAndWait(group, name, 'npm-cluster', { properties: { scaleSettings } });
const { properties: scaled } = await client.computeOperations.get(group, name, 'npm-cluster');
assert.equal((scaled as AmlCompute).properties?.scaleSettings?.maxNodeCount, 3);
for await (const each of client.computeOperations.list(group, name)) console.log('cluster', each.name);

const datastore = await client.datastores.get(group, name, 'workspaceblobstore');
console.log(
  datastore.properties.datastoreType,
  (await client.datastores.listSecrets(group, name, 'workspaceblobstore')).secretsType,
);
await client.environmentVersions.createOrUpdate(group, name, 'npm-environment', '1', {
  properties: { image: 'mcr.microsoft.com/x' },
});
for await (const each of client.environmentVersions.list(group, name, 'npm-environment')) console.log('environment', each.name);

// Code, components and environments: containers and versions.
const isAnonymous = false;
await client.codeVersions.createOrUpdate(group, name, 'npm-code', '1', {
  properties: { codeUri: 'https://example.invalid/code', isAnonymous },
});
assert.equal((await client.codeVersions.get(group, name, 'npm-code', '1')).properties.codeUri, 'https://example.invalid/code');
const component = { name: 'npm-component', version: '1', type: 'command', command: 'echo', environment: 'azureml:e:1' };
await client.componentVersions.createOrUpdate(group, name, 'npm-component', '1', { properties: { componentSpec: component } });
for await (const each of client.componentVersions.list(group, name, 'npm-component')) assert.equal(each.name, '1');
for (const [containers, asset] of [
  [client.codeContainers, 'npm-code'],
  [client.componentContainers, 'npm-component'],
  [client.environmentContainers, 'npm-environment'],
] as const) {
  assert.equal((await containers.get(group, name, asset)).properties.latestVersion, '1');
  await containers.createOrUpdate(group, name, asset, { properties: { isArchived: true } });
  assert.equal((await containers.get(group, name, asset)).properties.isArchived, true);
  for await (const each of containers.list(group, name)) assert.notEqual(each.name, asset);
}

// A model from a file that the storage client uploads with the datastore's secret.
const store = datastore.properties as { readonly accountName?: string; readonly containerName?: string };
const { sasToken } = (await client.datastores.listSecrets(group, name, 'workspaceblobstore')) as { readonly sasToken?: string };
const container = new ContainerClient(`https://${store.accountName}.blob.storage.malachite/${store.containerName}?${sasToken}`);
const fixtures = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'models');
await container.getBlockBlobClient('npm/loans.onnx').uploadFile(join(fixtures, 'loans.onnx'));
const modelUri = 'azureml://datastores/workspaceblobstore/paths/npm/loans.onnx';
const model = await client.modelVersions.createOrUpdate(group, name, 'npm-model', '1', {
  properties: { modelUri, modelType: 'custom_model' },
});

const created = await client.onlineEndpoints.beginCreateOrUpdateAndWait(group, name, 'npm-endpoint', {
  location: workspace.location ?? 'local',
  properties: { authMode: 'Key' },
});
console.log(created.name, created.properties.scoringUri);
const before = await client.onlineEndpoints.listKeys(group, name, 'npm-endpoint');
await client.onlineEndpoints.beginRegenerateKeysAndWait(group, name, 'npm-endpoint', { keyType: 'Primary' });
const after = await client.onlineEndpoints.listKeys(group, name, 'npm-endpoint');
assert.ok(before.primaryKey !== after.primaryKey && before.secondaryKey === after.secondaryKey, 'the wrong key was replaced');
await client.onlineEndpoints.beginUpdateAndWait(group, name, 'npm-endpoint', { tags: { c: 'd' } });
assert.deepEqual((await client.onlineEndpoints.get(group, name, 'npm-endpoint')).tags, { c: 'd' });
const deployed = await client.onlineDeployments.beginCreateOrUpdateAndWait(group, name, 'npm-endpoint', 'blue', {
  location: workspace.location ?? 'local',
  sku: { name: 'Default', capacity: 1 },
  properties: { endpointComputeType: 'Managed', model: model.id, instanceType: 'Standard_DS2_v2' },
});
console.log(deployed.name, deployed.properties.provisioningState);
const sku = { name: 'Default', capacity: 2 };
await client.onlineDeployments.beginUpdateAndWait(group, name, 'npm-endpoint', 'blue', { sku, tags: { e: 'f' } });
const blue = await client.onlineDeployments.get(group, name, 'npm-endpoint', 'blue');
assert.deepEqual([blue.sku?.capacity, blue.tags], [2, { e: 'f' }]);
for await (const each of client.onlineDeployments.listSkus(group, name, 'npm-endpoint', 'blue'))
  console.log('sku', each.sku?.name);
assert.ok((await client.onlineDeployments.getLogs(group, name, 'npm-endpoint', 'blue', { tail: 20 })).content);
await client.onlineEndpoints.beginDeleteAndWait(group, name, 'npm-endpoint');
await client.computeOperations.beginDeleteAndWait(group, name, 'npm-cluster', 'Delete');
const missing = await client.computeOperations.get(group, name, 'npm-cluster').catch((error: { code?: string }) => error.code);
assert.equal(missing, 'ResourceNotFound');
for await (const job of client.jobs.list(group, name)) console.log('job', job.name);
console.log('done');
