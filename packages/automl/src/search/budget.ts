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
  /**
   * Seconds left for trials; zero or less when none may start.
   * @param hasModel While nothing but the baseline has come in, a model matters more than an ensemble or an explanation, and has their time.
   * @param later What fits after the trials will take: each kind has its share of the whole time at most.
   */
  searchSeconds(hasModel: boolean, later: LaterFits): number;
  /** Seconds left for cross-fits, which come before fits on all rows. */
  crossFitSeconds(later: LaterFits): number;
  /** Seconds a trial may take that starts with so many left for the search. */
  trialSeconds(searchSeconds: number): number;
  /** Seconds that trials are waited for when the search's time is up. */
  readonly graceSeconds: number;
};

/** Seconds of fits that follow the trials. */
export type LaterFits = {
  /** Of as few models as are worth it, and of as many as are wanted. */
  readonly crossFits: { readonly least: number; readonly most: number };
  readonly refits: number;
};

/** The baseline, and two models that an ensemble could join. */
const fewestSearched = 3;

/** Without any limit a search takes a minute. */
const defaultMinutes = 1;

/** Of the whole time: what one trial may take at most, and what is kept at most for cross-fits, and for fits on all rows. */
const trialShare = 0.25;
const crossFitShare = 0.25;
const refitShare = 0.2;
/** Of the reserve: what is kept to prove the very first model. */
const lastShare = 0.2;

/**
 * @param ensembles How many ensembles are to follow the search.
 * @param elapsedSeconds Of the budget that earlier processes have used.
 * @param now Seconds of a clock.
 */
export function openBudget(limits: AutoMLLimits, ensembles: number, elapsedSeconds: number, now: () => number): Budget {
  const unlimited = limits.timeoutMinutes === undefined && limits.maxTrials === undefined && limits.workUnits === undefined;
  const minutes = limits.timeoutMinutes ?? (unlimited ? defaultMinutes : Number.POSITIVE_INFINITY);
  const total = 60 * minutes;
  const start = now() - elapsedSeconds;
  const maxTrials = limits.maxTrials ?? 1000;
  // What the ensemble, its proof and the explanation need: a second and a share of the budget, at most a quarter of it or half a minute.
  const reserve = Number.isFinite(total) ? Math.min(30, 1 + 0.15 * total, 0.25 * total) : 0;
  const remaining = (): number => start + total - now();
  // Without ensembles no fit follows the trials.
  const [mostForCrossFits, mostForRefits] = ensembles === 0 ? [0, 0] : [crossFitShare * total, refitShare * total];
  const crossFitSeconds = ({ crossFits: { least, most } }: LaterFits): number =>
    least > mostForCrossFits ? 0 : Math.min(most, mostForCrossFits);
  const afterRefits = ({ refits }: LaterFits): number => remaining() - reserve - Math.min(refits, mostForRefits);
  return {
    timed: Number.isFinite(total),
    searchTrials: Math.min(maxTrials, Math.max(fewestSearched, maxTrials - ensembles)),
    elapsed: () => now() - start,
    remaining,
    searchSeconds: (hasModel, later) =>
      hasModel ? afterRefits(later) - crossFitSeconds(later) : remaining() - lastShare * reserve,
    crossFitSeconds: afterRefits,
    trialSeconds: (searchSeconds) =>
      Math.min(searchSeconds, trialShare * total, 60 * (limits.trialTimeoutMinutes ?? Number.POSITIVE_INFINITY)),
    graceSeconds: reserve / 3,
  };
}

/** Trials without a better score after which the search ends, as Azure's v2 jobs have it. */
const patience = 20;

/**
 * Seconds without a better score that a search with a time budget gives besides: Azure's trials take about a minute, so that its
 * rule gives up after twenty minutes; ours on a small table take a tenth of a second, and two seconds without luck say nothing.
 */
const patientSeconds = 60;

export type SearchedTrial = Pick<Trial, 'score' | 'work' | 'finishedAtSeconds'>;

/**
 * Why the search should not go on after these trials, or undefined. They are in order of iteration, `work` in units.
 * A pure function of its arguments, so that a repeated search stops at the same trial.
 *
 * @param elapsed Seconds since the search began; undefined where time does not decide.
 */
export function reasonToStop(
  trials: readonly SearchedTrial[],
  limits: AutoMLLimits,
  better: (a: number, b: number) => boolean,
  elapsed?: number,
): string | undefined {
  let best: SearchedTrial | undefined;
  let bestAt = -1;
  let work = 0;
  for (const [index, trial] of trials.entries()) {
    work += trial.work;
    if (trial.score !== null && (best?.score == null || better(trial.score, best.score))) {
      best = trial;
      bestAt = index;
    }
  }
  if (limits.exitScore !== undefined && best?.score != null && !better(limits.exitScore, best.score))
    return `The exit score ${limits.exitScore} is reached.`;
  if (limits.workUnits !== undefined && work >= limits.workUnits) return `The work budget of ${limits.workUnits} units is used.`;
  if (!(limits.enableEarlyTermination ?? true) || trials.length <= patience || trials.length - 1 - bestAt < patience)
    return undefined;
  if (elapsed !== undefined && elapsed - (best?.finishedAtSeconds ?? 0) < patientSeconds) return undefined;
  return `No scores improved over last ${patience} iterations, so experiment stopped early.`;
}
