/** Scoring hosts, one of them started ahead: what takes longest, the program itself, is loaded when somebody needs its next host. */
import { type HostChannel, type HostProcessOptions, startHost } from './host-channel.ts';

export interface HostPool {
  /** A process that waits to be told what to serve. */
  take(): HostChannel;
  /** Has one ready for the next `take`. @param instances it may have models in processes of their own */
  prepare(instances: boolean): void;
  close(): Promise<void>;
}

export function hostPool(options: HostProcessOptions): HostPool {
  let spare: HostChannel | undefined;
  return {
    take() {
      const taken = spare?.isAlive() ? spare : startHost(options);
      spare = undefined;
      return taken;
    },
    prepare(instances) {
      if (!spare?.isAlive()) spare = startHost(options);
      spare.prepare(instances);
    },
    async close() {
      const last = spare;
      spare = undefined;
      last?.kill();
      await last?.ended;
    },
  };
}
