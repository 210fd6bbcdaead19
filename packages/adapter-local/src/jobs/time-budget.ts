/** The time budget of a run around its search: reading the rows before it, writing the files after it. */
import { type AutoMLLimits, MalachiteError } from '@malachite/core';

/** Seconds kept back for the files and the report: the time budget is of the whole run. */
export const writingSeconds = 0.5;

/**
 * A signal that ends the reading of a run's rows, with a sentence as its reason: when the user cancels, or when the whole time budget is
 * used.
 * @param usedSeconds Of the budget, until now.
 */
export function endOfReading({ timeoutMinutes }: AutoMLLimits, usedSeconds: number, canceled: AbortSignal): AbortSignal {
  const reading = new AbortController();
  const cancel = (): void => reading.abort(new MalachiteError('Canceled', 'The job was canceled.'));
  if (canceled.aborted) cancel();
  canceled.addEventListener('abort', cancel, { once: true });
  if (timeoutMinutes === undefined) return reading.signal;
  const seconds = 60 * timeoutMinutes;
  const late = `Reading the data takes longer than the time budget of ${Math.round(seconds)} s. Give more time.`;
  const left = seconds - usedSeconds - writingSeconds;
  setTimeout(() => reading.abort(new MalachiteError('Failed', late)), Math.max(0, 1000 * left)).unref();
  return reading.signal;
}
