/** One workspace of Azure's: Microsoft's client, and its pipeline for what that client cannot say. */
import { AzureMachineLearningWorkspaces, type Workspace } from '@azure/arm-machinelearning';
import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpHeaders,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { MalachiteError } from '@malachite/core';
import type { AzureConfig } from './config.ts';
import { asked } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Connection = AzureConfig & {
  readonly credential: TokenCredential;
  readonly client: AzureMachineLearningWorkspaces;
  /** Ends everything that waits. */
  readonly signal: AbortSignal;
  /** The workspace's own resource: its region, what belongs to it. Asked once. */
  workspace(): Promise<Workspace>;
  /** Where the data plane is: run history, artifacts, metrics. Asked once. */
  dataPlane(): Promise<string>;
  /**
   * A request through the client's own pipeline (tokens, retries, ids), with our own body: for the few things that the
   * client drops when it writes them, or has no method for.
   * @param path Below the workspace's id for ARM, or a whole address.
   */
  send<T>(doing: string, method: HttpMethods, path: string, options?: Sending): Promise<T>;
  /** A token of the caller's for Azure ML itself, with which it starts the nodes of a pipeline in his name. */
  studioToken(): Promise<string>;
};

type Sending = {
  readonly body?: unknown;
  readonly apiVersion?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Told the headers of an answer that is no failure. */
  readonly answered?: (headers: HttpHeaders) => void;
};

/**
 * The version that knows AutoML as it is sent and answered here. The client's own is 2022-10-01, which it writes into
 * every call of its own.
 */
const apiVersion = '2024-01-01-preview';

export function connect(
  config: AzureConfig,
  credential: TokenCredential,
  signal: AbortSignal,
  httpClient?: HttpClient,
): Connection {
  const client = new AzureMachineLearningWorkspaces(credential, config.subscriptionId, {
    endpoint: config.endpoint,
    ...(httpClient && { httpClient }),
  });
  const workspaceId = `/subscriptions/${config.subscriptionId}/resourceGroups/${config.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${config.workspaceName}`;
  const connection: Connection = {
    ...config,
    credential,
    client,
    signal,
    workspace: once(() =>
      asked('Finding the workspace', () => client.workspaces.get(config.resourceGroup, config.workspaceName)),
    ),
    dataPlane: once(() => discover(connection)),
    send: (doing, method, path, options = {}) =>
      asked(doing, async () => {
        const isWhole = /^https?:/.test(path);
        const url = new URL(isWhole ? path : `${config.endpoint}${workspaceId}${path}`);
        if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', options.apiVersion ?? apiVersion);
        const response = await client.sendRequest(
          createPipelineRequest({
            url: url.href,
            method,
            abortSignal: signal,
            headers: createHttpHeaders({
              accept: 'application/json',
              ...options.headers,
              ...(options.body !== undefined && { 'content-type': 'application/json' }),
            }),
            ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
          }),
        );
        const answer = parsed(response.bodyAsText);
        if (response.status >= 400) {
          const said = (answer as { error?: { code?: string; message?: string } } | undefined)?.error;
          throw { ...said, message: said?.message ?? `HTTP ${response.status}`, statusCode: response.status, response };
        }
        options.answered?.(response.headers);
        return answer as never;
      }),
    studioToken: () =>
      asked('Asking for a token of Azure ML', async () => {
        const token = await credential.getToken(`${audienceOf(config.endpoint)}/.default`);
        return token?.token ?? '';
      }),
  };
  return connection;
}

/** Who Azure ML is for its tokens, by cloud; as Microsoft's Python client has them. */
const audiences: Readonly<Record<string, string>> = {
  'https://management.usgovcloudapi.net': 'https://ml.azure.us',
  'https://management.chinacloudapi.cn': 'https://ml.azure.cn',
};

const audienceOf = (endpoint: string): string => audiences[endpoint] ?? 'https://ml.azure.com';

async function discover({ workspace, signal }: Connection): Promise<string> {
  const { discoveryUrl } = await workspace();
  if (!discoveryUrl)
    throw new MalachiteError('Unavailable', 'The workspace has no discoveryUrl: Azure has not finished making it.');
  const { api = '' } = await fetch(discoveryUrl, { signal })
    .then((response) => response.json() as Promise<{ api?: string }>)
    .catch((cause: Error) => {
      throw new MalachiteError('Unavailable', `${discoveryUrl} does not answer: ${cause.message}.`, { cause });
    });
  if (!/^https:/.test(api)) throw new MalachiteError('Unavailable', `${discoveryUrl} names no data plane.`);
  return api.replace(/\/+$/, '');
}

/** Asked once; a failure is forgotten. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** The workspace's id, and the id of something in it. */
export function idOf({ subscriptionId, resourceGroup, workspaceName }: AzureConfig, ...segments: readonly string[]): string {
  return [
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceName}`,
    ...segments,
  ].join('/');
}
