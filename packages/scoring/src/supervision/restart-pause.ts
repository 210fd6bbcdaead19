/** How long to wait before a process is started again. */

const LONGEST_PAUSE_MS = 10_000;

/**
 * Milliseconds: none after a process that was ready, whatever ended it and however often: who waits for it is answered within a second.
 * What cannot be started is tried less and less often.
 *
 * @param failures starts in a row that never became ready
 */
export function pauseBeforeStart(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures);
}
