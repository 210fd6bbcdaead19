/** Requests wait for a free instance here, and not longer than the deployment says: `max_queue_wait_ms`. */
import { MalachiteError } from '@malachite/core/errors';
import type { Answerer } from '../call.ts';

export interface QueueOptions {
  /** Requests that may be with the instances at the same time. */
  readonly slots: number;
  /** Milliseconds in the queue; past it a request is `Unavailable`, 503. */
  readonly maxQueueWaitMs: number;
}

export function queuedAnswerer(answerer: Answerer, { slots, maxQueueWaitMs }: QueueOptions): Answerer {
  let busy = 0;
  const waiting = new Set<() => void>();

  const slot = async (): Promise<void> => {
    if (busy < slots) {
      busy++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(enter);
        const message = `No instance was free within the deployment's max_queue_wait_ms, ${maxQueueWaitMs} ms; try again later.`;
        reject(new MalachiteError('Unavailable', message));
      }, maxQueueWaitMs);
      waiting.add(enter);
    });
  };
  /** The slot goes to who waits longest. */
  const free = (): void => {
    const [next] = waiting;
    if (next === undefined) busy--;
    else {
      waiting.delete(next);
      next();
    }
  };

  return {
    signature: answerer.signature,
    evaluation: answerer.evaluation,
    ownHttp: answerer.ownHttp,
    async answer(call) {
      await slot();
      try {
        return await answerer.answer(call);
      } finally {
        free();
      }
    },
  };
}
