/**
 * Elastic net by cyclic coordinate descent on the Gram matrix (Friedman, Hastie, Tibshirani 2010, "covariance updates"):
 * minimises `|y - X w|^2 / (2 n) + alpha l1_ratio |w|_1 + alpha (1 - l1_ratio) |w|^2 / 2`.
 */
import type { Design } from './design.ts';

/** Weighted moments of centred columns: everything that the fit needs to know of the rows. */
export type Moments = {
  readonly width: number;
  /** Weighted mean of each column. */
  readonly columnMeans: Float64Array;
  readonly targetMean: number;
  /** X'X / n of centred columns, width x width. */
  readonly gram: Float64Array;
  /** X'y / n. */
  readonly correlation: Float64Array;
  /** y'y / n. */
  readonly targetVariance: number;
};

/** @param y the target of each row of the design; `weights` likewise. */
export function momentsOf(design: Design, y: Float64Array, weights?: Float64Array): Moments {
  const { width } = design;
  const gram = new Float64Array(width * width);
  const correlation = new Float64Array(width);
  const columnMeans = new Float64Array(width);
  const denseCount = design.dense.length;
  const set = new Int32Array(denseCount + design.blocks.length);
  const value = new Float64Array(set.length).fill(1);
  for (let j = 0; j < denseCount; j++) set[j] = j;
  let total = 0;
  let targetMean = 0;
  let targetSquare = 0;
  for (let row = 0; row < design.rowCount; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const target = y[row] as number;
    total += weight;
    targetMean += weight * target;
    targetSquare += weight * target * target;
    // The columns that are not zero in this row: all numbers, one of each block.
    let count = denseCount;
    for (let j = 0; j < denseCount; j++) value[j] = (design.dense[j] as Float32Array)[row] as number;
    for (const { codes, begin } of design.blocks) {
      const code = codes[row] as number;
      if (code > 0) set[count++] = begin + code - 1;
    }
    for (let a = 0; a < count; a++) {
      const column = set[a] as number;
      const scaled = weight * (a < denseCount ? (value[a] as number) : 1);
      columnMeans[column] = (columnMeans[column] as number) + scaled;
      correlation[column] = (correlation[column] as number) + scaled * target;
      for (let b = 0; b <= a; b++) {
        const at = column * width + (set[b] as number);
        gram[at] = (gram[at] as number) + scaled * (b < denseCount ? (value[b] as number) : 1);
      }
    }
  }
  targetMean /= total;
  for (let j = 0; j < width; j++) columnMeans[j] = (columnMeans[j] as number) / total;
  for (let j = 0; j < width; j++) {
    correlation[j] = (correlation[j] as number) / total - (columnMeans[j] as number) * targetMean;
    for (let k = 0; k <= j; k++) {
      const centred = (gram[j * width + k] as number) / total - (columnMeans[j] as number) * (columnMeans[k] as number);
      gram[j * width + k] = centred;
      gram[k * width + j] = centred;
    }
  }
  return { width, columnMeans, targetMean, gram, correlation, targetVariance: targetSquare / total - targetMean ** 2 };
}

export type ElasticNetOptions = {
  readonly alpha: number;
  readonly l1Ratio: number;
  readonly maxSweeps: number;
  /** Ends when no coefficient moves the prediction by more than this share of the target's deviation. */
  readonly tolerance: number;
  readonly shouldStop?: () => boolean;
};

/** @returns the coefficients and how many sweeps over them it took. */
export function descend(moments: Moments, options: ElasticNetOptions): { coefficients: Float64Array; sweeps: number } {
  const { width, gram, correlation } = moments;
  const lasso = options.alpha * options.l1Ratio;
  const ridge = options.alpha * (1 - options.l1Ratio);
  const coefficients = new Float64Array(width);
  // X'(y - X w) / n, kept up to date.
  const slope = correlation.slice();
  const enough = options.tolerance * Math.sqrt(Math.max(moments.targetVariance, Number.MIN_VALUE));
  let sweeps = 0;
  while (sweeps < options.maxSweeps && !options.shouldStop?.()) {
    sweeps++;
    let moved = 0;
    for (let j = 0; j < width; j++) {
      const variance = gram[j * width + j] as number;
      if (variance <= 1e-14) continue;
      const before = coefficients[j] as number;
      const free = (slope[j] as number) + variance * before;
      const after = (Math.sign(free) * Math.max(0, Math.abs(free) - lasso)) / (variance + ridge);
      if (after === before) continue;
      coefficients[j] = after;
      const change = after - before;
      for (let k = 0; k < width; k++) slope[k] = (slope[k] as number) - change * (gram[j * width + k] as number);
      moved = Math.max(moved, Math.abs(change) * Math.sqrt(variance));
    }
    if (moved <= enough) break;
  }
  return { coefficients, sweeps };
}
