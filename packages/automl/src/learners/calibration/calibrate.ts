/**
 * Probabilities for classifiers that only decide: one decision function a class (one for two classes), each calibrated on
 * decisions for rows that the deciding model did not see.
 */
import { kFold } from '../../validation/index.ts';
import type { FitInput } from '../learner.ts';
import { fitSigmoid, type Sigmoid } from './platt.ts';

/** As scikit-learn's `CalibratedClassifierCV` has it. */
const FOLDS = 5;

/** Fits on some rows. @returns for each output, the decision value of each row asked for, in their order. */
export type Decide = (train: Int32Array, asked: Int32Array) => Float64Array[];

/** How many decision functions there are: one for two classes, else one a class against the rest. */
export function decisionCount({ target }: Pick<FitInput, 'target'>): number {
  const classes = target.task === 'classification' ? target.classes.length : 0;
  return classes === 2 ? 1 : classes;
}

/** 1 where the row is of the class that decision function `output` stands for, else 0; one a row of `rows`. */
export function membership({ target }: Pick<FitInput, 'target'>, rows: Int32Array, output: number): Uint8Array {
  const positive = decisionCount({ target }) === 1 ? 1 : output;
  return Uint8Array.from(rows, (row) => (target.y[row] === positive ? 1 : 0));
}

/** One sigmoid a decision function, from five folds, or from those that were finished when the fit was told to stop. */
export function calibrate(input: FitInput, decide: Decide): Sigmoid[] {
  const { rows, target, weights, seed, shouldStop } = input;
  const classes = target.task === 'classification' ? target.y : undefined;
  const seen: number[] = [];
  const decisions: number[][] = Array.from({ length: decisionCount(input) }, () => []);
  for (const { train, validation: asked } of kFold(rows, classes, Math.min(FOLDS, rows.length), seed)) {
    if (train.length === 0) continue;
    const answers = decide(train, asked);
    if (shouldStop?.() && seen.length > 0) break;
    seen.push(...asked);
    answers.forEach((answer, output) => {
      decisions[output]?.push(...answer);
    });
  }
  const seenRows = Int32Array.from(seen);
  const seenWeights = weights && Float64Array.from(seenRows, (row) => weights[row] as number);
  return decisions.map((values, output) =>
    fitSigmoid(Float64Array.from(values), membership(input, seenRows, output), seenWeights),
  );
}
