/**
 * The instances of a deployment: as many processes as `instance_count`, each with the model. One that ends takes only the calls that
 * were with it, and is replaced at once. The endpoint's own process stays free: its timeouts and limits hold while models are busy.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MalachiteError } from '@malachite/core';
import type { Answerer } from '../call.ts';
import { type Instance, startInstance } from './instance.ts';
import type { InstanceReady } from './messages.ts';

export interface Instances extends Answerer {
  /** What was changed in the graph before it was loaded, in words. */
  readonly rewritten: readonly string[];
  /** Process ids of those that answer now. */
  pids(): number[];
  /** Settles when that many answer, or those that are too many take no more calls. */
  scale(count: number): Promise<void>;
  /** Ends all, once the calls that are with them are answered. */
  close(): Promise<void>;
}

export interface InstancesOptions {
  readonly modelPath: string;
  readonly count: number;
  /** Is told of instances that end by themselves. */
  readonly onLog: (line: string) => void;
}

/** One that lived this long had started well: its end is no sign that the next one fails too. */
const STABLE_MS = 5_000;
const LONGEST_PAUSE_MS = 10_000;

/** @throws what loading the model throws, and Unavailable when it kills its process */
export async function startInstances({ modelPath, count, onLog }: InstancesOptions): Promise<Instances> {
  const serving = new Set<Instance>();
  const ends = new Set<Promise<unknown>>();
  let wanted = 0;
  /** Settles when one answers again, while none does. */
  let awaited = Promise.withResolvers<void>();

  /** One that answers, kept under watch until its end. */
  const start = async (crashes = 0): Promise<InstanceReady> => {
    const instance = startInstance(modelPath);
    const started = performance.now();
    const ended = instance.ended.then((how) => {
      ends.delete(ended);
      if (!serving.delete(instance)) return;
      if (serving.size === 0) awaited = Promise.withResolvers();
      onLog(`An instance ${how} (process ${instance.pid}); it is started again.`);
      void replace(performance.now() - started > STABLE_MS ? 0 : crashes + 1);
    });
    ends.add(ended);
    try {
      const ready = await instance.ready;
      serving.add(instance);
      awaited.resolve();
      return ready;
    } catch (error) {
      instance.retire();
      throw error;
    }
  };

  const replace = async (crashes: number): Promise<void> => {
    await delay(crashes <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 50 * 2 ** crashes), undefined, { ref: false });
    if (serving.size >= wanted) return;
    await start(crashes).catch((error: Error) => {
      onLog(`An instance could not be started again: ${error.message}`);
      void replace(crashes + 1);
    });
  };

  const scale = async (next: number): Promise<void> => {
    wanted = next;
    const missing = next - serving.size;
    for (const instance of [...serving].slice(next)) {
      serving.delete(instance);
      instance.retire();
    }
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => start()));
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
    [first] = (await Promise.all(Array.from({ length: count }, () => start()))) as [InstanceReady];
  } catch (error) {
    await close();
    throw error;
  }
  return {
    signature: first.signature,
    rewritten: first.rewritten,
    pids: () => [...serving].map(({ pid }) => pid ?? 0),
    async answer(call) {
      while (serving.size === 0) await awaited.promise;
      return await idlest(serving).answer(call);
    },
    scale,
    close,
  };
}

function idlest(instances: ReadonlySet<Instance>): Instance {
  const [first, ...others] = instances;
  return others.reduce((idle, other) => (other.busy < idle.busy ? other : idle), first as Instance);
}
