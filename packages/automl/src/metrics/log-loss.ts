/** Cross-entropy of predicted probabilities. */

import type { ClassificationResult } from './predictions.ts';

/**
 * Mean of −ln p(true class), in nats. Probabilities are kept 2⁻⁵² away from 0 and 1, as scikit-learn does, so that one certain
 * mistake costs 36 and not infinity.
 */
export function logLoss({ classCount, trueClasses, probabilities, weights }: ClassificationResult): number {
  let loss = 0;
  let total = 0;
  for (let row = 0; row < trueClasses.length; row++) {
    const weight = weights === undefined ? 1 : weights[row]!;
    const p = probabilities[row * classCount + trueClasses[row]!]!;
    loss -= weight * Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
    total += weight;
  }
  return loss / total;
}
