/** How well one column alone predicts the target, on rows it was not fitted to. */

import type { Target } from '../learners/learner.ts';
import { aucWeighted } from '../metrics/ranking.ts';
import { regressionMetric } from '../metrics/regression.ts';
import { createRandom } from '../random.ts';
import type { Column } from '../table/table.ts';

/** More rows change the answer little; wide tables get fewer, so that the look stays short. */
const [fewestRows, mostRows, mostCells] = [500, 20_000, 4_000_000];
const binCount = 64;
/** A bin's mean is drawn toward the overall mean as if it had this many rows more: one row proves little. */
const smoothing = 1;

/** The rows that are looked at, in random order. */
export function scoringRows(rowCount: number, columnCount: number, seed: number): Int32Array {
  const rows = createRandom(seed).shuffle(Int32Array.from({ length: rowCount }, (_, row) => row));
  return rows.subarray(0, Math.max(fewestRows, Math.min(mostRows, Math.floor(mostCells / columnCount))));
}

/**
 * AUC_weighted (classification) or R² (regression) of the target's mean per value or quantile bin of the column, fitted on one half
 * of the rows and scored on the other, both ways.
 *
 * @returns 0 to 1 for classification, where 0.5 is chance; −1 to 1 for regression; null when it cannot be measured (one class).
 */
export function singleColumnScore(column: Column, target: Target, rows: Int32Array): number | null {
  const half = rows.length >> 1;
  const halves = [rows.subarray(0, half), rows.subarray(half)] as const;
  const forward = scoreOn(column, target, halves[0], halves[1]);
  const backward = scoreOn(column, target, halves[1], halves[0]);
  return forward === null || backward === null ? null : (forward + backward) / 2;
}

function scoreOn(column: Column, target: Target, fitRows: Int32Array, scoreRows: Int32Array): number | null {
  const bins = binning(column, fitRows);
  if (target.task === 'regression') {
    const means = binMeans(bins, fitRows, (row) => target.y[row]!);
    return regressionMetric('r2_score', {
      trueValues: Float64Array.from(scoreRows, (row) => target.y[row]!),
      predictions: Float64Array.from(scoreRows, (row) => means[bins.of(row)]!),
    });
  }
  const classCount = target.classes.length;
  const probabilities = new Float64Array(scoreRows.length * classCount);
  for (let k = 1; k < classCount; k++) {
    const means = binMeans(bins, fitRows, (row) => (target.y[row] === k ? 1 : 0));
    for (let i = 0; i < scoreRows.length; i++) {
      const probability = means[bins.of(scoreRows[i]!)]!;
      probabilities[i * classCount + k] = probability;
      probabilities[i * classCount]! -= probability; // in the end 1 − all others
    }
  }
  for (let at = 0; at < probabilities.length; at += classCount) probabilities[at]! += 1;
  return aucWeighted({ classCount, trueClasses: Int32Array.from(scoreRows, (row) => target.y[row]!), probabilities });
}

/** A row's bin, 0 to `count` − 1; bin 0 holds what the fitted rows never had, missing numbers and new texts. */
type Bins = { readonly count: number; of(row: number): number };

function binning(column: Column, fitRows: Int32Array): Bins {
  if (column.kind === 'string') {
    const { codes } = column;
    const binOfCode = new Int32Array(column.dictionary.length + 1); // the last one is for the missing code −1
    const place = (code: number) => (code < 0 ? binOfCode.length - 1 : code);
    let count = 1;
    for (const row of fitRows) if (binOfCode[place(codes[row]!)] === 0) binOfCode[place(codes[row]!)] = count++;
    return { count, of: (row) => binOfCode[place(codes[row]!)]! };
  }
  const { values } = column;
  const ascending = Float64Array.from(fitRows, (row) => values[row]!)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const edges = new Set<number>();
  for (let bin = 1; bin < binCount; bin++) edges.add(ascending[Math.floor((bin * ascending.length) / binCount)] ?? 0);
  const bounds = Float64Array.from(edges);
  const binOf = (row: number): number => {
    const value = values[row]!;
    if (Number.isNaN(value)) return 0;
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
  return { count: bounds.length + 2, of: binOf };
}

/** Smoothed means of `value` per bin; a bin without rows has the overall mean. */
function binMeans(bins: Bins, rows: Int32Array, value: (row: number) => number): Float64Array {
  const sums = new Float64Array(bins.count);
  const counts = new Float64Array(bins.count);
  let total = 0;
  for (const row of rows) {
    const bin = bins.of(row);
    sums[bin]! += value(row);
    counts[bin]!++;
    total += value(row);
  }
  const overall = total / rows.length;
  return sums.map((sum, bin) => (sum + smoothing * overall) / (counts[bin]! + smoothing));
}
