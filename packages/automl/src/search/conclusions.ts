/** What a leaderboard allows to say: which trials are equals, whether anything was learned at all, which is worth its time. */
import type { Conclusions, Trial } from '@malachite/core';
import type { TrialRecord } from './api.ts';
import { associationErrors } from './association.ts';
import { scoreByChance } from './chance-error.ts';
import { betterScore } from './measure.ts';
import type { Problem } from './problem.ts';
import { resampledScores, standardErrorOf } from './resampled-scores.ts';

/** Two scores are told apart when their paired difference exceeds so many of its standard errors. */
const errorsApart = 2;
/** The chance with which pure noise may be taken for a model better than the baseline. */
const falseAlarm = 0.02;

/** @param ranked Every record, best score first. */
export function conclude(problem: Problem, ranked: readonly TrialRecord[]): Conclusions {
  const scored = ranked.filter(({ trial }) => trial.score !== null);
  const difference = comparison(problem);
  const baseline = baselineOf(problem, scored, difference);
  const tied = tiedWithFirst(scored, difference);
  const beaten = baseline?.isBeaten ?? true;
  if (baseline !== null && !beaten && !tied.includes(baseline.trial)) tied.push(baseline.trial);
  const trials = scored.map(({ trial }) => trial);
  const paretoFront = frontOf(trials);
  const improvements = improvementsOf(trials, betterScore(problem));
  const sentences = [
    ...(baseline ? [baselineSentence(problem, baseline, trials)] : []),
    ...(beaten && scored.length > 0 ? [tieSentence(trials, tied)] : []),
    ...bestSentence(scored, bestOf(scored, { baseline, tied })),
    ...progressSentence(improvements, ranked),
    ...(beaten ? speedSentence(trials, paretoFront, tied) : []),
    ...failureSentence(ranked),
    ...unfinishedSentence(ranked),
  ];
  return { sentences, tied, baseline, paretoFront: paretoFront.map(({ name }) => name), improvements };
}

/**
 * The baseline when no model is better; else the best score. A single model that is first by no more than chance steps back for the
 * blend: it is the luckiest of many on the validation rows, and the blend's members are fitted on all.
 */
export function bestOf(
  ranked: readonly TrialRecord[],
  { baseline, tied }: Pick<Conclusions, 'baseline' | 'tied'>,
): TrialRecord | undefined {
  if (baseline !== null && !baseline.isBeaten) return ranked.find(({ trial }) => trial.name === baseline.trial);
  const [first] = ranked;
  if (first === undefined || first.trial.ensemble !== undefined) return first;
  return ranked.find(({ trial }) => trial.algorithm === 'VotingEnsemble' && tied.includes(trial.name)) ?? first;
}

/** How far `a` is ahead of `b` on the same validation rows (positive for better), and the standard error of that. */
type Difference = (a: TrialRecord, b: TrialRecord) => { readonly ahead: number; readonly error: number | null };

function comparison(problem: Problem): Difference {
  const sign = betterScore(problem)(1, 0) ? 1 : -1;
  const known = new Map<TrialRecord, Float64Array>();
  const resampledOf = (record: TrialRecord): Float64Array => {
    const found = record.resampledScores ?? known.get(record) ?? resampledScores(problem, record.validationPredictions);
    known.set(record, found);
    return found;
  };
  return (a, b) => {
    const [mine, theirs] = [resampledOf(a), resampledOf(b)];
    return {
      ahead: sign * ((a.trial.score as number) - (b.trial.score as number)),
      error: standardErrorOf(
        problem,
        mine.map((score, group) => score - (theirs[group] as number)),
      ),
    };
  };
}

/**
 * Standard errors that the best of `count` independent models without skill exceeds with a chance of `falseAlarm` at most: the z at which
 * count times the bound exp(-z²/2) / (z √(2π)) of the normal tail is that chance (Bonferroni; Gordon 1941).
 */
function luckOf(count: number): number {
  const chance = (z: number): number => (Math.max(1, count) * Math.exp((-z * z) / 2)) / (z * Math.sqrt(2 * Math.PI));
  let [low, high] = [0.1, 10];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (chance(middle) > falseAlarm) low = middle;
    else high = middle;
  }
  return high;
}

function tiedWithFirst([first, ...others]: readonly TrialRecord[], difference: Difference): string[] {
  if (first === undefined) return [];
  const tied = others.filter((other) => {
    const { ahead, error } = difference(first, other);
    return error === null || ahead <= errorsApart * error;
  });
  return [first, ...tied].map(({ trial }) => trial.name);
}

