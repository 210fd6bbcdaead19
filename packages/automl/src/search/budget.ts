/** When a search may start another trial, and how long that one may take. */
import type { AutoMLLimits, Trial } from '@malachite/core';

export type Budget = {
  /** True when time decides: the leaderboard then depends on the machine. Otherwise trials or work units decide, and it does not. */
  readonly timed: boolean;
  /** Trials of the search; as many more as there are to be ensembles are kept from `maxTrials`, but three are searched at least: the baseline and two to join. */
  readonly searchTrials: number;
  /** Seconds since the job's search began, earlier processes included. */
  elapsed(): number;
  /** Seconds left for everything, the ensemble and the explanation included. */
  remaining(): number;
  /** Seconds left for trials; zero or less when none may start. */
  searchSeconds(): number;
  /** Seconds a trial that starts now may take. */
  trialSeconds(): number;
  /** Seconds that trials are waited for when the search's time is up. */
  readonly graceSeconds: number;
  /** The same while no model has come in at all: then one matters more than an ensemble or an explanation. */
  readonly lastGraceSeconds: number;
};

/** The baseline, and two models that an ensemble could join. */
const fewestSearched = 3;

/** Without any limit a search takes a minute. */
const defaultMinutes = 1;

/**
 * @param ensembles How many ensembles are to follow the search.
 * @param elapsedSeconds Of the budget that earlier processes have used.
 * @param now Seconds of a clock.
 */
export function openBudget(limits: AutoMLLimits, ensembles: number, elapsedSeconds: number, now: () => number): Budget {
  const unlimited = limits.timeoutMinutes === undefined && limits.maxTrials === undefined && limits.workUnits === undefined;
  const minutes = limits.timeoutMinutes ?? (unlimited ? defaultMinutes : Number.POSITIVE_INFINITY);
  const start = now() - elapsedSeconds;
  const end = start + 60 * minutes;
  const maxTrials = limits.maxTrials ?? 1000;
  // What the ensemble, its proof and the explanation need: a second and a share of the budget, at most a quarter of it or half a minute.
  const reserve = Number.isFinite(minutes) ? Math.min(30, 1 + 0.12 * 60 * minutes, 0.25 * 60 * minutes) : 0;
  const remaining = (): number => end - now();
  const searchSeconds = (): number => remaining() - reserve;
  return {
    timed: Number.isFinite(minutes),
    searchTrials: Math.min(maxTrials, Math.max(fewestSearched, maxTrials - ensembles)),
    elapsed: () => now() - start,
    remaining,
    searchSeconds,
    trialSeconds: () => Math.min(searchSeconds(), 60 * (limits.trialTimeoutMinutes ?? Number.POSITIVE_INFINITY)),
    graceSeconds: reserve / 3,
    lastGraceSeconds: 0.9 * reserve,
  };
}

/** Trials without a better score after which the search ends, as Azure's v2 jobs have it. */
const patience = 20;

/**
 * Why the search should not go on after these trials, or undefined. They are in order of iteration, `work` in units.
 * A pure function of its arguments, so that a repeated search stops at the same trial.
 */
export function reasonToStop(
  trials: readonly { readonly score: Trial['score']; readonly work: number }[],
  limits: AutoMLLimits,
  better: (a: number, b: number) => boolean,
): string | undefined {
  let best: number | undefined;
  let bestAt = -1;
  let work = 0;
  for (const [index, { score, work: own }] of trials.entries()) {
    work += own;
    if (score !== null && (best === undefined || better(score, best))) {
      best = score;
      bestAt = index;
    }
  }
  if (limits.exitScore !== undefined && best !== undefined && !better(limits.exitScore, best))
    return `The exit score ${limits.exitScore} is reached.`;
  if (limits.workUnits !== undefined && work >= limits.workUnits) return `The work budget of ${limits.workUnits} units is used.`;
  if ((limits.enableEarlyTermination ?? true) && trials.length - 1 - bestAt >= patience && trials.length > patience) {
    return `No scores improved over last ${patience} iterations, so experiment stopped early.`;
  }
  return undefined;
}
