/** Asking again, less and less often while nothing changes. */
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds: the first wait, and the longest. Azure's own clients come to a minute; a user who watches does not wait so long. */
const [shortest, longest] = [150, 10_000];

export type Waiting = {
  /** Waits; longer each time. Rejects with `AbortError` when the workspace is closed. */
  next(): Promise<void>;
  /** Something has changed: what follows may come soon. */
  reset(): void;
};

export function waiting(signal: AbortSignal): Waiting {
  let ms = shortest;
  return {
    async next() {
      await delay(ms, undefined, { signal });
      ms = Math.min(longest, ms * 1.5);
    },
    reset() {
      ms = shortest;
    },
  };
}
