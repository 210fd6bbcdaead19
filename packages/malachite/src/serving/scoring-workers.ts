/** Several processes behind one scoring port: the primary listens and deals out connections, each worker has the model. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { MalachiteError } from '@malachite/core';

export type ScoringWorkers = {
  /** Where the workers listen: all share it. */
  readonly port: number;
  close(): Promise<void>;
};

/**
 * Starts workers that run this very command again; `cluster.isWorker` tells them apart. One that is killed later is
 * replaced; they all end with the primary, however it ends. `Failed` when one ends before it listens: it has said why.
 */
export async function startScoringWorkers(count: number, env: NodeJS.ProcessEnv): Promise<ScoringWorkers> {
  const started = await Promise.allSettled(Array.from({ length: count }, () => listening(cluster.fork(env))));
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await endAll();
    throw failed.reason;
  }
  const replace = (worker: Worker) => {
    if (!worker.exitedAfterDisconnect) listening(cluster.fork(env)).catch(() => endAll());
  };
  cluster.on('exit', replace);
  const [first] = started;
  return {
    port: first?.status === 'fulfilled' ? first.value : 0,
    async close() {
      cluster.off('exit', replace);
      await endAll();
    },
  };
}

/** The port, once the worker listens. */
async function listening(worker: Worker): Promise<number> {
  const ended = once(worker, 'exit').then(() => {
    throw new MalachiteError('Failed', 'A worker ended before it listened.');
  });
  const [address] = (await Promise.race([once(worker, 'listening'), ended])) as [{ port: number }];
  ended.catch(() => undefined);
  return address.port;
}

async function endAll(): Promise<void> {
  const alive = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined && !worker.isDead());
  await Promise.all(
    alive.map(async (worker) => {
      const ended = once(worker!, 'exit');
      worker!.process.kill('SIGTERM');
      await ended;
    }),
  );
}
