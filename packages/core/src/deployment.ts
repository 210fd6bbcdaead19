/** Online endpoints, their keys and deployments. */
import { type Static, Type } from 'typebox';
import { AssetFile, Fields, type ListInput, Name, type NameInput, Nullable, OneOf, Strict, Time } from './schema.ts';

export const provisioningStates = ['Creating', 'Updating', 'Deleting', 'Succeeded', 'Failed', 'Canceled'] as const;
export const terminalProvisioningStates: ReadonlySet<string> = new Set(['Succeeded', 'Failed', 'Canceled']);

/** Deployment name to percent; 0 to 100 each, summing to 0 or 100. */
export const Traffic = Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 100 }));
export type Traffic = Static<typeof Traffic>;

/** One deployment without live traffic, and the percent of the requests that are copied to it. */
export const MirrorTraffic = Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 50 }));
export type MirrorTraffic = Static<typeof MirrorTraffic>;

/** Azure's rule for endpoint names: they become part of a host name. */
const EndpointName = Type.Unsafe<string>({
  type: 'string',
  pattern: '^[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]$',
  description: '3 to 32 characters: letters, digits and "-"; begins with a letter, ends with a letter or digit.',
});

/** Azure's words, and `none`, which is ours: anybody may ask. Where nobody knows Microsoft Entra ID, `aad_token` is `NotSupported`. */
const AuthMode = OneOf(['key', 'aml_token', 'aad_token', 'none']);

export const EndpointCreate = Strict({ name: EndpointName, authMode: Type.Optional(AuthMode), ...Fields });
export type EndpointCreate = Static<typeof EndpointCreate>;

export const EndpointUpdate = Strict({
  name: Name,
  traffic: Type.Optional(Traffic),
  mirrorTraffic: Type.Optional(MirrorTraffic),
  description: Fields.description,
  tags: Fields.tags,
});
export type EndpointUpdate = Static<typeof EndpointUpdate>;

export const Endpoint = Type.Object({
  name: Name,
  authMode: AuthMode,
  ...Fields,
  traffic: Traffic,
  mirrorTraffic: MirrorTraffic,
  provisioningState: OneOf(provisioningStates),
  scoringUri: Type.String({ format: 'uri' }),
  openapiUri: Type.String({ format: 'uri' }),
  /** The Swagger UI page of the endpoint. */
  docsUri: Nullable(Type.String({ format: 'uri' })),
  createdAt: Time,
});
export type Endpoint = Static<typeof Endpoint>;

export const EndpointKeys = Type.Object({ primaryKey: Type.String(), secondaryKey: Type.String() });
export type EndpointKeys = Static<typeof EndpointKeys>;

/** A token that opens an endpoint for a while; both times in seconds since 1970. */
export const EndpointToken = Type.Object({
  accessToken: Type.String(),
  expiryTimeUtc: Type.Integer(),
  refreshAfterTimeUtc: Type.Integer(),
  tokenType: Type.Literal('Bearer'),
});
export type EndpointToken = Static<typeof EndpointToken>;

export const RegenerateKey = Strict({ name: Name, keyType: OneOf(['primary', 'secondary']) });
export type RegenerateKey = Static<typeof RegenerateKey>;

export const CodeConfiguration = Strict({
  scoringScript: Type.String({ minLength: 1, description: 'score.py, score.ts or score.js: a path among the files.' }),
  files: Type.Array(AssetFile, { minItems: 1, description: 'What lies in AML_APP_ROOT, already in the datastore.' }),
});
export type CodeConfiguration = Static<typeof CodeConfiguration>;

/** What runs a deployment's script, or an MLflow model that has no onnx flavour. */
const Scripting = {
  codeConfiguration: Type.Optional(CodeConfiguration),
  environment: Type.Optional(
    Strict({ python: Type.String({ minLength: 1, description: 'An interpreter, or the folder of a virtual environment.' }) }),
  ),
  environmentVariables: Type.Optional(Type.Record(Type.String(), Type.String())),
};

export const RequestSettings = Strict({
  requestTimeoutMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 180_000,
      description: "Past it a request is answered 408. Without it there is no limit; Azure's own is 5,000.",
    }),
  ),
  maxConcurrentRequestsPerInstance: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        "Above twice this many an instance in flight, requests are answered 429. Without it there is no limit; Azure's own is 1.",
    }),
  ),
  maxQueueWaitMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'A request that waits longer for an instance with fewer than maxConcurrentRequestsPerInstance (1) is answered 503.',
    }),
  ),
});
export type RequestSettings = Static<typeof RequestSettings>;

const InstanceCount = Type.Integer({ minimum: 1, maximum: 64, default: 1, description: 'Processes that answer.' });

const seconds = (description: string, initial: number, minimum: number) =>
  Type.Optional(Type.Integer({ minimum, maximum: 86_400, default: initial, description }));

/** Azure's names and defaults. */
export const Probe = Strict({
  initialDelay: seconds('Seconds from the start of an instance to its first probe.', 10, 0),
  period: seconds('Seconds from one probe to the next.', 10, 1),
  timeout: seconds('Seconds that an instance has to answer.', 2, 1),
  successThreshold: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Answers in a row that make it well.' })),
  failureThreshold: Type.Optional(
    Type.Integer({ minimum: 1, default: 30, description: 'Probes in a row without an answer that make it unwell.' }),
  ),
});
export type Probe = Static<typeof Probe>;

