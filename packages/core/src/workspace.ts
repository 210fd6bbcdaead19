/** The bundle of ports: what every adapter returns and every front end uses. */
import type { Compute } from './compute.ts';
import type { Datasets } from './datasets.ts';
import type { Datastore } from './datastore.ts';
import type { DeploymentPort } from './deployment.ts';
import type { Models } from './models.ts';
import type { Pipelines } from './pipelines.ts';
import type { Telemetry } from './telemetry.ts';
import type { Training } from './training.ts';

/** What an adapter can do. The contract suite skips, aloud, the cases of what it cannot. */
export type Supports = {
  /** The columns, types and row count of a dataset, and rows to look at; a job's target is looked for when it is submitted. */
  readonly schema: boolean;
  /** Statistics of a dataset's columns. */
  readonly profile: boolean;
  /** SQL over a dataset. */
  readonly query: boolean;
  /** AutoML jobs. */
  readonly automl: boolean;
  /** A job's events are kept: all readers see the same, whenever they come. Without it they are what polling shows. */
  readonly events: boolean;
  /** Each trial's proof that its ONNX model answers as its trainer did, and the model's size. */
  readonly proof: boolean;
  /** The importance of each column for the best trial, and in words how trials were validated. */
  readonly explanation: boolean;
  /** The columns that a model from a job takes, and the classes it answers. */
  readonly signature: boolean;
  /** A model's ONNX file is read when it is registered: its signature is kept, and what is no model is refused. */
  readonly inspection: boolean;
  /** Endpoints that ask for no key: `authMode: 'none'`. */
  readonly anonymous: boolean;
  /** Graphs of steps, run and published. */
  readonly pipelines: boolean;
  /** A published pipeline has a REST endpoint and a key of its own that opens it. */
  readonly pipelineKeys: boolean;
  /** Schedules that run a published pipeline at each new version of a dataset. */
  readonly dataTriggers: boolean;
  /** KQL over requests and traces. */
  readonly telemetry: boolean;
};

/** Of a workspace that can do all of it: the local one. */
export const supportsAll: Supports = {
  schema: true,
  profile: true,
  query: true,
  automl: true,
  events: true,
  proof: true,
  explanation: true,
  signature: true,
  inspection: true,
  anonymous: true,
  pipelines: true,
  pipelineKeys: true,
  dataTriggers: true,
  telemetry: true,
};

export interface Workspace {
  readonly name: string;
  readonly backend: 'local' | 'http' | 'azure';
  readonly supports: Supports;
  readonly datastore: Datastore;
  readonly datasets: Datasets;
  readonly compute: Compute;
  readonly training: Training;
  readonly models: Models;
  readonly deployment: DeploymentPort;
  readonly pipelines: Pipelines;
  readonly telemetry: Telemetry;
  /** Ends what this workspace started in this process; what it recorded stays. */
  close(): Promise<void>;
}

export const portNames = [
  'datastore',
  'datasets',
  'compute',
  'training',
  'models',
  'deployment',
  'pipelines',
  'telemetry',
] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Pick<Workspace, PortName>;
