/** Asks a process again and again whether it is well, as a container's probes do: one that hangs is found out though nobody waits for it. */
import { setTimeout as delay } from 'node:timers/promises';

/** Azure's settings and defaults; times in seconds. */
export interface Probe {
  /** Before the first question; 10. */
  readonly initialDelay?: number;
  /** From one question to the next; 10. */
  readonly period?: number;
  /** For an answer; 2. */
  readonly timeout?: number;
  /** Answers in a row that make it well; 1. */
  readonly successThreshold?: number;
  /** Questions in a row without an answer that make it unwell; 30. */
  readonly failureThreshold?: number;
}

export interface ProbeTarget {
  /** Settles when the process answers. */
  ask(): Promise<void>;
  onWell(): void;
  onUnwell(failures: number): void;
  /** Until the process ends. */
  readonly signal: AbortSignal;
}

/**
 * Of what is given no liveness probe: Azure's default, and patience with a process as long as a request may take, where that is longer.
 *
 * @param requestMs how long one may take, where that is said
 */
export function defaultLiveness(requestMs = 0): Probe {
  return { failureThreshold: Math.max(30, Math.ceil(requestMs / 10_000) + 1) };
}

/** How long a process may take until it answers at all, in milliseconds, before a probe gives it up. */
export function patienceOf({ initialDelay = 10, period = 10, timeout = 2, failureThreshold = 30 }: Probe): number {
  return (initialDelay + (failureThreshold - 1) * period + timeout) * 1000;
}

/** How long a process may take to load a model: what Azure's default probe allows, whatever a deployment's own allows later. */
export const LONGEST_LOAD_MS = patienceOf({});

export async function watchProbe(probe: Probe, { ask, onWell, onUnwell, signal }: ProbeTarget): Promise<void> {
  const { initialDelay = 10, period = 10, timeout = 2, successThreshold = 1, failureThreshold = 30 } = probe;
  const pause = (seconds: number): Promise<void> => delay(seconds * 1000, undefined, { signal, ref: false });
  let successes = 0;
  let failures = 0;
  try {
    await pause(initialDelay);
    for (;;) {
      const asked = performance.now();
      if (await isAnswered(ask(), timeout)) {
        failures = 0;
        if (++successes === successThreshold) onWell();
      } else {
        successes = 0;
        if (++failures === failureThreshold) onUnwell(failures);
      }
      await pause(Math.max(0, period - (performance.now() - asked) / 1000));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function isAnswered(answer: Promise<void>, seconds: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), seconds * 1000);
  try {
    return await Promise.race([answer.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
