/** Managed online endpoints: ARM resources, their keys, and requests to their own address. */
import type { OnlineEndpoint } from '@azure/arm-machinelearning';
import type { HttpHeaders } from '@azure/core-rest-pipeline';
import { type DeploymentPort, type Endpoint, MalachiteError } from '@malachite/core';
import type { Connection } from './connection.ts';
import { asked, missing } from './errors.ts';
import { createdAtOf, defined, fieldsOf } from './forms.ts';
import { waited, waiting } from './polling.ts';

export type Endpoints = Pick<
  DeploymentPort,
  | 'createEndpoint'
  | 'getEndpoint'
  | 'listEndpoints'
  | 'updateEndpoint'
  | 'deleteEndpoint'
  | 'keys'
  | 'token'
  | 'regenerateKey'
  | 'invoke'
>;

/** What the client's version (2022-10-01) has no word for, and so would take away with every change that it sends. */
type EndpointProperties = OnlineEndpoint['properties'] & { readonly mirrorTraffic?: Readonly<Record<string, number>> };

/** Azure closes a request that takes longer. */
const longestRequestMs = 180_000;

export function azureEndpoints(connection: Connection): Endpoints {
  const { client, resourceGroup: group, workspaceName: workspace, signal } = connection;
  const operations = client.onlineEndpoints;

  const look = async (name: string): Promise<OnlineEndpoint> => {
    const found = await asked(`Endpoint "${name}"`, () => operations.get(group, workspace, name)).catch(missing);
    if (!found) throw new MalachiteError('NotFound', `There is no endpoint "${name}".`);
    return found;
  };
  const find = async (name: string): Promise<Endpoint> => toCore(await look(name));
  /** The operation says why it failed; the endpoint does not. */
  const reasonOf = async (operation: string | undefined): Promise<string> => {
    if (!operation) return 'Azure does not say why.';
    const { error } = await connection.send<{ error?: { message?: string } }>('Asking why', 'GET', operation);
    return error?.message ?? 'Azure does not say why.';
  };
  /** Not by the client: it drops mirror traffic. The endpoint is then asked for until it has settled. */
  const put = async (name: string, body: object): Promise<Endpoint> => {
    const doing = `Writing endpoint "${name}"`;
    let operation: string | undefined;
    const answered = (headers: HttpHeaders) => {
      operation = headers.get('azure-asyncoperation');
    };
    await connection.send(doing, 'PUT', `/onlineEndpoints/${name}`, { body, answered });
    return waited(doing, signal, async (abortSignal) => {
      const wait = waiting(abortSignal);
      for (;;) {
        const endpoint = await find(name);
        if (endpoint.provisioningState === 'Failed') {
          throw new MalachiteError('Failed', `Endpoint "${name}" could not be written: ${await reasonOf(operation)}`);
        }
        if (endpoint.provisioningState === 'Succeeded') return endpoint;
        await wait.next();
      }
    });
  };
  const mustHave = async (name: string, authMode: Endpoint['authMode'], what: string): Promise<Endpoint> => {
    const endpoint = await find(name);
    if (endpoint.authMode === authMode) return endpoint;
    throw new MalachiteError('InvalidInput', `Endpoint "${name}" has no ${what}: its authMode is ${endpoint.authMode}.`);
  };
  const keys: Endpoints['keys'] = async ({ name }) => {
    await mustHave(name, 'key', 'keys');
    const { primaryKey = '', secondaryKey = '' } = await asked(`The keys of endpoint "${name}"`, () =>
      operations.listKeys(group, workspace, name),
    );
    return { primaryKey, secondaryKey };
  };
  const token: Endpoints['token'] = async ({ name }) => {
    await mustHave(name, 'aml_token', 'tokens');
    const given = await asked(`A token for endpoint "${name}"`, () => operations.getToken(group, workspace, name));
    return {
      accessToken: given.accessToken ?? '',
      expiryTimeUtc: given.expiryTimeUtc ?? 0,
      refreshAfterTimeUtc: given.refreshAfterTimeUtc ?? 0,
      tokenType: 'Bearer',
    };
  };

  /** What opens the endpoint: a key, a token of its own, or one of the caller's. */
  const bearer = async (name: string, authMode: Endpoint['authMode']): Promise<string> => {
    if (authMode === 'aad_token') return connection.studioToken();
    return authMode === 'aml_token' ? (await token({ name })).accessToken : (await keys({ name })).primaryKey;
  };

  return {
    async createEndpoint({ name, authMode = 'key', description, tags, properties }) {
      const mode = authModes[authMode];
      if (!mode) throw new MalachiteError('NotSupported', `authMode "${authMode}": Azure's endpoints always ask who calls.`);
      if (await find(name).catch(missing)) throw new MalachiteError('Conflict', `Endpoint "${name}" exists.`);
      const { location } = await connection.workspace();
      return put(name, {
        location,
        identity: { type: 'SystemAssigned' },
        tags: tags ?? {},
        properties: defined({ authMode: mode, description, properties: properties ?? {}, traffic: {}, mirrorTraffic: {} }),
      });
    },
    getEndpoint: ({ name }) => find(name),
    async listEndpoints() {
      return asked('Listing endpoints', async () => (await Array.fromAsync(operations.list(group, workspace))).map(toCore));
    },
    async updateEndpoint({ name, traffic, mirrorTraffic, description, tags }) {
      const { location, identity, tags: before, properties } = await look(name);
      const { authMode, description: said, properties: own, ...rest } = properties as EndpointProperties;
      return put(name, {
        location,
        identity: { type: identity?.type ?? 'SystemAssigned' },
        tags: tags ?? before ?? {},
        properties: defined({
          authMode,
          description: description ?? said,
          properties: own ?? {},
          traffic: traffic ?? rest.traffic ?? {},
          mirrorTraffic: mirrorTraffic ?? rest.mirrorTraffic ?? {},
        }),
      });
    },
    async deleteEndpoint({ name }) {
      await look(name);
      await waited(`Deleting endpoint "${name}"`, signal, (abortSignal) =>
        operations.beginDeleteAndWait(group, workspace, name, { abortSignal }),
      );
    },
    keys,
    token,
    async regenerateKey({ name, keyType }) {
      await mustHave(name, 'key', 'keys');
      const body = { keyType: keyType === 'primary' ? 'Primary' : 'Secondary' } as const;
      await waited(`Replacing a key of endpoint "${name}"`, signal, (abortSignal) =>
        operations.beginRegenerateKeysAndWait(group, workspace, name, body, { abortSignal }),
      );
      return keys({ name });
    },
    async invoke({ name, deploymentName, body, contentType = 'application/json' }) {
      const { scoringUri, authMode } = await find(name);
      const key = await bearer(name, authMode);
      const response = await fetch(scoringUri, {
        method: 'POST',
        headers: {
          'content-type': contentType,
          authorization: `Bearer ${key}`,
          ...(deploymentName !== undefined && { 'azureml-model-deployment': deploymentName }),
        },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestRequestMs)]),
      }).catch((error: Error) => {
        const code = error.name === 'TimeoutError' ? 'Timeout' : 'Unavailable';
        throw new MalachiteError(code, `Endpoint "${name}" does not answer at ${scoringUri}: ${error.message}.`, {
          cause: error,
        });
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
  };
}

const authModes: Readonly<Partial<Record<Endpoint['authMode'], string>>> = {
  key: 'Key',
  aml_token: 'AMLToken',
  aad_token: 'AADToken',
};

function toCore({ name = '', tags, properties, systemData }: OnlineEndpoint): Endpoint {
  const { authMode, description, properties: own, traffic, mirrorTraffic, ...rest } = properties as EndpointProperties;
  return {
    name,
    authMode: (Object.keys(authModes) as Endpoint['authMode'][]).find((mode) => authModes[mode] === authMode) ?? 'key',
    ...fieldsOf({ description, tags, properties: own }),
    traffic: { ...traffic },
    mirrorTraffic: { ...mirrorTraffic },
    provisioningState: (rest.provisioningState ?? 'Creating') as Endpoint['provisioningState'],
    scoringUri: rest.scoringUri ?? '',
    openapiUri: rest.swaggerUri ?? '',
    docsUri: null,
    createdAt: createdAtOf(systemData),
  };
}
