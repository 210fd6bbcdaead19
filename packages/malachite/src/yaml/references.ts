/** Paths in YAML: a reference into the workspace stays, a local path becomes absolute, from the file's own folder. */
import { resolve } from 'node:path';
import { MalachiteError } from '@malachite/core';

/** Whether the text names something in the workspace (or an expression of a pipeline) rather than a local path. */
export function isReference(path: string): boolean {
  return /^azureml:/.test(path) || /^runs:\//.test(path) || /^\$\{\{.*\}\}$/.test(path) || /^[\w.-]+[:@][\w.-]+$/.test(path);
}

/**
 * The reference as it is, or the local path made absolute. Addresses of other services (`https://`, `abfss://`,
 * `azureml://datastores/…`) are `NotSupported`: Malachite reads what is on this machine.
 */
export function referenceOrLocal(path: string, folder: string): string {
  if (
    /^azureml:\/\/(datastores|registries|locations|subscriptions)\//.test(path) ||
    (/^[a-z][a-z0-9+.-]+:\/\//i.test(path) && !isReference(path))
  ) {
    throw new MalachiteError('NotSupported', `"${path}" is not on this machine. Download it first and give the local path.`);
  }
  return isReference(path) ? path : resolve(folder, path);
}
