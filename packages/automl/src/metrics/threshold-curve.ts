/** One binary problem swept over its thresholds: the common ground of ROC, precision-recall, lift and gain curves. */

import { descendingOrder } from './descending-order.ts';

/** Cumulative weights at each distinct score, from the highest score down. All arrays have one entry a distinct score. */
export type ThresholdCurve = {
  readonly thresholds: Float64Array;
  /** Weight of the positives whose score is at least the threshold. */
  readonly truePositives: Float64Array;
  /** Weight of the negatives whose score is at least the threshold. */
  readonly falsePositives: Float64Array;
};

/**
 * Sweeps the threshold over `scores`. Rows without weight are left out.
 *
 * @param scores n numbers, higher means more likely positive.
 * @param positive n flags, 1 for a positive row.
 * @param weights n sample weights, default 1 each.
 */
export function thresholdCurve(scores: Float64Array, positive: Uint8Array, weights?: Float64Array): ThresholdCurve {
  const count = scores.length;
  const order = descendingOrder(scores);
  const thresholds = new Float64Array(count);
  const truePositives = new Float64Array(count);
  const falsePositives = new Float64Array(count);
  let points = 0;
  let hits = 0;
  let misses = 0;
  for (let i = 0; i < count; i++) {
    const row = order[i]!;
    const weight = weights === undefined ? 1 : weights[row]!;
    if (weight === 0) continue;
    const score = scores[row]!;
    if (points === 0 || score !== thresholds[points - 1]) thresholds[points++] = score;
    if (positive[row] === 1) hits += weight;
    else misses += weight;
    truePositives[points - 1] = hits;
    falsePositives[points - 1] = misses;
  }
  return {
    thresholds: thresholds.subarray(0, points),
    truePositives: truePositives.subarray(0, points),
    falsePositives: falsePositives.subarray(0, points),
  };
}

/**
 * Area under the ROC curve by the trapezoid rule; null when there are no positives or no negatives.
 *
 * Source: Fawcett, "An introduction to ROC analysis", 2006.
 */
export function areaUnderRoc(curve: ThresholdCurve): number | null {
  const positives = curve.truePositives.at(-1) ?? 0;
  const negatives = curve.falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return null;
  let area = 0;
  let hits = 0;
  let misses = 0;
  for (let i = 0; i < curve.thresholds.length; i++) {
    area += ((curve.falsePositives[i]! - misses) * (curve.truePositives[i]! + hits)) / 2;
    hits = curve.truePositives[i]!;
    misses = curve.falsePositives[i]!;
  }
  return area / (positives * negatives);
}

/** Average precision: precision weighted by the recall that each threshold adds; 0 when there are no positives. */
export function averagePrecision(curve: ThresholdCurve): number {
  const positives = curve.truePositives.at(-1) ?? 0;
  if (positives === 0) return 0;
  let sum = 0;
  let hits = 0;
  for (let i = 0; i < curve.thresholds.length; i++) {
    const found = curve.truePositives[i]!;
    sum += ((found - hits) * found) / (found + curve.falsePositives[i]!);
    hits = found;
  }
  return sum / positives;
}
