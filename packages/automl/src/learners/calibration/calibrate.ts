/**
 * Probabilities for classifiers that only decide: one decision function a class (one for two classes), each calibrated on
 * decisions for rows that the deciding model did not see.
 */
import { createRandom } from '../../random.ts';
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
  const { rows, weights, shouldStop } = input;
  const folds = stratifiedFolds(input);
  const seen: number[] = [];
  const decisions: number[][] = Array.from({ length: decisionCount(input) }, () => []);
  for (let fold = 0; fold < FOLDS; fold++) {
    const asked = rows.filter((_, i) => folds[i] === fold);
    const train = rows.filter((_, i) => folds[i] !== fold);
    if (asked.length === 0 || train.length === 0) continue;
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

/** A fold for each row, every class spread evenly. */
function stratifiedFolds({ rows, target, seed }: FitInput): Int32Array {
  const places = createRandom(seed).shuffle(Int32Array.from(rows, (_, i) => i));
  const dealt = new Map<number, number>();
  const folds = new Int32Array(rows.length);
  for (const place of places) {
    const label = target.y[rows[place] as number] as number;
    const count = dealt.get(label) ?? label;
    folds[place] = count % FOLDS;
    dealt.set(label, count + 1);
  }
  return folds;
}
