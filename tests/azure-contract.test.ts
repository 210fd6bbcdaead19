/**
 * The contract of a workspace on adapter-azure in front of Malachite's own Azure, and that what it sends is what Azure says
 * that it takes. `malachite parity --against azure` runs the contract on the real one.
 */
import { DefaultAzureCredential } from '@azure/identity';
import { type AzureConfig, azureConfig, azureSupports, openAzureWorkspace } from '@malachite/adapter-azure';
import { type AssetFile, settledDeployment, type Workspace } from '@malachite/core';
import { type Malachite, startMalachite } from 'malachite';
import { contract } from 'malachite/contract';
import * as vitest from 'vitest';
import { recordRequests } from './azure-requests.ts';

let malachite: Malachite;
let config: AzureConfig;
const before = { ...process.env };
const recorder = recordRequests();
const open = () => openAzureWorkspace({ config, credential: new DefaultAzureCredential(), httpClient: recorder.httpClient });

vitest.beforeAll(async () => {
  malachite = await startMalachite();
  // Whoever set AZURE_* for the real one does not mean this.
  for (const name of Object.keys(process.env)) if (name.startsWith('AZURE')) delete process.env[name];
  Object.assign(process.env, malachite.env);
  config = azureConfig(process.env);
}, 60_000);
vitest.afterAll(async () => {
  await malachite.close();
  for (const name of Object.keys(malachite.env)) delete process.env[name];
  Object.assign(process.env, before);
});

contract(vitest, {
  name: 'adapter-azure, TLS, Malachite as Azure',
  supports: azureSupports,
  open,
  async reopen(workspace) {
    await workspace.close();
    return open();
  },
});

vitest.test(
  'a script is deployed with its files, an environment and its model',
  async () => {
    const workspace = await open();
    vitest.onTestFinished(() => workspace.close());
    const { models, deployment } = workspace;
    await models.create({ name: 'factor', files: [await kept(workspace, 'factor.txt', '3')] });
    await deployment.createEndpoint({ name: 'scripted' });
    const blue = { endpointName: 'scripted', name: 'blue' };
    const script = await kept(
      workspace,
      'score.mjs',
      'export const init = () => {};\nexport const run = (data) => ({ tripled: 3 * JSON.parse(data).x });',
    );
    const codeConfiguration = { scoringScript: 'score.mjs', files: [script] };
    await deployment.createDeployment({ ...blue, model: 'azureml:factor:1', codeConfiguration });
    vitest
      .expect(await settledDeployment(deployment, blue))
      .toMatchObject({ error: null, provisioningState: 'Succeeded', codeConfiguration });
    await deployment.updateEndpoint({ name: 'scripted', traffic: { blue: 100 } });
    vitest
      .expect(await deployment.invoke({ name: 'scripted', body: '{"x": 14}' }))
      .toMatchObject({ status: 200, body: '{"tripled":42}' });
  },
  60_000,
);

vitest.test('every body that was sent is one that Azure takes', () => {
  vitest.expect(recorder.faults()).toEqual([]);
  vitest
    .expect(recorder.kinds())
    .toEqual([
      'CodeVersion',
      'ComponentVersion',
      'ComputeResource',
      'DataContainer',
      'DataVersionBase',
      'DeploymentLogsRequest',
      'EnvironmentVersion',
      'JobBase',
      'ModelContainer',
      'ModelVersion',
      'OnlineDeployment',
      'OnlineEndpoint',
      'RegenerateEndpointKeysRequest',
    ]);
});

async function kept({ datastore }: Workspace, path: string, text: string): Promise<AssetFile> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return { path, ...(await datastore.put(bytes())) };
}
