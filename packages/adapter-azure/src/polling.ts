/** Waiting for Azure: asking again, less and less often while nothing changes, and not for ever. */
import { setTimeout as delay } from 'node:timers/promises';
import { MalachiteError } from '@malachite/core';
import { ofAzure } from './errors.ts';

/** Milliseconds: the first wait, and the longest. Azure's own clients come to a minute; a user who watches does not wait so long. */
const [shortest, longest] = [150, 10_000];

export type Waiting = {
  /** Waits; longer each time. `Canceled` when the workspace is closed. */
  next(): Promise<void>;
  /** Something has changed: what follows may come soon. */
  reset(): void;
};

export function waiting(signal: AbortSignal): Waiting {
  let ms = shortest;
  return {
    async next() {
      await delay(ms, undefined, { signal }).catch((cause) => {
        throw new MalachiteError('Canceled', 'The workspace was closed.', { cause });
      });
      ms = Math.min(longest, ms * 1.5);
    },
    reset() {
      ms = shortest;
    },
  };
}

/** An endpoint or cluster takes minutes, an image half an hour. */
const patienceMs = 60 * 60_000;

/**
 * Waits for a long operation; the client polls as often as `Retry-After` says.
 * @throws MalachiteError `Timeout` after an hour, `Canceled` when the workspace is closed; Azure goes on by itself.
 */
export async function waited<T>(
  doing: string,
  signal: AbortSignal,
  wait: (abortSignal: AbortSignal) => Promise<T>,
  ms = patienceMs,
): Promise<T> {
  const tooLong = AbortSignal.timeout(ms);
  try {
    return await wait(AbortSignal.any([signal, tooLong]));
  } catch (thrown) {
    if (!tooLong.aborted || signal.aborted) throw ofAzure(thrown, doing);
    throw new MalachiteError('Timeout', `${doing} takes longer than ${ms / 60_000} minutes; it may still be done.`, {
      cause: thrown,
    });
  }
}
