/** Chart data of predicted against true values, as Azure stores it with a run. */

import type { RegressionResult } from '../metrics/predictions.ts';
import { ceilTo, evenlySpaced, floorTo, quantiles, roundTo } from './rounding.ts';

export type PredictedTrueChart = {
  readonly schema_type: 'predictions';
  readonly schema_version: '1.0.0';
  readonly data: {
    /** Edges of the true values' bins, in units of the target. */
    readonly bin_edges: readonly number[];
    readonly bin_counts: readonly number[];
    /** Mean and standard deviation of the predictions in each bin; 0 for an empty one. */
    readonly bin_averages: readonly number[];
    readonly bin_errors: readonly number[];
  };
};

/**
 * The `predicted_true` artifact: the true values in ⌈√rows⌉ bins, of which the outer two hold what lies beyond the 1st and 99th
 * percentile. Counts rows, not weights.
 *
 * @param rows Of one fold, which decides the number of bins also where the chart takes all folds together. Default: of the result.
 * @param target Whose range and percentiles are cut into bins: all of the training target. Default: the true values given.
 */
export function predictedTrueChart(
  { trueValues, predictions }: RegressionResult,
  { rows = trueValues.length, target = trueValues }: { readonly rows?: number; readonly target?: Float64Array } = {},
): PredictedTrueChart {
  const edges = binEdges(target, rows);
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  const sums = new Array<number>(bins).fill(0);
  for (let i = 0; i < trueValues.length; i++) {
    const bin = binOf(trueValues[i]!, edges);
    counts[bin]!++;
    sums[bin]! += predictions[i]!;
  }
  const averages = sums.map((sum, bin) => (counts[bin] === 0 ? 0 : sum / counts[bin]!));
  const squares = new Array<number>(bins).fill(0);
  for (let i = 0; i < trueValues.length; i++) {
    const bin = binOf(trueValues[i]!, edges);
    squares[bin]! += (predictions[i]! - averages[bin]!) ** 2;
  }
  const errors = squares.map((square, bin) => (counts[bin] === 0 ? 0 : Math.sqrt(square / counts[bin]!)));
  return {
    schema_type: 'predictions',
    schema_version: '1.0.0',
    data: { bin_edges: edges, bin_counts: counts, bin_averages: averages, bin_errors: errors },
  };
}

/** The bin of a value in (edge, next edge]; the first bin holds its lower edge too. */
function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle + 1]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function binEdges(target: Float64Array, rows: number): number[] {
  const ascending = Float64Array.from(target).sort();
  const [low, high] = [ascending[0]!, ascending.at(-1)!];
  if (low === high) return [low, high];
  const bins = Math.ceil(Math.sqrt(rows));
  const [first, last] = quantiles(ascending, [0.01, 0.99]) as [number, number];
  const width = (last > first ? last - first : high - low) / bins;
  const decimals = 2 - Math.trunc(Math.log10(width));
  const inner = evenlySpaced(first, last, bins - 1).map((edge) => roundTo(edge, Math.max(2, decimals)));
  return [...new Set([floorTo(low, decimals), ...inner, ceilTo(high, decimals)])].sort((a, b) => a - b);
}
