/** The contract of a workspace on adapter-azure: in front of Malachite's own Azure, and of the real one when there are credentials. */
import { DefaultAzureCredential } from '@azure/identity';
import { type AzureConfig, azureConfig, azureSupports, openAzureWorkspace } from '@malachite/adapter-azure';
import { type Malachite, startMalachite } from 'malachite';
import { contract } from 'malachite/contract';
import * as vitest from 'vitest';

let malachite: Malachite;
let config: AzureConfig;
const before = { ...process.env };

contract(vitest, {
  name: 'adapter-azure, TLS, Malachite as Azure',
  supports: azureSupports,
  async open() {
    malachite = await startMalachite();
    // Whoever set AZURE_* for the real one means the case below.
    for (const name of Object.keys(process.env)) if (name.startsWith('AZURE')) delete process.env[name];
    Object.assign(process.env, malachite.env);
    config = azureConfig(process.env);
    return openAzureWorkspace({ config, credential: new DefaultAzureCredential() });
  },
  async reopen(workspace) {
    await workspace.close();
    return openAzureWorkspace({ config, credential: new DefaultAzureCredential() });
  },
  async close(workspace) {
    await workspace.close();
    await malachite.close();
    for (const name of Object.keys(malachite.env)) delete process.env[name];
    Object.assign(process.env, before);
  },
});