/**
 * The best of many models that learned nothing is ahead of the baseline by luck: the more models, the further it must be ahead. Trials of
 * one algorithm err alike and count as one: fifty settings of boosting are not fifty tries, and a weak signal on few rows would be told
 * as none. For the same reason it is enough that the best is ahead and its answers go with the truth beyond that luck. Ensembles are left out: they were chosen on the very rows that judge them.
 */
function baselineOf(problem: Problem, scored: readonly TrialRecord[], difference: Difference): Conclusions['baseline'] {
  const baseline = scored.find(({ trial }) => trial.algorithm === 'Prior');
  if (baseline === undefined) return null;
  const models = scored.filter(({ trial }) => trial.ensemble === undefined && trial.algorithm !== 'Prior');
  const errorsNeeded = luckOf(kindsOf(models.map(({ trial: model }) => model)));
  const trial = baseline.trial.name;
  const [best] = models;
  if (best === undefined) return { trial, isBeaten: false, advantage: null, standardError: null, errorsNeeded };
  const { ahead, error: found } = difference(best, baseline);
  const isDoubtful = ahead > 0 && found !== null && ahead < beyondDoubt * errorsNeeded * found;
  const error = isDoubtful ? Math.max(found, errorByChance(problem, best, ahead)) : found;
  const isClear = error !== null && ahead > errorsNeeded * error;
  const isBeaten = ahead > 0 && (isClear || (associationErrors(problem, best.validationPredictions) ?? 0) > errorsNeeded);
  return { trial, isBeaten, advantage: ahead, standardError: error, errorsNeeded };
}

function kindsOf(models: readonly Trial[]): number {
  return new Set(models.map(({ algorithm }) => algorithm)).size;
}

/** An advantage of so many times what is needed is not looked at twice. */
const beyondDoubt = 3;

/** The standard error of an advantage, by how far the score is ahead of what the model's answers would score by chance. */
function errorByChance(problem: Problem, { trial, validationPredictions }: TrialRecord, ahead: number): number {
  const chance = scoreByChance(problem, validationPredictions);
  if (chance === undefined) return 0;
  const score = (betterScore(problem)(1, 0) ? 1 : -1) * (trial.score as number);
  const errorsAhead = (score - chance.mean) / chance.deviation;
  return errorsAhead > 1 ? ahead / errorsAhead : ahead;
}

/** Best score first, of equals the fastest; each is faster in a batch than all before it. */
function frontOf(trials: readonly Trial[]): Trial[] {
  let fastest = Number.POSITIVE_INFINITY;
  const timed = trials.flatMap((trial) => {
    const { predictMicrosecondsPerRow: time } = trial;
    return time === null ? [] : [{ trial, time }];
  });
  // The trials come best first, and the sort keeps that order but among equals.
  const ordered = timed.sort((a, b) => (a.trial.score === b.trial.score ? a.time - b.time : 0));
  return ordered.flatMap(({ trial, time }) => {
    if (time >= fastest) return [];
    fastest = time;
    return [trial];
  });
}

/** In order of iteration, as a search one by one would have made them. */
function improvementsOf(trials: readonly Trial[], better: (a: number, b: number) => boolean): Conclusions['improvements'] {
  let best: number | undefined;
  return trials
    .toSorted((a, b) => a.iteration - b.iteration)
    .flatMap(({ name, iteration, finishedAtSeconds, score }) => {
      if (score === null || (best !== undefined && !better(score, best))) return [];
      best = score;
      return [{ trial: name, iteration, seconds: finishedAtSeconds, score }];
    });
}

function baselineSentence(
  { target }: Problem,
  { isBeaten, advantage, standardError, errorsNeeded }: NonNullable<Conclusions['baseline']>,
  trials: readonly Trial[],
): string {
  const guess = target.task === 'classification' ? 'the class prior' : 'the mean';
  if (advantage === null) return `Only the baseline was tried, which predicts ${guess}.`;
  const best = trials.find(({ ensemble, algorithm }) => ensemble === undefined && algorithm !== 'Prior') as Trial;
  if (isBeaten)
    return `${nameOf(best)} is better than predicting ${guess} by ${figure(advantage)}${standardError === null ? '' : ` ± ${figure(standardError)}`}.`;
  const kinds = kindsOf(trials.filter(({ ensemble, algorithm }) => ensemble === undefined && algorithm !== 'Prior'));
  const why =
    standardError === null
      ? 'the validation rows are too few to measure it.'
      : advantage <= 0
        ? `the best, ${nameOf(best)}, ${advantage > -1e-9 ? 'is level with it' : `is behind it by ${figure(-advantage)}`}.`
        : `the best, ${nameOf(best)}, is ahead by ${figure(advantage)}, and the luck of the best of ${kinds} ${kinds === 1 ? 'algorithm' : 'algorithms'} reaches ${figure(errorsNeeded * standardError)}.`;
  return `No model is better than predicting ${guess}: ${why} The baseline is the best trial; other columns, more rows or more time may help.`;
}

