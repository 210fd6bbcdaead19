/** Chart data of the residuals histogram, as Azure stores it with a run. */

import type { RegressionResult } from '../metrics/predictions.ts';
import { ceilTo, evenlySpaced, roundTo } from './rounding.ts';

export type ResidualsChart = {
  readonly schema_type: 'residuals';
  readonly schema_version: '1.0.0';
  readonly data: {
    /** 11 edges of 10 bins, in units of the target. */
    readonly bin_edges: readonly number[];
    readonly bin_counts: readonly number[];
    /** Mean and (population) standard deviation of prediction − truth. */
    readonly mean: number;
    readonly stddev: number;
    readonly res_count: number;
  };
};

/**
 * The `residuals` artifact: prediction − truth in ten bins. Eight of them, half a standard deviation of the target wide, reach two
 * deviations to each side; the outer two are as wide, or reach to the farthest residual when it lies beyond. Counts rows, not weights.
 *
 * @param targetStandardDeviation Of all of the training target (population form).
 */
export function residualsChart(result: RegressionResult, targetStandardDeviation: number): ResidualsChart {
  const residuals = result.predictions.map((prediction, i) => prediction - result.trueValues[i]!);
  const { mean, deviation } = moments(residuals);
  const edges = binEdges(residuals, targetStandardDeviation === 0 ? 1 : targetStandardDeviation);
  return {
    schema_type: 'residuals',
    schema_version: '1.0.0',
    data: { bin_edges: edges, bin_counts: histogram(residuals, edges), mean, stddev: deviation, res_count: residuals.length },
  };
}

function binEdges(residuals: Float64Array, deviation: number): number[] {
  const reach = ceilTo(2 * deviation, Math.max(2, 2 - magnitude(2 * deviation)));
  const decimals = Math.max(2, 3 - magnitude(2.5 * deviation));
  const inner = evenlySpaced(-reach, reach, 9).map((edge) => roundTo(edge, decimals));
  inner[4] = 0;
  const [first, last] = [inner[0]!, inner[8]!];
  const lowest = residuals.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = residuals.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return [lowest < first ? lowest : first + (first - inner[1]!), ...inner, highest > last ? highest : last + (last - inner[7]!)];
}

/** The power of ten of the first digit: 0 for 1 to 9.9, −1 for 0.1 to 0.99. */
function magnitude(value: number): number {
  return Math.floor(Math.log10(value));
}

/** Values in [edge, next edge); the last bin holds its upper edge too. */
function histogram(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    let bin = counts.length - 1;
    while (bin > 0 && value < edges[bin]!) bin--;
    counts[bin]!++;
  }
  return counts;
}

/** Mean and population standard deviation. */
export function moments(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
