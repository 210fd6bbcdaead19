/** `get-logs --follow`: the last lines of a deployment's log, and then each new one. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DeploymentInput, DeploymentPort } from '@malachite/core';
import type { Context } from '../cli/command.ts';

/** Milliseconds between two looks: Azure has no stream of a container's log to follow either. */
const interval = 500;

/** As many lines as one look can bring. */
const window = 1000;

/** Prints until Ctrl-C. @param lines how many of those that are there already are printed first */
export async function followLogs(
  { print, signal }: Context,
  port: DeploymentPort,
  which: DeploymentInput,
  lines: number,
): Promise<void> {
  let seen = (await port.logs({ ...which, lines: window })).lines;
  for (const line of seen.slice(-lines)) print(line);
  while (!signal.aborted) {
    await wait(interval, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const now = (await port.logs({ ...which, lines: window })).lines;
    for (const line of linesSince(seen, now)) print(line);
    seen = now;
  }
}

/** What is new in `now`: both are the last lines of one growing log, so `now` begins with some tail of `before`. */
export function linesSince(before: readonly string[], now: readonly string[]): readonly string[] {
  for (let gone = 0; gone <= before.length; gone++) {
    const kept = before.length - gone;
    if (kept <= now.length && before.slice(gone).every((line, index) => line === now[index])) return now.slice(kept);
  }
  return now;
}
