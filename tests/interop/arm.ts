/** An ordinary program over Azure's npm client. Nothing in it knows Malachite but the address, which every sovereign cloud needs too. */
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { DefaultAzureCredential } from '@azure/identity';

const { AZURE_SUBSCRIPTION_ID = '', AZURE_RESOURCE_GROUP: group = '', AZUREML_WORKSPACE_NAME: name = '' } = process.env;
const endpoint = process.env.AZURE_RESOURCE_MANAGER_ENDPOINT;
const client = new AzureMachineLearningWorkspaces(new DefaultAzureCredential(), AZURE_SUBSCRIPTION_ID, { endpoint });

const workspace = await client.workspaces.get(group, name);
console.log(workspace.name, workspace.discoveryUrl);

const cluster = await client.computeOperations.beginCreateOrUpdateAndWait(group, name, 'npm-cluster', {
  location: workspace.location,
  properties: {
    computeType: 'AmlCompute',
    properties: { vmSize: 'Standard_DS3_v2', scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } },
  },
});
console.log(cluster.name, cluster.properties?.provisioningState);
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

const created = await client.onlineEndpoints.beginCreateOrUpdateAndWait(group, name, 'npm-endpoint', {
  location: workspace.location ?? 'local',
  properties: { authMode: 'Key' },
});
console.log(created.name, created.properties.scoringUri);
const before = await client.onlineEndpoints.listKeys(group, name, 'npm-endpoint');
await client.onlineEndpoints.beginRegenerateKeysAndWait(group, name, 'npm-endpoint', { keyType: 'Primary' });
const after = await client.onlineEndpoints.listKeys(group, name, 'npm-endpoint');
if (before.primaryKey === after.primaryKey || before.secondaryKey !== after.secondaryKey)
  throw new Error('The wrong key was replaced.');
await client.onlineEndpoints.beginDeleteAndWait(group, name, 'npm-endpoint');
await client.computeOperations.beginDeleteAndWait(group, name, 'npm-cluster', 'Delete');
const missing = await client.computeOperations.get(group, name, 'npm-cluster').catch((error: { code?: string }) => error.code);
if (missing !== 'ResourceNotFound') throw new Error(`A deleted cluster answers ${JSON.stringify(missing)}.`);
for await (const job of client.jobs.list(group, name)) console.log('job', job.name);
console.log('done');
