/** Instance processes, one of them started ahead: an instance that ends is replaced by one that has only the model to load. */
import { type Instance, startInstance } from './instance.ts';
import type { ModelSource } from './messages.ts';

export interface InstancePool {
  take(model: ModelSource): Instance;
  /** Has one ready for the next `take`. */
  prepare(): void;
  close(): void;
}

export function instancePool(): InstancePool {
  let spare: Instance | undefined;
  return {
    take(model) {
      const taken = spare?.isAlive() ? spare : startInstance();
      spare = undefined;
      taken.load(model);
      return taken;
    },
    prepare() {
      if (!spare?.isAlive()) spare = startInstance();
    },
    close() {
      spare?.retire();
      spare = undefined;
    },
  };
}
