/** The metrics of a classifier's ranking: area under the ROC curve and average precision. */

import { type ClassificationResult, occurringClasses, positiveClassOf } from './predictions.ts';
import { areaUnderRoc, averagePrecision, type ThresholdCurve, thresholdCurve } from './threshold-curve.ts';

/** Class k against the rest. */
export function classCurve(result: ClassificationResult, k: number): ThresholdCurve {
  const { classCount, trueClasses, probabilities, weights } = result;
  const rows = trueClasses.length;
  const scores = new Float64Array(rows);
  const positive = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    scores[row] = probabilities[row * classCount + k]!;
    positive[row] = trueClasses[row] === k ? 1 : 0;
  }
  return thresholdCurve(scores, positive, weights);
}

/** All n × K (row, class) pairs as one binary problem. */
function microCurve(result: ClassificationResult): ThresholdCurve {
  const { classCount, trueClasses, probabilities, weights } = result;
  const positive = new Uint8Array(probabilities.length);
  for (let row = 0; row < trueClasses.length; row++) positive[row * classCount + trueClasses[row]!] = 1;
  if (weights === undefined) return thresholdCurve(probabilities, positive);
  const repeated = new Float64Array(probabilities.length);
  for (let row = 0; row < weights.length; row++) repeated.fill(weights[row]!, row * classCount, (row + 1) * classCount);
  return thresholdCurve(probabilities, positive, repeated);
}

/**
 * `AUC_*` and `average_precision_score_*`. Averages are over the classes that occur among the true ones (for two classes: over
 * both), weighted by their share; with one class in the true ones there is no AUC.
 */
export function rankingMetrics(result: ClassificationResult): Record<string, number | null> {
  const classes = occurringClasses(result);
  const curves = classes.map((k) => classCurve(result, k));
  const areas = curves.map(areaUnderRoc);
  const precisions = curves.map(averagePrecision);
  const shares = curves.map((curve) => curve.truePositives.at(-1) ?? 0);
  const micro = microCurve(result);
  const positive = positiveClassOf(result);
  const place = positive === undefined ? -1 : classes.indexOf(positive);
  return {
    AUC_binary: areas[place] ?? null,
    AUC_macro: mean(areas),
    AUC_micro: areaUnderRoc(micro),
    AUC_weighted: mean(areas, shares),
    average_precision_score_binary: precisions[place] ?? null,
    average_precision_score_macro: mean(precisions),
    average_precision_score_micro: averagePrecision(micro),
    average_precision_score_weighted: mean(precisions, shares),
  };
}

/** `AUC_weighted` alone: what greedy ensembles and permutation importance compute hundreds of times. */
export function aucWeighted(result: ClassificationResult): number | null {
  const curves = binaryIsSymmetric(result) ? [classCurve(result, 1)] : occurringClasses(result).map((k) => classCurve(result, k));
  const shares = curves.map((curve) => curve.truePositives.at(-1) ?? 0);
  return mean(curves.map(areaUnderRoc), shares);
}

/** `average_precision_score_weighted` alone. */
export function averagePrecisionWeighted(result: ClassificationResult): number | null {
  const curves = occurringClasses(result).map((k) => classCurve(result, k));
  const shares = curves.map((curve) => curve.truePositives.at(-1) ?? 0);
  return mean(curves.map(averagePrecision), shares);
}

/** With two classes whose probabilities mirror each other exactly, both one-against-rest problems have the same AUC. */
function binaryIsSymmetric({ classCount, probabilities }: ClassificationResult): boolean {
  if (classCount !== 2) return false;
  for (let at = 0; at < probabilities.length; at += 2) if (probabilities[at] !== 1 - probabilities[at + 1]!) return false;
  return true;
}

/** Weighted mean; null when a value is missing. */
function mean(values: readonly (number | null)[], weights?: readonly number[]): number | null {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null) return null;
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += value * weight;
    total += weight;
  }
  return sum / total;
}
