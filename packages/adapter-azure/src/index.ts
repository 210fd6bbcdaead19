export { type AzureConfig, type AzureNames, azureConfig } from './config.ts';
