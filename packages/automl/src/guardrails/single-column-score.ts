/** How well one column alone predicts the target, on rows it was not fitted to. */

import type { Target } from '../learners/learner.ts';
import { aucWeighted } from '../metrics/ranking.ts';
import { regressionMetric } from '../metrics/regression.ts';
import { createRandom } from '../random.ts';
import type { Column } from '../table/table.ts';

/** More rows change the answer little. */
const mostRows = 20_000;
const binCount = 32;
/** A bin's mean is drawn toward the overall mean as if it had this many rows more. */
const smoothing = 5;

/** The rows that are looked at, the first half and the second half fitted and scored in turns. */
export function scoringRows(rowCount: number, seed: number): Int32Array {
  const rows = createRandom(seed).shuffle(Int32Array.from({ length: rowCount }, (_, row) => row));
  return rows.subarray(0, mostRows);
}

/**
 * AUC_weighted (classification) or R² (regression) of the target's mean per value or quantile bin of the column, fitted on one half
 * of the rows and scored on the other, both ways.
 *
 * @returns 0.5 to 1 for classification, −1 to 1 for regression; null when it cannot be measured (a class is missing).
 */
export function singleColumnScore(column: Column, target: Target, rows: Int32Array): number | null {
  const half = rows.length >> 1;
  const halves = [rows.subarray(0, half), rows.subarray(half)] as const;
  const forward = scoreOn(column, target, halves[0], halves[1]);
  const backward = scoreOn(column, target, halves[1], halves[0]);
  return forward === null || backward === null ? null : (forward + backward) / 2;
}

function scoreOn(column: Column, target: Target, fitRows: Int32Array, scoreRows: Int32Array): number | null {
  const binOf = binning(column, fitRows);
  if (target.task === 'regression') {
    const means = binMeans(fitRows, binOf, (row) => target.y[row]!);
    return regressionMetric('r2_score', {
      trueValues: Float64Array.from(scoreRows, (row) => target.y[row]!),
      predictions: Float64Array.from(scoreRows, (row) => means(binOf(row))),
    });
  }
  const classCount = target.classes.length;
  const probabilities = new Float64Array(scoreRows.length * classCount);
  for (let k = 0; k < classCount; k++) {
    const means = binMeans(fitRows, binOf, (row) => (target.y[row] === k ? 1 : 0));
    for (let i = 0; i < scoreRows.length; i++) probabilities[i * classCount + k] = means(binOf(scoreRows[i]!));
  }
  return aucWeighted({ classCount, trueClasses: Int32Array.from(scoreRows, (row) => target.y[row]!), probabilities });
}

/** The bin of a row: the code of a text, the quantile bin of a number, −1 for a missing value. */
function binning(column: Column, fitRows: Int32Array): (row: number) => number {
  if (column.kind === 'string') return (row) => column.codes[row]!;
  const ascending = Float64Array.from(fitRows, (row) => column.values[row]!)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const edges = new Set<number>();
  for (let bin = 1; bin < binCount; bin++) edges.add(ascending[Math.floor((bin * ascending.length) / binCount)] ?? 0);
  const bounds = Float64Array.from(edges);
  return (row) => {
    const value = column.values[row]!;
    if (Number.isNaN(value)) return -1;
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Smoothed means of `value` per bin; a bin without rows has the overall mean. */
function binMeans(rows: Int32Array, binOf: (row: number) => number, value: (row: number) => number): (bin: number) => number {
  const sums = new Map<number, { sum: number; rows: number }>();
  let total = 0;
  for (const row of rows) {
    const bin = binOf(row);
    const tally = sums.get(bin) ?? { sum: 0, rows: 0 };
    tally.sum += value(row);
    tally.rows++;
    total += value(row);
    sums.set(bin, tally);
  }
  const overall = total / rows.length;
  return (bin) => {
    const tally = sums.get(bin);
    return tally === undefined ? overall : (tally.sum + smoothing * overall) / (tally.rows + smoothing);
  };
}
