/** What encoders that look at the target share: which outputs there are, and what a row has of each. */
import type { Target } from '../learners/learner.ts';
import type { Supervision } from './featurizer.ts';

/** Beyond so many classes there is no output a class. */
const MOST_CLASSES = 20;

/** The classes that get an output: the second of two, each of several; regression has one output. Empty when there are too many. */
export function outputsOf(target: Target): readonly number[] {
  if (target.task === 'regression') return [0];
  if (target.classes.length === 2) return [1];
  return target.classes.length > MOST_CLASSES ? [] : target.classes.map((_, k) => k);
}

/** What the rows have of an output: 1 in the class and 0 outside, or the value. */
export function indicatorOf(target: Target, output: number): (row: number) => number {
  return target.task === 'regression' ? (row) => target.y[row] as number : (row) => Number(target.y[row] === output);
}

export function weightOf({ weights }: Supervision, row: number): number {
  return weights === undefined ? 1 : (weights[row] as number);
}
