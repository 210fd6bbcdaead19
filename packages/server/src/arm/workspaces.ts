/** The workspace itself, under whatever names the caller's program has for it. */
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { type Facade, location } from './facade.ts';
import { idOf, type Scope, workspaceRoute, workspacesRoute } from './paths.ts';
import { type JsonObject, objectAt, over, resource } from './resource.ts';

/** There is one, made when the home folder was. */
const createdAt = '2026-01-01T00:00:00.000Z';
/** Where what was said about it is kept. */
const path = ['workspace'];
const workspaceGuid = '00000000-0000-0000-0000-00000000000a';

export function registerWorkspaces(app: FastifyInstance, facade: Facade): void {
  const show = (scope: Scope): JsonObject => {
    const kept = facade.documents.get(path)?.body;
    const properties = over(objectAt(kept, 'properties'), propertiesOf(scope, facade.origin()));
    return {
      ...resource({ scope, path: [], properties, location, tags: objectAt(kept, 'tags') ?? {}, createdAt }),
      name: scope.workspaceName,
      sku: { name: 'Basic', tier: 'Basic' },
      identity: { type: 'SystemAssigned' },
      kind: 'Default',
    };
  };

  app.get<{ Params: Scope }>(workspaceRoute, async ({ params }) => show(params));
  // A program that makes its workspace first finds it made; its tags and what else it says are kept.
  app.route<{ Params: Scope; Body: JsonObject }>({
    method: ['PUT', 'PATCH'],
    url: workspaceRoute,
    handler: async ({ params, body }) => {
      const given = objectAt({ body }, 'body');
      const properties = objectAt(given, 'properties') ?? {};
      const tags = objectAt(given, 'tags');
      facade.documents.put(path, over(facade.documents.get(path)?.body, { properties, tags }));
      return show(params);
    },
  });
  app.post<{ Params: Scope }>(`${workspaceRoute}/listKeys`, async () => ({}));
  app.delete(workspaceRoute, async () => {
    throw new MalachiteError('NotSupported', 'The workspace is a folder of this machine: end Malachite and delete the folder.');
  });
  app.get<{ Params: Scope }>(workspacesRoute, async ({ params }) => ({
    value: [show({ ...params, workspaceName: facade.workspace.name })],
  }));
  app.get<{ Params: { subscriptionId: string } }>(
    '/subscriptions/:subscriptionId/providers/Microsoft.MachineLearningServices/workspaces',
    async ({ params }) => ({ value: [show({ ...params, resourceGroup: 'local', workspaceName: facade.workspace.name })] }),
  );
}

function propertiesOf(scope: Scope, origin: string): JsonObject {
  const account = (provider: string, name: string) =>
    `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}/providers/${provider}/${name}`;
  return {
    friendlyName: scope.workspaceName,
    description: 'A Malachite workspace on this machine.',
    workspaceId: workspaceGuid,
    provisioningState: 'Succeeded',
    discoveryUrl: `${origin}/discovery`,
    mlFlowTrackingUri: `azureml://${new URL(origin).host}/mlflow/v1.0${idOf(scope)}`,
    storageAccount: account('Microsoft.Storage/storageAccounts', 'malachite'),
    keyVault: account('Microsoft.KeyVault/vaults', 'malachite'),
    applicationInsights: account('Microsoft.Insights/components', 'malachite'),
    hbiWorkspace: false,
    publicNetworkAccess: 'Enabled',
    v1LegacyMode: false,
  };
}
