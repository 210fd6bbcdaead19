/** Keeps the scoring host of one endpoint running, and brings into it what is recorded of the endpoint. */
import { setTimeout as delay } from 'node:timers/promises';
import { asMalachiteError, MalachiteError } from '@malachite/core';
import type { HostedDeployment, HostLog, HostRequests, StartHost } from '@malachite/scoring';
import { type Listener, openListener } from '@malachite/scoring/listener';
import { endOrphan } from '../child-process.ts';
import type { LocalModels } from '../models/local-models.ts';
import type { Context } from '../store/context.ts';
import { accessOf } from './access.ts';
import type { ContainerLog } from './container-log.ts';
import type { EndpointRecords } from './endpoint-records.ts';
import { freePort } from './free-port.ts';
import { type HostChannel, HostGone } from './host-channel.ts';
import type { HostPool } from './host-pool.ts';
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

type HostState = Pick<StartHost, 'deployments' | 'keys' | 'mirrorTraffic'>;

/** A host that lived this long has started well: its crash is the first again. */
const stableMs = 10_000;
/** Crashes in a row that are answered at once; before each further start is a pause. */
const crashesAtOnce = 3;
const longestPauseMs = 10_000;
/** A host of ours that was just killed may hold the port for a moment. */
const portTries = 5;
const portPauseMs = 100;

export function openEndpointHost({ context, records, models, name, hosts, logOf, traffic }: EndpointHostOptions): EndpointHost {
  const closing = new AbortController();
  let channel: HostChannel | undefined;
  let serving = Promise.withResolvers<HostChannel>();
  let fault: string | undefined;
  let isServing = false;
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
    return { deployments, keys: accessOf(endpoint), mirrorTraffic };
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

  const fail = (message: string): void => {
    fault = message;
    const { promise, reject } = serving;
    promise.catch(() => {});
    serving = Promise.withResolvers();
    reject(new MalachiteError('Unavailable', `Endpoint "${name}" does not answer: ${message}`));
  };

  /** The host that comes after this one has only the models to load. */
  const prepareNext = (): void => {
    if (records.has(name)) hosts.prepare(state().deployments);
  };

  /** One life of the host, from its start to its end. */
  const live = async (listener: Listener): Promise<void> => {
    const host = hosts.take();
    host.tell(hear);
    channel = host;
    records.setHost(name, { port: records.get(name).port, process: host.identity });
    try {
      await host.ask({ type: 'start', serviceName: name, ...state() });
      listener.attach(host.process);
      fault = undefined;
      isServing = true;
      serving.resolve(host);
      prepareNext();
    } catch (error) {
      if (!closing.signal.aborted) fail((error as Error).message);
      host.kill();
    }
    const end = await host.ended;
    channel = undefined;
    isServing = false;
    if (closing.signal.aborted) return;
    if (fault === undefined) serving = Promise.withResolvers();
    const lost = await listener.detach(`The process of endpoint "${name}" ${end}; it is started again. Send the request again.`);
    const message = `The scoring host of endpoint "${name}" ${end} with ${lost} ${lost === 1 ? 'request' : 'requests'}; it is started again.`;
    context.log.warn({ endpoint: name }, message);
    for (const { name: deployment } of records.deployments(name)) logOf(deployment).append([message]);
    traffic.crashed(records.get(name), message);
  };

  const supervise = async (): Promise<void> => {
    endOrphan(records.get(name).process);
    const listener = await listen();
    try {
      await keepAlive(listener);
    } finally {
      listener.close();
    }
  };

  const keepAlive = async (listener: Listener): Promise<void> => {
    closing.signal.addEventListener('abort', () => listener.stop());
    for (let crashes = 0; !closing.signal.aborted; ) {
      const started = performance.now();
      await live(listener);
      crashes = performance.now() - started > stableMs ? 1 : crashes + 1;
      const pause = crashes <= crashesAtOnce ? 0 : Math.min(longestPauseMs, 50 * 2 ** crashes);
      await delay(pause, undefined, { signal: closing.signal }).catch(() => {});
    }
  };

  const update = async (candidate?: string): Promise<void> => {
    const host = await serving.promise;
    await host.ask({ type: 'update', ...state(candidate) });
  };

  /** After a crash the host starts with what is recorded, so what `apply` was to bring is in force when it serves again. */
  const apply = (): Promise<void> =>
    update().catch(async (error) => {
      if (!(error instanceof HostGone)) throw error;
      await serving.promise;
    });

  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const done = changing.then(change);
    changing = done.catch(() => {});
    return done;
  };

  const supervised = supervise().catch((error) =>
    context.log.error({ endpoint: name, err: error }, 'An endpoint could not be kept up'),
  );
  return {
    ready: async () => void (await serving.promise),
    apply: () => inTurn(apply),
    put: (deployment, settled) =>
      inTurn(async () => {
        try {
          // The host may have been killed by chance; a model that kills it does so again.
          await update(deployment).catch((error) => (error instanceof HostGone ? update(deployment) : Promise.reject(error)));
          settled(null);
          prepareNext();
        } catch (error) {
          settled(asMalachiteError(error));
          await apply().catch(() => {});
        }
      }),
    fault: () => fault,
    isServing: () => isServing,
    async close() {
      closing.abort();
      const canceled = new MalachiteError('Canceled', `Endpoint "${name}" is being closed.`);
      serving.promise.catch(() => {});
      serving.reject(canceled);
      serving = { ...serving, promise: Promise.reject(canceled) };
      serving.promise.catch(() => {});
      await channel?.stop();
      await supervised;
    },
  };
}
