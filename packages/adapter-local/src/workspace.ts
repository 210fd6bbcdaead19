/** A whole workspace in one folder: every port over one database, one blob store and the processes they start. */
import { setTimeout as delay } from 'node:timers/promises';
import { checkedPorts, type Ports, supportsAll, type Workspace } from '@malachite/core';
import { type Logger, pino } from 'pino';
import { openChanges } from './changes.ts';
import { localCompute } from './compute/compute.ts';
import { localDatasets } from './datasets/datasets.ts';
import { localDeployment } from './endpoints/local-deployment.ts';
import { telemetryOfTraffic } from './endpoints/traffic-listener.ts';
import { type LocalTraining, localTraining } from './jobs/local-training.ts';
import { localModels } from './models/local-models.ts';
import { localPipelines } from './pipelines/local-pipelines.ts';
import { type Context, closeContext, openContext } from './store/context.ts';
import { localDatastore } from './store/datastore.ts';
import { localTelemetry } from './telemetry/telemetry.ts';

export type LocalWorkspaceOptions = {
  /** The folder that holds everything; made when it is not there. Default `.malachite`. */
  readonly home?: string;
  /** The workspace's name in answers and telemetry. Default `local`. */
  readonly name?: string;
  /** Where a server serves this workspace, such as `http://127.0.0.1:10100`: published pipelines get their address from it. */
  readonly serverUrl?: string;
  readonly clock?: () => Date;
  /** Default: nothing is logged. */
  readonly log?: Logger;
};

export type LocalWorkspace = Workspace & {
  /** Settles when the endpoints that were there answer, at the latest after 10 s; then the jobs that were left go on. */
  readonly restored: Promise<void>;
};

/** Endpoints that take longer, such as scripts with large models, do not hold up the jobs. */
const restoreMs = 10_000;

/** The names that stand where Azure has a subscription and a resource group. */
const subscriptionId = '00000000-0000-0000-0000-000000000000';
const resourceGroup = 'local';

/**
 * Opens a workspace, or makes it. Jobs, endpoints and pipeline runs that an earlier process left are taken up again, in
 * the background. `Conflict` while another process has the folder open.
 *
 *     const workspace = await openLocalWorkspace({ home: '.malachite' });
 *     const { sha256 } = await workspace.datastore.put(createReadStream('bank.csv'));
 *     await workspace.datasets.create({ name: 'bank', files: [{ path: 'bank.csv', sha256 }] });
 *     await workspace.close();
 */
export async function openLocalWorkspace(options: LocalWorkspaceOptions = {}): Promise<LocalWorkspace> {
  const { home = '.malachite', name = 'local', serverUrl, clock = () => new Date() } = options;
  const log = options.log ?? pino({ level: 'silent' });
  const context = openContext({ home, serverUrl, workspaceName: name, clock, log });
  const endpointOf = (id: string): string | null => (serverUrl === undefined ? null : `${serverUrl}${submitPath(name, id)}`);
  const { ports, restored, close } = orClose(context, () => openRooms(context, endpointOf));
  let closing: Promise<void> | undefined;
  return {
    name,
    backend: 'local',
    supports: supportsAll,
    restored,
    ...checkedPorts(ports, () => closing === undefined),
    close: () => {
      closing ??= close().finally(() => closeContext(context));
      return closing;
    },
  };
}

/** What `open` gives; a home that cannot be opened whole is given free again. */
function orClose<T>(context: Context, open: () => T): T {
  try {
    return open();
  } catch (error) {
    closeContext(context);
    throw error;
  }
}

/** Every room over one home, tied together. `close` ends what they started. */
function openRooms(
  context: Context,
  endpointOf: (pipelineId: string) => string | null,
): { ports: Ports; restored: Promise<void>; close(): Promise<void> } {
  const changes = openChanges();
  const datasets = localDatasets(context);
  const compute = localCompute(context, (computeName) => training.usage(computeName));
  const training: LocalTraining = localTraining(context, changes, datasets, compute);
  const models = localModels(context, training.records);
  const telemetry = localTelemetry(context);
  const deployment = localDeployment(context, changes, models, telemetryOfTraffic(telemetry, context.clock));
  const pipelines = localPipelines(context, changes, { datasets, training, models, endpointOf });
  // Jobs take every core; what was answered before they were left is answered again first.
  const closing = new AbortController();
  const longEnough = delay(restoreMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
  const restored = Promise.race([deployment.restored, longEnough]).then(() => {
    if (!closing.signal.aborted) training.wake();
  });
  return {
    restored,
    ports: {
      datastore: localDatastore(context),
      datasets,
      compute: {
        ...compute,
        create: (input) => compute.create(input).finally(training.wake),
        update: (input) => compute.update(input).finally(training.wake),
      },
      training,
      models,
      deployment,
      pipelines,
      telemetry,
    },
    async close() {
      closing.abort();
      const ending = [pipelines.close(), training.close(), deployment.close()];
      changes.close();
      await Promise.all(ending);
      await telemetry.close();
    },
  };
}

/** As Azure ML v1 writes the address of a published pipeline. */
function submitPath(workspace: string, id: string): string {
  const provider = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices`;
  return `/pipelines/v1.0${provider}/workspaces/${workspace}/PipelineRuns/PipelineSubmit/${id}`;
}
