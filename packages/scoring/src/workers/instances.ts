/**
 * The instances of a deployment: as many processes as `instance_count`, each with the model. One that ends takes only the calls that
 * were with it, and is replaced at once. The endpoint's own process stays free: its timeouts and limits hold while models are busy.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MalachiteError } from '@malachite/core/errors';
import type { Answerer } from '../call.ts';
import { pauseBeforeStart } from '../supervision/restart-pause.ts';
import type { Instance } from './instance.ts';
import type { InstancePool } from './instance-pool.ts';
import type { InstanceReady, ModelSource } from './messages.ts';
import { defaultLiveness, type Probe, watchProbe } from './probe.ts';

export interface Instances extends Answerer {
  /** What was changed in the graph before it was loaded, in words. */
  readonly rewritten: readonly string[];
  /** Who evaluates the graph, and why: each instance the same way. */
  readonly evaluation: string;
  /** Process ids of those that answer now. */
  pids(): number[];
  /** Settles when that many answer, or those that are too many take no more calls. */
  scale(count: number): Promise<void>;
  /** Ends all, once the calls that are with them are answered. */
  close(): Promise<void>;
}

export interface InstancesOptions {
  readonly model: ModelSource;
  readonly count: number;
  /** How many must answer before it is ready, the others coming after; `count`. */
  readonly needed?: number;
  readonly pool: InstancePool;
  /** One that fails it is replaced; Azure's default, which allows five minutes. */
  readonly livenessProbe?: Probe;
  /** One that fails it gets no calls until it is well; none. */
  readonly readinessProbe?: Probe;
  /** Is told of instances that end by themselves. */
  readonly onLog: (line: string) => void;
}

/** @throws what loading the model throws, and Failed when it kills its process */
export async function startInstances(options: InstancesOptions): Promise<Instances> {
  const { model, count, needed = count, pool, livenessProbe = defaultLiveness(), readinessProbe, onLog } = options;
  const starting = new Set<Instance>();
  /** Those that are up, and of them those that get calls. */
  const up = new Set<Instance>();
  const serving = new Set<Instance>();
  const ends = new Set<Promise<unknown>>();
  let wanted = 0;
  /** Settles when one answers again, while none does. */
  let awaited = Promise.withResolvers<void>();

  /** One that answers, kept under watch until its end. */
  const start = async (): Promise<InstanceReady> => {
    const instance = pool.take(model);
    starting.add(instance);
    const ended = instance.ended.then((how) => {
      ends.delete(ended);
      starting.delete(instance);
      rest(instance);
      if (!up.delete(instance)) return;
      onLog(`An instance ${how} (process ${instance.pid}); it is started again.`);
      void replace(0);
    });
    ends.add(ended);
    try {
      const ready = await instance.ready;
      starting.delete(instance);
      // Fewer may be wanted by now, or none.
      if (up.size >= wanted) {
        instance.retire();
        return ready;
      }
      up.add(instance);
      serve(instance);
      pool.prepare();
      watch(instance);
      return ready;
    } catch (error) {
      instance.retire();
      throw error;
    }
  };

  const serve = (instance: Instance): void => {
    serving.add(instance);
    awaited.resolve();
  };
  const rest = (instance: Instance): void => {
    if (serving.delete(instance) && serving.size === 0) awaited = Promise.withResolvers();
  };

  /** It has said itself that it is ready: no probe is waited for before it gets calls. */
  const watch = (instance: Instance): void => {
    const over = new AbortController();
    void instance.ended.then(() => over.abort());
    const target = { ask: () => instance.probe(), signal: over.signal };
    void watchProbe(livenessProbe, {
      ...target,
      onWell() {},
      onUnwell: (failures) => instance.kill(`did not answer its liveness probe ${times(failures)}`),
    });
    if (readinessProbe === undefined) return;
    void watchProbe(readinessProbe, {
      ...target,
      onWell() {
        if (up.has(instance)) serve(instance);
      },
      onUnwell(failures) {
        rest(instance);
        onLog(
          `An instance did not answer its readiness probe ${times(failures)} (process ${instance.pid}); it gets no requests.`,
        );
      },
    });
  };

  /** @param failures starts in a row that failed before this one */
  const replace = async (failures: number): Promise<void> => {
    await delay(pauseBeforeStart(failures), undefined, { ref: false });
    if (up.size + starting.size >= wanted) return;
    await start().catch((error: Error) => {
      onLog(`An instance could not be started again: ${error.message}`);
      void replace(failures + 1);
    });
  };

  const scale = async (next: number): Promise<void> => {
    wanted = next;
    const missing = next - up.size - starting.size;
    const awaitedStarts = Array.from(starting, ({ ready }) => ready.catch(() => {}));
    for (const instance of [...up].slice(next)) {
      up.delete(instance);
      rest(instance);
      instance.retire();
    }
    await Promise.all([...awaitedStarts, ...Array.from({ length: Math.max(0, missing) }, () => start())]);
  };

  const close = async (): Promise<void> => {
    await scale(0);
    awaited.promise.catch(() => {});
    awaited.reject(new MalachiteError('Unavailable', 'The deployment is being closed.'));
    await Promise.all(ends);
  };

  let first: InstanceReady;
  try {
    wanted = count;
    const late = (error: Error): void => {
      onLog(`An instance could not be started: ${error.message}`);
      void replace(1);
    };
    [first] = (await Promise.all(Array.from({ length: needed }, () => start()))) as [InstanceReady];
    // Not before: they would take the processor from those that are waited for.
    for (let i = needed; i < count; i++) start().catch(late);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    signature: first.signature,
    rewritten: first.rewritten,
    evaluation: first.evaluation,
    pids: () => [...serving].map(({ pid }) => pid ?? 0),
    async answer(call) {
      while (serving.size === 0) await awaited.promise;
      return await idlest(serving).answer(call);
    },
    scale,
    close,
  };
}

const times = (failures: number): string => (failures === 1 ? 'once' : `${failures} times`);

function idlest(instances: ReadonlySet<Instance>): Instance {
  const [first, ...others] = instances;
  return others.reduce((idle, other) => (other.busy < idle.busy ? other : idle), first as Instance);
}
