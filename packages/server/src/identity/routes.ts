/** Cloud metadata, managed-identity tokens and discovery: what a client asks before it has a token. */
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { type Tokens, tenantId } from './tokens.ts';

/** The name of this cloud in `AZUREML_CURRENT_CLOUD` and the metadata. */
export const cloudName = 'Malachite';
/** What follows the account in the address of a blob. */
export const storageSuffix = 'storage.malachite';
const portalSuffix = 'malachite.local';
/** Of pipeline submissions and batch endpoints: clients make it of what follows the second label of the portal's name. */
const machineLearningAudience = 'https://ml.azure.local';

/** Those of the public cloud, which some clients and many programs ask for whatever their cloud is. */
const publicAudiences = ['https://management.azure.com', 'https://ml.azure.com'];

/** The audiences that tokens of this origin are good for. */
export function audiencesOf(origin: string): readonly string[] {
  const audiences = [origin, machineLearningAudience, `https://${storageSuffix}`, ...publicAudiences];
  return audiences.flatMap((each) => [each, `${each}/`]);
}

/** @param origin Where we answer, `https://localhost:10143`; known once the socket is bound. */
export function registerIdentity(app: FastifyInstance, tokens: Tokens, origin: () => string): void {
  // An array: azureml-mlflow iterates over it. Asked again before nearly every call, so it is made of nothing.
  app.get('/metadata/endpoints', async () => [cloudMetadata(origin())]);
  // Where clients find the data plane; run history and artifacts hang off it.
  app.get('/discovery', async () => ({ api: origin() }));

  // App Service's managed identity, which DefaultAzureCredential tries by itself when IDENTITY_ENDPOINT is set.
  app.get<{ Querystring: { resource?: string } }>('/msi/token', async (request) => {
    if (!tokens.isIdentitySecret(headerText(request.headers['x-identity-header']))) {
      throw new MalachiteError('Unauthorized', 'X-IDENTITY-HEADER is not the secret of this Malachite: see "malachite env".');
    }
    const { resource } = request.query;
    if (!resource) throw new MalachiteError('InvalidInput', 'Name the resource that the token is for: ?resource=URL.');
    const { accessToken, expiresOn } = await tokens.issue(resource);
    return { access_token: accessToken, expires_on: String(expiresOn), resource, token_type: 'Bearer', client_id: tenantId };
  });
}

function cloudMetadata(origin: string) {
  return {
    name: cloudName,
    portal: `https://portal.${portalSuffix}`,
    resourceManager: `${origin}/`,
    authentication: {
      // Without a port: azure-identity refuses "localhost:8443" as an authority. It is not asked for anything.
      loginEndpoint: 'https://localhost/',
      audiences: [`${origin}/`],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    suffixes: {
      storage: storageSuffix,
      keyVaultDns: `vault.${portalSuffix}`,
      acrLoginServer: `azurecr.${portalSuffix}`,
    },
    graphAudience: `${origin}/`,
    graph: `${origin}/`,
    batch: `${origin}/`,
    gallery: `${origin}/`,
    media: `${origin}/`,
    vmImageAliasDoc: `${origin}/`,
    sqlManagement: `${origin}/`,
    microsoftGraphResourceId: `${origin}/`,
    activeDirectoryDataLake: `${origin}/`,
  };
}

const headerText = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);
