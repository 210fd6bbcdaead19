import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { azureConfig } from './config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malachite-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = { AZURE_SUBSCRIPTION_ID: 's', AZURE_RESOURCE_GROUP: 'g', AZUREML_WORKSPACE_NAME: 'w' };

test('the variables name the workspace, in Azure’s public cloud unless they say otherwise', () => {
  expect(azureConfig(names, folder)).toEqual({
    subscriptionId: 's',
    resourceGroup: 'g',
    workspaceName: 'w',
    endpoint: 'https://management.azure.com',
    logsEndpoint: 'https://api.loganalytics.io',
  });
  const elsewhere = {
    AZURE_RESOURCE_MANAGER_ENDPOINT: 'https://localhost:1/',
    AZURE_MONITOR_LOGS_ENDPOINT: 'https://localhost:1',
  };
  expect(azureConfig({ ...names, ...elsewhere }, folder)).toMatchObject({
    endpoint: 'https://localhost:1',
    logsEndpoint: 'https://localhost:1',
  });
});

test('otherwise the portal’s config.json does, in the folder, in .azureml, or above; other files of that name do not', () => {
  const below = join(folder, 'a', 'b');
  mkdirSync(below, { recursive: true });
  mkdirSync(join(folder, '.azureml'));
  writeFileSync(join(below, 'config.json'), '{"port": 1}');
  const config = { subscription_id: 's', resource_group: 'g', workspace_name: 'w' };
  writeFileSync(join(folder, '.azureml', 'config.json'), JSON.stringify(config));
  expect(azureConfig({}, below)).toMatchObject({ subscriptionId: 's', resourceGroup: 'g', workspaceName: 'w' });
});

test('says which variable is missing, and which field', () => {
  expect(() => azureConfig({ ...names, AZURE_RESOURCE_GROUP: '' }, folder)).toThrow(
    /Set AZURE_RESOURCE_GROUP, or put the config.json/,
  );
  writeFileSync(join(folder, 'config.json'), '{"workspace_name": "w"}');
  expect(() => azureConfig({}, folder)).toThrow(/needs subscription_id, resource_group and workspace_name/);
});
