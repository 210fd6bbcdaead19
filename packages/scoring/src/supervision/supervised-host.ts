/**
 * Keeps a scoring host running behind its listener: one that ends, or hangs, is followed by the next, which was started ahead. Only the
 * requests that were with it fail.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { asMalachiteError, MalachiteError } from '@malachite/core/errors';
import type { HostLog, HostRequests } from '../host-messages.ts';
import { takesInstances } from '../instances-taken.ts';
import type { Listener } from '../listener/listener.ts';
import { LONGEST_LOAD_MS, type Probe, watchProbe } from '../workers/probe.ts';
import { type HostChannel, HostGone, type HostState } from './host-channel.ts';
import type { HostPool } from './host-pool.ts';
import { pauseBeforeStart } from './restart-pause.ts';

export interface SupervisedHost {
  /** Settles when it answers; waits while it is started again. @throws why it cannot be started, or why there is nothing to start */
  ready(): Promise<void>;
  /** Puts a state in force, once the host is ready. @throws the host's own error, HostGone when it ends meanwhile, what `ready` throws */
  update(state: HostState): Promise<void>;
  /** Starts the next host ahead, as the state is now. */
  prepareNext(): void;
  /** Why it could not be started, while it is not. */
  fault(): string | undefined;
  /** It answers. Without a fault, one that does not is being started. */
  isServing(): boolean;
  /** Lets it finish its requests and ends it, and with `Canceled` what waits for it. */
  close(): Promise<void>;
}

export interface SupervisedHostOptions {
  /** What is served, as sentences name it: `endpoint "bank"`. */
  readonly name: string;
  /** Where clients connect; closed with the host. */
  readonly listener: Promise<Listener>;
  readonly hosts: HostPool;
  /** What to serve; asked at every start. */
  readonly state: () => HostState;
  /** Is told of requests and log lines. */
  readonly hear: (told: HostRequests | HostLog) => void;
  /** Is told of each process that is going to serve. */
  readonly onStart?: (process: ChildProcess) => void;
  /** Is told, in a sentence, when a host has ended by itself. */
  readonly onCrash: (sentence: string) => void;
  /** A host that fails it is ended; Azure's default, which is found out after five minutes. */
  readonly livenessProbe?: Probe;
}

export function superviseHost(options: SupervisedHostOptions): SupervisedHost {
  const { name, hosts, state, hear, onStart, onCrash, livenessProbe = {} } = options;
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  let channel: HostChannel | undefined;
  let serving = awaitedHost();
  let fault: MalachiteError | undefined;
  let isServing = false;

  const prepareNext = (): void => {
    if (!isClosing()) hosts.prepare(state().deployments.some(takesInstances));
  };

  const begin = (host: HostChannel): void => {
    fault = undefined;
    isServing = true;
    serving.resolve(host);
    prepareNext();
  };

  /** Who waits is told; who comes from now on waits for the next start. */
  const fail = (error: MalachiteError): void => {
    fault = error;
    const failed = serving;
    serving = awaitedHost();
    failed.reject(error);
  };

  const watch = (host: HostChannel, signal: AbortSignal): void => {
    void watchProbe(livenessProbe, {
      ask: () => host.probe(),
      onWell() {},
      onUnwell: (failures) => host.kill(`did not answer its liveness probe ${failures === 1 ? 'once' : `${failures} times`}`),
      signal,
    });
  };

  /** One life of the host, from its start to its end. @returns whether it was ready in it */
  const live = async (listener: Listener): Promise<boolean> => {
    const host = hosts.take();
    host.tell(hear);
    channel = host;
    onStart?.(host.process);
    const late = setTimeout(() => host.kill(`took longer than ${LONGEST_LOAD_MS / 1000} s`), LONGEST_LOAD_MS);
    const over = new AbortController();
    try {
      await host.start(state());
      clearTimeout(late);
      watch(host, over.signal);
      listener.attach(host.process);
      begin(host);
    } catch (error) {
      if (!isClosing()) fail(whyNotStarted(error));
      host.kill();
    }
    const end = await host.ended;
    clearTimeout(late);
    over.abort();
    channel = undefined;
    const wasReady = isServing;
    isServing = false;
    if (isClosing()) return wasReady;
    if (wasReady) serving = awaitedHost();
    const lost = await listener.detach(`The process of ${name} ${end}; it is started again. Send the request again.`);
    onCrash(`The scoring host of ${name} ${end} with ${lost} ${lost === 1 ? 'request' : 'requests'}; it is started again.`);
    return wasReady;
  };

  const supervise = async (): Promise<void> => {
    const listener = await options.listener;
    closing.signal.addEventListener('abort', () => listener.stop());
    try {
      for (let failures = 0; !isClosing(); ) {
        failures = (await live(listener)) ? 0 : failures + 1;
        await delay(pauseBeforeStart(failures), undefined, { signal: closing.signal }).catch(() => {});
      }
    } finally {
      listener.close();
    }
  };
  const supervised = supervise().catch((error: unknown) => {
    // There is no next start to wait for.
    fault = asMalachiteError(error);
    serving.reject(fault);
  });

  return {
    ready: async () => void (await serving.promise),
    async update(next) {
      const host = await serving.promise;
      await host.update(next);
    },
    prepareNext,
    fault: () => fault?.message,
    isServing: () => isServing,
    async close() {
      closing.abort();
      const canceled = new MalachiteError('Canceled', `The scoring host of ${name} is being closed.`);
      serving.reject(canceled);
      serving = awaitedHost();
      serving.reject(canceled);
      await channel?.stop();
      await supervised;
    },
  };
}

/** A host that is waited for, by anybody or nobody. */
function awaitedHost(): PromiseWithResolvers<HostChannel> {
  const awaited = Promise.withResolvers<HostChannel>();
  awaited.promise.catch(() => {});
  return awaited;
}

function whyNotStarted(error: unknown): MalachiteError {
  if (!(error instanceof HostGone)) return asMalachiteError(error);
  return new MalachiteError('Failed', `${error.message.slice(0, -1)}, before it was ready: ONNX Runtime cannot run the model.`);
}
