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
  /** Statistics of a dataset's columns. */
  readonly profile: boolean;
  /** SQL over a dataset. */
  readonly query: boolean;
  /** AutoML jobs. */
  readonly automl: boolean;
  /** Published pipelines and schedules. */
  readonly pipelines: boolean;
  /** KQL over requests and traces. */
  readonly telemetry: boolean;
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
