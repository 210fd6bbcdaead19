/** How a process that was started here ended. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Settles when the process has ended and all it told has been heard: how it ended, in words that follow its name. Messages and
 * output may still be on their way when it exits; "close" comes after the last. ("disconnect" never comes where the receipt of a
 * socket that was sent is still awaited.)
 */
export async function processEnd(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return signal === null ? `ended with exit code ${code}` : `was killed (${signal})`;
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  }
}
