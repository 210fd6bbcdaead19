/** What encoders that look at the target share: which outputs there are, and which fold each training row is in. */
import type { Target } from '../learners/learner.ts';
import { createRandom } from '../random.ts';
import type { Supervision } from './featurizer.ts';

/** Folds that a training row's own encoding is learned without. */
export const FOLDS = 5;

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

/** A fold 0 … FOLDS - 1 for each of `rows`, dealt out at random and evenly. */
export function dealFolds(rows: Int32Array, seed: number): Uint8Array {
  const random = createRandom(seed + 7919);
  const folds = Uint8Array.from(rows, (_, i) => i % FOLDS);
  for (let i = folds.length - 1; i > 0; i--) {
    const other = random.nextInt(i + 1);
    [folds[i], folds[other]] = [folds[other] as number, folds[i] as number];
  }
  return folds;
}
