/** Keeps the scoring host of one endpoint running, and brings into it what is recorded of the endpoint. */
import { setTimeout as delay } from 'node:timers/promises';
import { asMalachiteError, MalachiteError } from '@malachite/core';
import type { HostedDeployment, HostLog, HostRequests } from '@malachite/scoring';
import { type Listener, openListener } from '@malachite/scoring/listener';
import { HostGone, type HostPool, type HostState, superviseHost } from '@malachite/scoring/supervision';
import { endOrphan, processIdentity } from '../child-process.ts';
import type { LocalModels } from '../models/local-models.ts';
import type { Context } from '../store/context.ts';
import { accessOf } from './access.ts';
import type { ContainerLog } from './container-log.ts';
import type { EndpointRecords } from './endpoint-records.ts';
import { freePort } from './free-port.ts';
import { hostedDeployment } from './hosted-deployment.ts';
import type { TrafficListener } from './traffic-listener.ts';

export type EndpointHost = {
  /** Settles when the endpoint answers; waits while its host is started again. `Unavailable` when it cannot be started. */
  ready(): Promise<void>;
  /** Brings the recorded deployments, traffic and keys into the host; settles when they are in force. */
  apply(): Promise<void>;
  /**
   * Puts in the model of a deployment that is being created or updated.
   * @param settled records how it went, before any other change is begun; the error is null when it is in force.
   */
  put(deployment: string, settled: (error: MalachiteError | null) => void): Promise<void>;
  /** Why the host could not be started, while it is not. */
  fault(): string | undefined;
  /** It answers. Without a fault, one that does not is being started. */
  isServing(): boolean;
  /** Ends the host, and with `Canceled` what waits for it. */
  close(): Promise<void>;
};

export type EndpointHostOptions = {
  readonly context: Context;
  readonly records: EndpointRecords;
  readonly models: LocalModels;
  /** Of the endpoint. */
  readonly name: string;
  readonly hosts: HostPool;
  readonly logOf: (deployment: string) => ContainerLog;
  readonly traffic: TrafficListener;
};

/** A host of ours that was just killed may hold the port for a moment. */
const portTries = 5;
const portPauseMs = 100;

export function openEndpointHost({ context, records, models, name, hosts, logOf, traffic }: EndpointHostOptions): EndpointHost {
  const closing = new AbortController();
  // Changes are made one after the other: each sees the outcome of the one before.
  let changing: Promise<unknown> = Promise.resolve();

  const state = (candidate?: string): HostState => {
    const { traffic: split, mirrorTraffic, ...endpoint } = records.get(name);
    const deployments = records.deployments(name).flatMap((deployment): HostedDeployment[] => {
      const isNext = deployment.name === candidate;
      const model = isNext ? deployment.model : deployment.servedModel;
      if (model === null) return [];
      return [
        {
          name: deployment.name,
          ...hostedDeployment(context, models, model, isNext ? deployment : deployment.servedScripting),
          traffic: split[deployment.name] ?? 0,
          collectModelData: deployment.appInsightsEnabled,
          instanceCount: deployment.instanceCount,
          ...deployment.requestSettings,
          livenessProbe: deployment.livenessProbe,
          readinessProbe: deployment.readinessProbe,
        },
      ];
    });
    return { serviceName: name, deployments, keys: accessOf(endpoint), mirrorTraffic };
  };

  /** What is told of requests is kept as well as it can be: a full disk must not end the workspace. */
  const hear = (told: HostRequests | HostLog): void => {
    try {
      keep(told);
    } catch (error) {
      context.log.error({ endpoint: name, err: error }, 'What a scoring host told could not be kept');
    }
  };

  const keep = (told: HostRequests | HostLog): void => {
    if (!records.has(name)) return;
    const deployments = records.deployments(name);
    if (told.type === 'requests') {
      traffic.served(records.get(name), deployments, told.rows);
      return;
    }
    for (const { name: deployment } of deployments) {
      const lines = told.lines.filter((line) => line.deployment === '' || line.deployment === deployment);
      logOf(deployment).append(lines.map(({ text }) => text));
    }
  };

  /** Listens on the recorded port; on another, which is recorded then, when a stranger has taken it. */
  const listen = async (): Promise<Listener> => {
    for (let tries = 1; ; tries++) {
      const { port, process } = records.get(name);
      try {
        return await openListener({ port });
      } catch (error) {
        if (!(error instanceof MalachiteError) || error.code !== 'Conflict') throw error;
        if (tries < portTries) {
          await delay(portPauseMs, undefined, { signal: closing.signal });
          continue;
        }
        const other = await freePort();
        context.log.warn(
          { endpoint: name },
          `Port ${port} is taken by another program; endpoint "${name}" moves to port ${other}.`,
        );
        records.setHost(name, { port: other, process });
      }
    }
  };

  const crashed = (sentence: string): void => {
    context.log.warn({ endpoint: name }, sentence);
    for (const { name: deployment } of records.deployments(name)) logOf(deployment).append([sentence]);
    traffic.crashed(records.get(name), sentence);
  };

  const opened = async (): Promise<Listener> => {
    endOrphan(records.get(name).process);
    return await listen();
  };
  const listener = opened();
  listener.catch((error: unknown) => {
    if (!closing.signal.aborted) context.log.error({ endpoint: name, err: error }, 'An endpoint cannot be kept up');
  });
  const host = superviseHost({
    name: `endpoint "${name}"`,
    listener,
    hosts,
    state,
    hear,
    onStart: (process) => records.setHost(name, { port: records.get(name).port, process: processIdentity(process) }),
    onCrash: crashed,
  });

  const ready = (): Promise<void> =>
    host.ready().catch((error: MalachiteError) => {
      if (error.code === 'Canceled') throw error;
      throw new MalachiteError('Unavailable', `Endpoint "${name}" does not answer: ${error.message}`);
    });

  const update = async (candidate?: string): Promise<void> => {
    await ready();
    await host.update(state(candidate));
  };

  /** After a crash the host starts with what is recorded, so what `apply` was to bring is in force when it serves again. */
  const apply = (): Promise<void> =>
    update().catch(async (error) => {
      if (!(error instanceof HostGone)) throw error;
      await ready();
    });

  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const done = changing.then(change);
    changing = done.catch(() => {});
    return done;
  };

  return {
    ready,
    apply: () => inTurn(apply),
    put: (deployment, settled) =>
      inTurn(async () => {
        try {
          // The host may have been killed by chance; a model that kills it does so again.
          await update(deployment).catch((error) => (error instanceof HostGone ? update(deployment) : Promise.reject(error)));
          settled(null);
          host.prepareNext();
        } catch (error) {
          settled(asMalachiteError(error));
          await apply().catch(() => {});
        }
      }),
    fault: host.fault,
    isServing: host.isServing,
    async close() {
      closing.abort();
      await host.close();
    },
  };
}
