/** Scoring hosts, one of them started ahead: what takes longest, the program itself, is loaded when an endpoint needs its next host. */
import type { HostedDeployment } from '@malachite/scoring';
import { type HostChannel, startHost } from './host-channel.ts';

export type HostPool = {
  /** A process that waits to be told what to serve. */
  take(): HostChannel;
  /** Has one ready for the next `take`, which may be to serve these. */
  prepare(deployments: readonly HostedDeployment[]): void;
  close(): Promise<void>;
};

/** @param outputFile takes what the processes themselves print. */
export function hostPool(outputFile: string): HostPool {
  let spare: HostChannel | undefined;
  return {
    take() {
      const taken = spare?.isAlive() ? spare : startHost(outputFile);
      spare = undefined;
      return taken;
    },
    prepare(deployments) {
      if (!spare?.isAlive()) spare = startHost(outputFile);
      spare.prepare(deployments);
    },
    async close() {
      const last = spare;
      spare = undefined;
      last?.kill();
      await last?.ended;
    },
  };
}
