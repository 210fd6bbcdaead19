/**
 * Stochastic gradient descent on `mean(loss) + alpha |w|^2 / 2`, one row at a time in random order (Bottou 2010), the coefficients
 * optionally averaged over all steps (Polyak and Juditsky 1992). The intercept is not penalised.
 */
import { MalachiteError } from '@malachite/core';
import { createRandom } from '../../random.ts';
import type { Loss } from './losses.ts';
import { addRow, dotRow, type RowDesign } from './row-design.ts';

export type DescentOptions = {
  readonly loss: Loss;
  /** Strength of the L2 penalty. */
  readonly alpha: number;
  /** The size of step `t` >= 1. */
  readonly rate: (t: number) => number;
  readonly maxEpochs: number;
  /** Ends when the mean loss of an epoch has not fallen by this much for five epochs. */
  readonly tolerance: number;
  readonly average: boolean;
  readonly seed: number;
  /** Asked before each epoch; true ends with what there is. */
  readonly shouldStop?: () => boolean;
};

export type Descended = { readonly coefficients: Float64Array; readonly intercept: number; readonly epochs: number };

const PATIENCE = 5;

/**
 * @param y one target a row of the design; `weights` likewise, 1 when absent.
 * @throws MalachiteError `Failed` when the coefficients grow beyond all bounds.
 */
export function descend(
  design: RowDesign,
  y: Float64Array,
  weights: Float64Array | undefined,
  options: DescentOptions,
): Descended {
  const { loss, alpha, rate, maxEpochs, tolerance, average, shouldStop } = options;
  const random = createRandom(options.seed);
  const order = Int32Array.from({ length: design.rowCount }, (_, i) => i);
  // The coefficients are `scale * direction`, so that shrinking them is one product. Their sum over all steps is
  // `offset * direction + settled`: a change of the direction takes back what the offset would count of it for earlier steps.
  const direction = new Float64Array(design.width);
  const settled = new Float64Array(average ? design.width : 0);
  let scale = 1;
  let offset = 0;
  let intercept = 0;
  let interceptSum = 0;
  let step = 0;
  let best = Number.POSITIVE_INFINITY;
  let fruitless = 0;
  let epochs = 0;
  while (epochs < maxEpochs && fruitless < PATIENCE && !shouldStop?.()) {
    epochs++;
    random.shuffle(order);
    let total = 0;
    for (const i of order) {
      step++;
      const target = y[i] as number;
      const weight = weights === undefined ? 1 : (weights[i] as number);
      const f = scale * dotRow(design, i, direction) + intercept;
      total += weight * loss.value(f, target);
      const size = rate(step);
      scale *= Math.max(1e-9, 1 - size * alpha);
      const change = -size * weight * loss.slope(f, target);
      if (change !== 0) {
        addRow(design, i, change / scale, direction);
        if (average) addRow(design, i, (-offset * change) / scale, settled);
        intercept += change;
      }
      offset += scale;
      interceptSum += intercept;
      if (scale < 1e-6) {
        for (let j = 0; j < settled.length; j++) settled[j] = (settled[j] as number) + offset * (direction[j] as number);
        for (let j = 0; j < direction.length; j++) direction[j] = (direction[j] as number) * scale;
        offset = 0;
        scale = 1;
      }
    }
    if (!Number.isFinite(total)) {
      throw new MalachiteError(
        'Failed',
        'Gradient descent diverged: its coefficients grew beyond all bounds. Scale the features.',
      );
    }
    fruitless = total > best - tolerance * design.rowCount ? fruitless + 1 : 0;
    best = Math.min(best, total);
  }
  if (!average || step === 0) return { coefficients: direction.map((value) => scale * value), intercept, epochs };
  return {
    coefficients: direction.map((value, j) => (offset * value + (settled[j] as number)) / step),
    intercept: interceptSum / step,
    epochs,
  };
}

/** Bottou's schedule, scikit-learn's `optimal`: `1 / (alpha (t0 + t))`, t0 such that the first steps suit the expected size of the coefficients. */
export function optimalRate(alpha: number, loss: Loss): (t: number) => number {
  const typical = Math.sqrt(1 / Math.sqrt(alpha));
  const first = typical / Math.max(1, Math.abs(loss.slope(-typical, 1)));
  const start = 1 / (first * alpha);
  return (t) => 1 / (alpha * (start + t - 1));
}
