/**
 * Gaussian process regression (Rasmussen and Williams 2006, algorithm 2.1), which is kernel ridge regression: a linear trend, and what
 * neighbours in all columns agree on beyond it. Smooth answers for small tables, where trees have too few rows to draw a curve by steps.
 * Azure ML has no such algorithm; `GaussianProcess` is ours. The target is brought to mean 0 and deviation 1.
 *
 * Its equations grow with the cube of the rows: at most 3,000 are learned from.
 */
import type { FitInput, Learner } from './learner.ts';
import { solveSymmetric } from './linear/cholesky.ts';
import { designOf, multiplyTransposed } from './linear/design.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { keptRows } from './neighbors/kept-rows.ts';
import { distancesTo, pointsOf } from './neighbors/whole-distances.ts';
import { readParams } from './parameters.ts';
import { kernelScale } from './radial/kernel-scale.ts';
import { emitRadialSums, type RadialSum, radialSums } from './radial/radial-sum.ts';

export const MOST_PROCESS_ROWS = 3000;

const params = {
  /** The variance of the noise, as scikit-learn's `alpha`: of the target's variance, beside 1 for the radial kernel. */
  alpha: { default: 0.1, lowest: 1e-6, highest: 1e6 },
  /** The radial kernel's narrowness, times scikit-learn's `scale`: 1 / (columns * variance of all values). */
  gamma_scale: { default: 0.1, lowest: 1e-9, highest: 1e9 },
  /** The variance of the linear trend at a row of mean length, beside 1 for the radial kernel. */
  linear_scale: { default: 0.3, lowest: 0, highest: 1e6 },
} as const;

/** Entries of the kernel, or products of its factors, that take the time of one row-feature visit of the other learners. */
const PAIRS_A_VISIT = 3;

export type ProcessModel = {
  readonly trend: LinearModel;
  /** What is added to the trend. */
  readonly around: RadialSum;
};

export const gaussianProcess: Learner<ProcessModel> = {
  name: 'GaussianProcess',
  tasks: ['regression'],
  family: 'linear',

  /** A row of weight 2 has half the noise. */
  fit(input) {
    const { alpha, gamma_scale, linear_scale } = readParams('GaussianProcess', input.params, params);
    const rows = keptRows('GaussianProcess', input, MOST_PROCESS_ROWS);
    const { features, target, weights, shouldStop } = input;
    const n = rows.length;
    const points = pointsOf(features, rows);
    const gamma = (gamma_scale * kernelScale(features, rows)) / points.scale ** 2;
    const weightOf = shares(rows, weights);
    const { mean, deviation } = unitOf(target.y, rows, weightOf);
    const lengths = squaredLengths(input, rows);
    const meanLength = lengths.reduce((sum, length) => sum + length, 0) / n;
    const slope = meanLength > 0 ? linear_scale / meanLength : 0;
    const cell = points.scale ** 2;

    const kernel = new Float64Array(n * n);
    const distances = new Float64Array(n);
    for (let i = 0; i < n && !(i % 100 === 0 && shouldStop?.()); i++) {
      distancesTo(points, features, rows[i] as number, distances.subarray(0, i + 1));
      for (let j = 0; j <= i; j++) {
        const apart = distances[j] as number;
        // Law of cosines: twice the product of two rows is the sum of their squared lengths without the squared distance.
        const product = ((lengths[i] as number) + (lengths[j] as number) - apart / cell) / 2;
        kernel[i * n + j] = Math.exp(-gamma * apart) + slope * product;
      }
      kernel[i * n + i] = (kernel[i * n + i] as number) + alpha / (weightOf[i] as number);
    }
    const units = Float64Array.from(rows, (row) => ((target.y[row] as number) - mean) / deviation);
    const coefficients = solveSymmetric(kernel, units, shouldStop).map((coefficient) => deviation * coefficient);
    const design = designOf(features, rows);
    const trend = new Float64Array(design.width);
    multiplyTransposed(design, coefficients, trend);
    return {
      model: {
        trend: linearModel(features, Float64Array.of(mean), [trend.map((coefficient) => slope * coefficient)]),
        around: { supportVectors: points, gamma, coefficients, intercepts: new Float64Array(1) },
      },
      work: (n ** 2 * (features.numeric.length + features.categorical.length) + n ** 3 / 6) / PAIRS_A_VISIT / 1e6,
    };
  },

  predict({ trend, around }, features) {
    const beyond = radialSums(around, features);
    return predictLinear(trend, features).map((value, row) => value + (beyond[row] as number));
  },

  emit({ trend, around }, graph, features) {
    const sum = graph.node('Add', [emitLinear(trend, graph, features), emitRadialSums(around, graph, features)]);
    return graph.node('Cast', [sum], { to: FLOAT });
  },
};

/** Weights of the rows with mean 1. */
function shares(rows: Int32Array, weights: FitInput['weights']): Float64Array {
  const own = Float64Array.from(rows, (row) => weights?.[row] ?? 1);
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
  return own.map((weight) => weight / mean);
}

function unitOf(y: ArrayLike<number>, rows: Int32Array, weights: Float64Array): { mean: number; deviation: number } {
  const mean = rows.reduce((sum, row, i) => sum + (weights[i] as number) * (y[row] as number), 0) / rows.length;
  const variance = rows.reduce((sum, row, i) => sum + (weights[i] as number) * ((y[row] as number) - mean) ** 2, 0) / rows.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** Squared lengths of rows, a known category counting as 1. */
function squaredLengths({ features }: Pick<FitInput, 'features'>, rows: Int32Array): Float64Array {
  const lengths = new Float64Array(rows.length);
  for (const { values } of features.numeric)
    for (let i = 0; i < rows.length; i++) lengths[i] = (lengths[i] as number) + (values[rows[i] as number] as number) ** 2;
  for (const { codes } of features.categorical)
    for (let i = 0; i < rows.length; i++) lengths[i] = (lengths[i] as number) + Number((codes[rows[i] as number] as number) > 0);
  return lengths;
}
