export { type AzureConfig, azureConfig } from './config.ts';
export { type AzureWorkspaceOptions, azureSupports, openAzureWorkspace } from './workspace.ts';
