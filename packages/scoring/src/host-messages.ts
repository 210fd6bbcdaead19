/**
 * What a workspace and its scoring host say to each other over the channel of `child_process.fork(hostEntry)`.
 *
 * The parent sends one `start`, then any number of `update`; every one is answered by a `ready`, `updated` or `failed` with the same
 * `id`. The host listens nowhere: it is given its connections by a `Listener`. `requests` and `log` come by themselves. The host ends when
 * it is told to `stop`, or when the channel closes: a parent that was killed leaves no host behind.
 */
import type { ErrorCode } from '@malachite/core/errors';
import type { RequestSettings } from './http/gateway.ts';
import type { Keys } from './http/keys.ts';
import type { RequestRow } from './http/request-log.ts';
import type { TokenSecret } from './http/tokens.ts';
import type { DocumentedForm } from './openapi/schemas.ts';
import type { HostedScript } from './scripts/hosted-script.ts';
import type { Probe } from './workers/probe.ts';

export interface HostedDeployment extends RequestSettings {
  readonly name: string;
  /** An ONNX file. It is read once: a changed file needs another path. Not read where a script answers. */
  readonly modelPath: string;
  /** Its bytes, in place of those in the file. */
  readonly modelBytes?: Uint8Array;
  /** Answers in place of the model. */
  readonly script?: HostedScript;
  /** Percent of the requests that name no deployment. */
  readonly traffic: number;
  /** Milliseconds that a request may wait for a free instance; as long as it takes. */
  readonly maxQueueWaitMs?: number;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  /** Puts bodies and answers into the rows of its requests. */
  readonly collectModelData?: boolean;
}

interface HostedState {
  /** Chosen by the parent; comes back in the answer. */
  readonly id: number;
  readonly deployments: readonly HostedDeployment[];
  /** Null: no key is asked for. */
  readonly keys: Keys | TokenSecret | null;
  /** Deployment name to percent. */
  readonly mirrorTraffic?: Readonly<Record<string, number>>;
}

export interface StartHost extends HostedState {
  readonly type: 'start';
  /** The endpoint's name, the title of its OpenAPI document. */
  readonly serviceName?: string;
  readonly form?: DocumentedForm;
  /** Answers as the inference server alone, without the gateway, and tells no `requests`. */
  readonly standalone?: boolean;
}

/** Other deployments, traffic or keys. When it fails, what was served before goes on being served. */
export interface UpdateHost extends HostedState {
  readonly type: 'update';
}

/** To a host that waits for its `start`. Not answered. */
export interface PrepareHost {
  readonly type: 'prepare';
  /** It may have models in processes of their own, so one of those is to be there. */
  readonly instances: boolean;
}

/** Answered by `alive`: the process is not stuck. */
export interface ProbeHost {
  readonly type: 'probe';
}

export interface StopHost {
  readonly type: 'stop';
}

/** A connection to answer, with its socket. Sent by a `Listener`, to a host that is ready. */
export interface GivenConnection {
  readonly type: 'connection';
  /** What its state is told under. */
  readonly id: number;
}

export type ToHost = PrepareHost | StartHost | UpdateHost | ProbeHost | StopHost | GivenConnection;

export interface HostReady {
  readonly type: 'ready';
  readonly id: number;
}

/** The new state answers; what it replaced has finished its requests and is gone. */
export interface HostUpdated {
  readonly type: 'updated';
  readonly id: number;
}

export interface HostFailed {
  readonly type: 'failed';
  readonly id: number;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

export interface HostAlive {
  readonly type: 'alive';
}

/** Answered requests, at most every 200 ms. */
export interface HostRequests {
  readonly type: 'requests';
  readonly rows: readonly RequestRow[];
}

/** Lines for the deployments' container logs. */
export interface HostLog {
  readonly type: 'log';
  readonly lines: readonly LogLine[];
}

export interface LogLine {
  /** Empty for what concerns the whole endpoint. */
  readonly deployment: string;
  readonly text: string;
}

export type FromHost = HostReady | HostUpdated | HostFailed | HostAlive | HostRequests | HostLog;