/** How much a deployment takes, and when an instance of it is unwell. */
const Scale = {
  instanceCount: Type.Optional(InstanceCount),
  requestSettings: Type.Optional(RequestSettings),
  /** An instance that fails it, one that hangs, is replaced. All have one; Azure's defaults, where it is not given, take five minutes. */
  livenessProbe: Type.Optional(Probe),
  /** An instance that fails it gets no requests. One that says that it is ready is believed: no probe is waited for first. */
  readinessProbe: Type.Optional(Probe),
};

export const DeploymentCreate = Strict({
  endpointName: Name,
  name: Name,
  model: Type.String({ description: 'azureml:NAME:VERSION.' }),
  instanceType: Type.Optional(Type.String({ default: 'Standard_DS3_v2' })),
  appInsightsEnabled: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Records every request for `requests` and `traces`. The traffic log is always written.',
    }),
  ),
  ...Scale,
  ...Scripting,
  ...Fields,
});
export type DeploymentCreate = Static<typeof DeploymentCreate>;

export const DeploymentUpdate = Strict({
  endpointName: Name,
  name: Name,
  model: Type.Optional(Type.String()),
  appInsightsEnabled: Type.Optional(Type.Boolean()),
  ...Scale,
  ...Scripting,
  description: Fields.description,
  tags: Fields.tags,
});
export type DeploymentUpdate = Static<typeof DeploymentUpdate>;

export const DeploymentInput = Strict({ endpointName: Name, name: Name });
export type DeploymentInput = Static<typeof DeploymentInput>;

export const Deployment = Type.Object({
  endpointName: Name,
  name: Name,
  model: Type.String(),
  instanceType: Type.String(),
  appInsightsEnabled: Type.Boolean(),
  instanceCount: InstanceCount,
  requestSettings: Type.Optional(RequestSettings),
  livenessProbe: Type.Optional(Probe),
  readinessProbe: Type.Optional(Probe),
  ...Scripting,
  ...Fields,
  provisioningState: OneOf(provisioningStates),
  error: Nullable(Type.String()),
  createdAt: Time,
});
export type Deployment = Static<typeof Deployment>;

export const DeploymentLogsInput = Strict({
  endpointName: Name,
  name: Name,
  lines: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
});
export type DeploymentLogsInput = Static<typeof DeploymentLogsInput>;

export const Logs = Type.Object({ lines: Type.Array(Type.String()) });
export type Logs = Static<typeof Logs>;

export const Invoke = Strict({
  name: Name,
  deploymentName: Type.Optional(Name),
  body: Type.String({ description: 'The request body, as it is sent.' }),
  contentType: Type.Optional(Type.String({ default: 'application/json' })),
});
export type Invoke = Static<typeof Invoke>;

export const InvokeAnswer = Type.Object({
  status: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
});
export type InvokeAnswer = Static<typeof InvokeAnswer>;

export interface DeploymentPort {
  /** Creates an endpoint with two keys, unless its `authMode` says otherwise, and no deployment; it answers 404 until one has traffic. */
  createEndpoint(input: EndpointCreate): Promise<Endpoint>;
  getEndpoint(input: NameInput): Promise<Endpoint>;
  listEndpoints(input: ListInput): Promise<Endpoint[]>;
  /**
   * Sets traffic, mirror traffic, description or tags. Traffic to a deployment that does not exist is `InvalidInput`, and so is
   * mirror traffic to more than one, or to one with live traffic.
   */
  updateEndpoint(input: EndpointUpdate): Promise<Endpoint>;
  /** Removes the endpoint, its deployments and its process. */
  deleteEndpoint(input: NameInput): Promise<void>;
  /** `InvalidInput` where the `authMode` is `aml_token`: it has no keys. */
  keys(input: NameInput): Promise<EndpointKeys>;
  /** A new token, good for this endpoint until it expires. `InvalidInput` unless the `authMode` is `aml_token`. */
  token(input: NameInput): Promise<EndpointToken>;
  /** Replaces one key; the other goes on working. */
  regenerateKey(input: RegenerateKey): Promise<EndpointKeys>;
  /**
   * Records a deployment and returns at once, Creating; watch it until Succeeded or Failed. A model whose parity is
   * beyond tolerance is refused. Traffic stays as it is: give it some with `updateEndpoint`.
   */
  createDeployment(input: DeploymentCreate): Promise<Deployment>;
  getDeployment(input: DeploymentInput): Promise<Deployment>;
  listDeployments(input: NameInput): Promise<Deployment[]>;
  /**
   * Another model, script, environment, setting or number of instances, in place: requests go on being answered. With another model,
   * script, environment or variables the deployment is Updating until it settles; should that fail, what was served goes on.
   */
  updateDeployment(input: DeploymentUpdate): Promise<Deployment>;
  /** `Conflict` while it has traffic. */
  deleteDeployment(input: DeploymentInput): Promise<void>;
  /** The deployment now, and after every change of state, until it has settled. */
  watchDeployment(input: DeploymentInput): AsyncIterable<Deployment>;
  /** The last lines of the deployment's container log. */
  logs(input: DeploymentLogsInput): Promise<Logs>;
  /** Sends one request to the scoring URI with the primary key or a token, and answers whatever came back. */
  invoke(input: Invoke): Promise<InvokeAnswer>;
}

/** Waits until a deployment has settled. A Failed one is returned too, with its `error`. */
export async function settledDeployment(port: DeploymentPort, input: DeploymentInput): Promise<Deployment> {
  let last: Deployment | undefined;
  for await (const state of port.watchDeployment(input)) last = state;
  return last ?? port.getDeployment(input);
}
