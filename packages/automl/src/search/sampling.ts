/**
 * Large tables: a pipeline is fitted on a sample of the training rows first, and on all of them only when that makes it one of the
 * best third so far (asynchronous successive halving; Li et al. 2020, "A system for massively parallel hyperparameter tuning").
 * Both fits are judged by the same rows that were held out.
 */
import type { Trial } from '@malachite/core';
import { holdOut } from '../validation/index.ts';
import type { Problem } from './problem.ts';

/** From so many training rows on; below, a fit of all rows takes a second or two. */
const largeTable = 60_000;
const sampleShare = 0.25;
/** One of so many goes on, and nobody is turned away before so many have been seen. */
const reduction = 3;

export type Sample = { readonly rows: Int32Array; readonly percent: number };

const samples = new WeakMap<Problem, Sample>();

/** The rows that a pipeline is tried on first; undefined where every trial takes all rows. */
export function sampleOf(problem: Problem): Sample | undefined {
  const { validation, target, seed } = problem;
  const [fold] = validation.folds;
  if (validation.folds.length !== 1 || fold === undefined || fold.train.length < largeTable) return undefined;
  const known = samples.get(problem);
  if (known) return known;
  const classes = target.task === 'classification' ? target.y : undefined;
  const sample = { rows: holdOut(fold.train, classes, sampleShare, seed).validation, percent: 100 * sampleShare };
  samples.set(problem, sample);
  return sample;
}

/** The score on the sample, higher for better, that a pipeline must reach to be fitted on all rows; undefined while every one is. */
export function promotionBar(trials: readonly Pick<Trial, 'sample'>[]): number | undefined {
  const scores = trials.flatMap(({ sample }) => (sample === undefined ? [] : [sample.score])).sort((a, b) => b - a);
  return scores.length < reduction ? undefined : scores[Math.ceil(scores.length / reduction) - 1];
}
