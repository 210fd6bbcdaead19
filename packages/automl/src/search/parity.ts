/** The proof that an exported model is the model that was trained: both score the same rows. */
import type { Parity } from '@malachite/core';
import type { Target } from '../learners/learner.ts';

/** Absolute for probabilities, relative (to the larger of 1 and the value) for regression. */
export const parityTolerance = 1e-5;

/**
 * @param trained The trainer's predictions: row-major n x classes, or n values.
 * @param exported ONNX Runtime's for the same rows.
 */
export function compareParity(target: Target, trained: Float64Array, exported: Float64Array): Parity {
  const width = target.task === 'classification' ? target.classes.length : 1;
  const rows = trained.length / width;
  let maxDifference = 0;
  for (let i = 0; i < trained.length; i++) {
    const mine = trained[i] as number;
    const scale = target.task === 'classification' ? 1 : Math.max(1, Math.abs(mine));
    const difference = Math.abs(mine - (exported[i] as number)) / scale;
    // A NaN on either side is a difference beyond any tolerance, never a silent equality.
    maxDifference = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(maxDifference, difference);
  }
  let labelFlips = 0;
  if (target.task === 'classification') {
    for (let row = 0; row < rows; row++) {
      const [mine, margin] = winner(trained, row * width, width);
      const [theirs] = winner(exported, row * width, width);
      if (mine !== theirs && margin > 2 * parityTolerance) labelFlips++;
    }
  }
  const withinTolerance = exported.length === trained.length && maxDifference < parityTolerance && labelFlips === 0;
  return {
    rows,
    maxDifference: Math.min(maxDifference, Number.MAX_VALUE),
    labelFlips,
    tolerance: parityTolerance,
    withinTolerance,
  };
}

/** The likeliest class of a row, and how far it is ahead of the next. */
function winner(probabilities: Float64Array, offset: number, width: number): [index: number, margin: number] {
  let best = 0;
  let second = Number.NEGATIVE_INFINITY;
  for (let k = 1; k < width; k++) {
    const value = probabilities[offset + k] as number;
    if (value > (probabilities[offset + best] as number)) {
      second = probabilities[offset + best] as number;
      best = k;
    } else second = Math.max(second, value);
  }
  return [best, (probabilities[offset + best] as number) - second];
}