function tieSentence(trials: readonly Trial[], tied: readonly string[]): string {
  const first = trials[0] as Trial;
  if (tied.length === 1)
    return trials.length === 1
      ? `${nameOf(first)} is the only model.`
      : `${nameOf(first)} is ahead of every other trial by more than chance.`;
  if (tied.length === trials.length) return `All ${inWords(tied.length)} cannot be told apart on the validation rows.`;
  const isRun = trials.slice(0, tied.length).every(({ name }) => tied.includes(name));
  return isRun
    ? `The first ${inWords(tied.length)} cannot be told apart on the validation rows.`
    : `${capital(inWords(tied.length))} trials, marked =, cannot be told apart on the validation rows.`;
}

/** Why the best trial is not the first, where it is a blend. */
function bestSentence([first]: readonly TrialRecord[], best: TrialRecord | undefined): string[] {
  if (first === undefined || best?.trial.ensemble === undefined) return [];
  return first === best
    ? []
    : [
        `${nameOf(best.trial)} is the best trial: ${nameOf(first.trial)} is ahead by no more than chance, and a blend is fitted on all rows.`,
      ];
}

function progressSentence(improvements: Conclusions['improvements'], ranked: readonly TrialRecord[]): string[] {
  const last = improvements.at(-1);
  if (last === undefined) return [];
  const final = Math.max(...ranked.map(({ trial }) => trial.iteration));
  const seconds = Math.max(...ranked.map(({ trial }) => trial.finishedAtSeconds));
  if (last.iteration === final)
    return [`Still improving at the end: trial ${final}, after ${figure(last.seconds)} s, is the best yet.`];
  return [`Stopped improving at trial ${last.iteration} of ${final}, after ${figure(last.seconds)} of ${figure(seconds)} s.`];
}

/** Of what the best score gains over the baseline, the share that speed may cost. */
const dearest = 0.1;

/** The best trade: the fastest of the front that is still close or cannot be told apart, told only when it saves a lot. */
function speedSentence(trials: readonly Trial[], front: readonly Trial[], tied: readonly string[]): string[] {
  const [first] = trials;
  const prior = trials.find(({ algorithm }) => algorithm === 'Prior');
  const costOf = ({ score }: Trial): number => Math.abs((first?.score as number) - (score as number));
  const bearable = prior === undefined ? 0 : dearest * costOf(prior);
  const learned = front.filter((trial) => trial !== prior && (tied.includes(trial.name) || costOf(trial) <= bearable));
  const fast = learned.at(-1);
  if (first === undefined || fast === undefined || fast === first || first.predictMicrosecondsPerRow === null) return [];
  const times = first.predictMicrosecondsPerRow / (fast.predictMicrosecondsPerRow as number);
  const cost = tied.includes(fast.name) ? 'and cannot be told apart from it' : `for ${figure(costOf(fast))} of the score`;
  return times < 1.5 ? [] : [`${nameOf(fast)} answers ${figure(times, 2)} times as fast as ${nameOf(first)}, ${cost}.`];
}

function failureSentence(ranked: readonly TrialRecord[]): string[] {
  const failed = ranked.filter(({ trial }) => trial.error !== undefined);
  const [first] = failed;
  if (first === undefined) return [];
  return [
    `${capital(inWords(failed.length))} of ${ranked.length} trials failed, ${nameOf(first.trial)} so: ${first.trial.error}`,
  ];
}

/** Numbers that a leaderboard leaves out: trials that were fitted when the search ended. */
function unfinishedSentence(ranked: readonly TrialRecord[]): string[] {
  const told = new Set(ranked.map(({ trial }) => trial.iteration));
  const left = Array.from({ length: Math.max(0, ...told) }, (_, i) => i).filter((iteration) => !told.has(iteration));
  if (left.length === 0) return [];
  return left.length === 1
    ? [`Trial ${left[0]} was not finished when the search ended.`]
    : [`Trials ${left.slice(0, -1).join(', ')} and ${left.at(-1)} were not finished when the search ended.`];
}

function nameOf({ algorithm, iteration }: Trial): string {
  return `${algorithm} (trial ${iteration})`;
}

function figure(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

const words = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

function inWords(count: number): string {
  return words[count] ?? String(count);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
