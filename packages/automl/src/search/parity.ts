/** The proof that an exported model is the model that was trained: both score the same rows. */
import type { Parity } from '@malachite/core';
import type { Target } from '../learners/learner.ts';

/** Absolute for probabilities; for regression relative to the value, or to the middle one where the value is smaller. */
export const parityTolerance = 1e-5;

/**
 * @param trained The trainer's predictions: row-major n x classes, or n values.
 * @param exported ONNX Runtime's for the same rows.
 * @param labels The model's own label output as places among the classes, -1 for one that is none of them; classification only.
 */
export function compareParity(target: Target, trained: Float64Array, exported: Float64Array, labels?: Int32Array): Parity {
  const width = target.task === 'classification' ? target.classes.length : 1;
  const rows = trained.length / width;
  const least = target.task === 'classification' ? 1 : middleSize(trained);
  let maxDifference = 0;
  for (let i = 0; i < trained.length; i++) {
    const mine = trained[i] as number;
    const difference = Math.abs(mine - (exported[i] as number)) / Math.max(least, Math.abs(mine));
    // A NaN on either side is a difference beyond any tolerance, never a silent equality.
    maxDifference = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(maxDifference, difference);
  }
  let labelFlips = 0;
  if (target.task === 'classification') {
    for (let row = 0; row < rows; row++) {
      const [mine, margin] = winner(trained, row * width, width);
      const [likeliest] = winner(exported, row * width, width);
      const told = labels === undefined ? likeliest : labels[row];
      if (told !== likeliest || (mine !== told && margin > 2 * parityTolerance)) labelFlips++;
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

/**
 * The median size of predictions that are not 0: what a float32 sum of large terms that nearly cancel is exact to. Without it, a
 * prediction of 1,000 among those of a billion would have to be exact to a hundredth.
 */
function middleSize(values: Float64Array): number {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  return sizes.sort()[sizes.length >> 1] ?? 1;
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
