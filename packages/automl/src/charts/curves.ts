/** ROC, precision-recall, cumulative gains and lift of every class, thinned to what a chart can show. */

import type { ClassificationResult } from '../metrics/predictions.ts';
import { classCurve } from '../metrics/ranking.ts';
import { areaUnderRoc, averagePrecision, type ThresholdCurve } from '../metrics/threshold-curve.ts';

/** The curves of one class against the rest. */
export type ClassCurves = {
  readonly label: string;
  /** From (0, 0) to (1, 1). `area` is null when the class has no row, or every row. */
  readonly roc: { readonly area: number | null; readonly points: readonly RocPoint[] };
  readonly precisionRecall: { readonly averagePrecision: number; readonly points: readonly PrecisionRecallPoint[] };
  /** Rows in order of score: which share of the class the first so many rows hold, and how many times chance that is. */
  readonly gains: readonly GainPoint[];
};

export type RocPoint = { readonly falsePositiveRate: number; readonly truePositiveRate: number; readonly threshold: number };
export type PrecisionRecallPoint = { readonly recall: number; readonly precision: number; readonly threshold: number };
export type GainPoint = { readonly share: number; readonly gain: number; readonly lift: number };

/** Most points a curve; more cannot be told apart on a screen. */
const mostPoints = 200;

/** One entry a class, in class order; weighted where the result has sample weights. */
export function classificationCurves(result: ClassificationResult, classLabels: readonly string[]): ClassCurves[] {
  return classLabels.map((label, k) => {
    const curve = classCurve(result, k);
    const kept = thinned(curve.thresholds.length);
    return {
      label,
      roc: { area: areaUnderRoc(curve), points: rocPoints(curve, kept) },
      precisionRecall: { averagePrecision: averagePrecision(curve), points: precisionRecallPoints(curve, kept) },
      gains: gainPoints(curve, kept),
    };
  });
}

/** Evenly spread places of a curve, the first and the last among them. */
function thinned(length: number): number[] {
  if (length <= mostPoints) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: mostPoints }, (_, i) => Math.round((i * (length - 1)) / (mostPoints - 1)));
}

function rocPoints({ thresholds, truePositives, falsePositives }: ThresholdCurve, kept: readonly number[]): RocPoint[] {
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return [];
  const points = kept.map((i) => ({
    falsePositiveRate: falsePositives[i]! / negatives,
    truePositiveRate: truePositives[i]! / positives,
    threshold: thresholds[i]!,
  }));
  return [{ falsePositiveRate: 0, truePositiveRate: 0, threshold: Math.max(1, thresholds[0]!) }, ...points];
}

function precisionRecallPoints(curve: ThresholdCurve, kept: readonly number[]): PrecisionRecallPoint[] {
  const { thresholds, truePositives, falsePositives } = curve;
  const positives = truePositives.at(-1) ?? 0;
  if (positives === 0) return [];
  return kept.map((i) => ({
    recall: truePositives[i]! / positives,
    precision: truePositives[i]! / (truePositives[i]! + falsePositives[i]!),
    threshold: thresholds[i]!,
  }));
}

function gainPoints({ truePositives, falsePositives }: ThresholdCurve, kept: readonly number[]): GainPoint[] {
  const positives = truePositives.at(-1) ?? 0;
  const total = positives + (falsePositives.at(-1) ?? 0);
  if (positives === 0) return [];
  return kept.map((i) => {
    const share = (truePositives[i]! + falsePositives[i]!) / total;
    const gain = truePositives[i]! / positives;
    return { share, gain, lift: gain / share };
  });
}
