/** Addresses and ids of ARM: any subscription and resource group name the one workspace, and ids answer in the caller's own names. */
import { MalachiteError } from '@malachite/core';

const provider = 'providers/Microsoft.MachineLearningServices';

/** The route of a workspace; resources hang below it. Matched without case. */
export const workspacesRoute = `/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/${provider}/workspaces`;
export const workspaceRoute = `${workspacesRoute}/:workspaceName`;

/** The names in the address of a request: what its answer's ids are made of. */
export type Scope = { readonly subscriptionId: string; readonly resourceGroup: string; readonly workspaceName: string };

/** The ARM id of a workspace, or of something in it: `idOf(scope, 'computes', 'cpu')`. */
export function idOf(scope: Scope, ...segments: readonly string[]): string {
  const workspace = `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}/${provider}/workspaces/${scope.workspaceName}`;
  return [workspace, ...segments].join('/');
}

/** The ARM type of a resource in a workspace: `typeOf('computes')`. */
export const typeOf = (...collections: readonly string[]): string =>
  ['Microsoft.MachineLearningServices/workspaces', ...collections].join('/');

/**
 * The last name in an id such as `/subscriptions/…/computes/cpu`, or the text itself when it is a name.
 * @throws MalachiteError `InvalidInput` when an id is of another collection.
 */
export function nameInId(text: string, collection: string): string {
  if (!text.includes('/')) return text;
  const [, name] = new RegExp(`/${collection}/([^/]+)/?$`, 'i').exec(text) ?? [];
  if (!name) throw new MalachiteError('InvalidInput', `"${text}" is not the id of one of the ${collection}.`);
  return name;
}

/** An id as the Python client makes it of `azureml:bank@latest`, with the prefix left in the name: without it. */
export const withoutPrefix = (id: string): string => id.replace(/\/(data|models|environments|components)\/azureml:/i, '/$1/');

/** @throws MalachiteError `NotSupported` for an asset of a registry. */
export function mustBeOfWorkspace(id: string): void {
  if (!/^azureml:\/\/(?:registries|feeds)\//i.test(id)) return;
  throw new MalachiteError(
    'NotSupported',
    `"${id}" lies in a registry. Registries are not emulated: register the asset in the workspace.`,
  );
}
