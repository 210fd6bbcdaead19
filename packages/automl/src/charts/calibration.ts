/** The calibration (reliability) curve of every class: how often what was given probability p comes true. */

import type { ClassificationResult } from '../metrics/predictions.ts';

export type CalibrationCurve = {
  readonly label: string;
  /** Bins of equal width over [0, 1] that hold at least one row, in ascending order. */
  readonly bins: readonly {
    /** Mean predicted probability in the bin. */
    readonly predicted: number;
    /** Share of the bin's rows that are of the class. */
    readonly observed: number;
    readonly rows: number;
  }[];
  /** Mean |predicted − observed| over rows: the expected calibration error, 0 to 1. */
  readonly error: number;
};

const binCount = 10;

/**
 * One curve a class, in class order; counts rows, not weights.
 *
 * Source: Guo et al., "On calibration of modern neural networks", ICML 2017 (expected calibration error).
 */
export function calibrationCurves(result: ClassificationResult, classLabels: readonly string[]): CalibrationCurve[] {
  const { classCount, trueClasses, probabilities } = result;
  return classLabels.map((label, k) => {
    const rows = new Array<number>(binCount).fill(0);
    const predicted = new Array<number>(binCount).fill(0);
    const observed = new Array<number>(binCount).fill(0);
    for (let row = 0; row < trueClasses.length; row++) {
      const probability = probabilities[row * classCount + k]!;
      const bin = Math.max(0, Math.min(binCount - 1, Math.floor(probability * binCount)));
      rows[bin]!++;
      predicted[bin]! += probability;
      if (trueClasses[row] === k) observed[bin]!++;
    }
    const filled = Array.from(rows.keys()).filter((bin) => rows[bin]! > 0);
    return {
      label,
      bins: filled.map((bin) => ({
        predicted: predicted[bin]! / rows[bin]!,
        observed: observed[bin]! / rows[bin]!,
        rows: rows[bin]!,
      })),
      error: filled.reduce((sum, bin) => sum + Math.abs(predicted[bin]! - observed[bin]!), 0) / trueClasses.length,
    };
  });
}
