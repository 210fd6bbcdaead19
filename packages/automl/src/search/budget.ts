/**
 * When a search may start another trial, how long that one may take, and what the fits may cost that follow the trials.
 *
 * Where time is the budget, clocks decide. Where trials or work are, nothing but recorded work decides, so that the leaderboard is the
 * same on any machine: all fits that follow the trials together may do half the work that the trials did.
 */
import type { AutoMLLimits, Trial } from '@malachite/core';

/** What fits take: seconds of the clock with every thread at work, and work, which is the same on every machine. */
export type Cost = { readonly seconds: number; readonly work: number };

/** What follows the trials. */
export type Later = {
  /** Of as few models as are worth it, and of as many as are wanted. */
  readonly crossFits: { readonly least: Cost; readonly most: Cost };
  /** Fits on all rows. */
  readonly refits: Cost;
  /** Of an ensemble, and of shuffling columns for the explanation. */
  readonly proofSeconds: number;
};

export type LaterWork = {
  /** What each kind may do: cross-fits none where there is too little for as few as are worth it, fits on all rows what they leave. */
  readonly crossFits: number;
  readonly refits: number;
  /** What both are going to do. */
  readonly planned: number;
};

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
  searchSeconds(hasModel: boolean, later: Later): number;
  /** Seconds that cross-fits may take, which come before fits on all rows. */
  crossFitSeconds(later: Later): number;
  /** Work that the fits may do which follow the trials; without end where time alone decides. @param work Of the trials. */
  laterWork(later: Later, work: number): LaterWork;
  /** Seconds a trial may take that starts with so many left for the search. */
  trialSeconds(searchSeconds: number): number;
  /** Seconds that trials are waited for when the search's time is up. */
  graceSeconds(later: Later): number;
  /** Seconds of a fit on all rows beyond which no time is kept for it: it would not be done in it. */
  readonly longestRefit: number;
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

/** Of the trials' work: what all fits that follow may do, and of that the cross-fits. */
const laterShare = 0.5;
const crossFitPart = 0.5;
/** Work that they may do whatever the trials did, about two seconds of it; but no more than their share of the work budget. */
const leastLaterWork = 200;

/**
 * @param ensembles How many ensembles are to follow the search.
 * @param elapsedSeconds Of the budget that earlier processes have used.
 * @param now Seconds of a clock.
 * @param keptSeconds Of the budget, for what its caller does afterwards. Default 0.
 */
export function openBudget(
  limits: AutoMLLimits,
  ensembles: number,
  elapsedSeconds: number,
  now: () => number,
  keptSeconds = 0,
): Budget {
  const unlimited = limits.timeoutMinutes === undefined && limits.maxTrials === undefined && limits.workUnits === undefined;
  const minutes = limits.timeoutMinutes ?? (unlimited ? defaultMinutes : Number.POSITIVE_INFINITY);
  const total = 60 * minutes;
  const timed = Number.isFinite(total);
  const start = now() - elapsedSeconds;
  const maxTrials = limits.maxTrials ?? 1000;
  // What the ensembles, their proofs and the explanation need: a second and a share of the budget, at most a quarter of it or half a minute.
  const reserve = timed ? Math.min(30, 1 + 0.15 * total, 0.25 * total) : 0;
  // Models that answer quickly need less.
  const reserveFor = ({ proofSeconds }: Later): number => Math.min(reserve, 1 + 0.05 * total + proofSeconds);
  const remaining = (): number => start + total - keptSeconds - now();
  // Without ensembles no fit follows the trials.
  const [mostForCrossFits, mostForRefits] = ensembles === 0 ? [0, 0] : [crossFitShare * total, refitShare * total];
  const crossFitSeconds = ({ crossFits: { least, most } }: Later): number =>
    least.seconds > mostForCrossFits ? 0 : Math.min(most.seconds, mostForCrossFits);
  const afterRefits = (later: Later): number => remaining() - reserveFor(later) - Math.min(later.refits.seconds, mostForRefits);
  const isWorkCounted = !timed || limits.workUnits !== undefined;
  const leastWork = Math.min(leastLaterWork, (laterShare / (1 + laterShare)) * (limits.workUnits ?? Number.POSITIVE_INFINITY));
  return {
    timed,
    searchTrials: Math.min(maxTrials, Math.max(fewestSearched, maxTrials - ensembles)),
    elapsed: () => now() - start,
    remaining,
    searchSeconds: (hasModel, later) =>
      hasModel ? afterRefits(later) - crossFitSeconds(later) : remaining() - lastShare * reserve,
    crossFitSeconds: afterRefits,
    laterWork({ crossFits: { least, most }, refits }, work) {
      if (!isWorkCounted) return { crossFits: Number.POSITIVE_INFINITY, refits: Number.POSITIVE_INFINITY, planned: 0 };
      const whole = ensembles === 0 ? 0 : Math.max(leastWork, laterShare * work);
      const crossFits = least.work > crossFitPart * whole ? 0 : Math.min(most.work, crossFitPart * whole);
      return { crossFits, refits: whole - crossFits, planned: crossFits + Math.min(refits.work, whole - crossFits) };
    },
    trialSeconds: (searchSeconds) =>
      Math.min(searchSeconds, trialShare * total, 60 * (limits.trialTimeoutMinutes ?? Number.POSITIVE_INFINITY)),
    graceSeconds: (later) => reserveFor(later) / 3,
    longestRefit: mostForRefits,
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

/** What else a decision to stop knows of. */
export type Standing = {
  /** Seconds since the search began; absent where time does not decide. */
  readonly elapsed?: number;
  /** Of the fits that are to follow. Default 0. */
  readonly laterWork?: number;
};

/**
 * Why the search should not go on after these trials, or undefined. They are in order of iteration, `work` in units.
 * A pure function of its arguments, so that a repeated search stops at the same trial.
 */
export function reasonToStop(
  trials: readonly SearchedTrial[],
  limits: AutoMLLimits,
  better: (a: number, b: number) => boolean,
  { elapsed, laterWork = 0 }: Standing = {},
): string | undefined {
  let best: SearchedTrial | undefined;
  let bestAt = -1;
  for (const [index, trial] of trials.entries()) {
    if (trial.score !== null && (best?.score == null || better(trial.score, best.score))) {
      best = trial;
      bestAt = index;
    }
  }
  if (limits.exitScore !== undefined && best?.score != null && !better(limits.exitScore, best.score))
    return `The exit score ${limits.exitScore} is reached.`;
  if (limits.workUnits !== undefined && workOf(trials) + laterWork >= limits.workUnits)
    return `The work budget of ${limits.workUnits} units is used.`;
  if (!(limits.enableEarlyTermination ?? true) || trials.length <= patience || trials.length - 1 - bestAt < patience)
    return undefined;
  if (elapsed !== undefined && elapsed - (best?.finishedAtSeconds ?? 0) < patientSeconds) return undefined;
  return `No scores improved over last ${patience} iterations, so experiment stopped early.`;
}

/** Of all of these trials. */
export function workOf(trials: readonly Pick<Trial, 'work'>[]): number {
  return trials.reduce((sum, { work }) => sum + work, 0);
}
