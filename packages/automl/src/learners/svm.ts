/**
 * Support vector classification with the radial kernel `exp(-gamma |x - x'|^2)` (Cortes and Vapnik 1995), one class against the rest,
 * calibrated by Platt's sigmoid on five folds. scikit-learn's parameter names and defaults. The kernel of all pairs is held in
 * memory, so, as in Azure ML, at most 5,000 rows are learned from.
 */
import type { FeatureMatrix } from '../featurization/features.ts';
import { calibrate, decisionCount, membership } from './calibration/calibrate.ts';
import type { FitInput, Learner } from './learner.ts';
import { keptRows } from './neighbors/kept-rows.ts';
import { distancesTo, type Points, pointsOf } from './neighbors/whole-distances.ts';
import { readParams } from './parameters.ts';
import { emitOneVsRest, oneVsRestRows } from './probabilities.ts';
import { kernelScale } from './radial/kernel-scale.ts';
import { emitRadialSums, type RadialSum, radialSums } from './radial/radial-sum.ts';
import { solveSmo } from './svm/smo.ts';

const params = {
  /** What a row on the wrong side costs. */
  C: { default: 1, lowest: 1e-9, highest: 1e9 },
  /** The kernel's narrowness, times scikit-learn's `scale`: 1 / (columns * variance of all values). */
  gamma_scale: { default: 1, lowest: 1e-9, highest: 1e9 },
  tol: { default: 1e-3, lowest: 1e-12, highest: 1 },
  /** Most steps of the solver. */
  max_iter: { default: 100_000, lowest: 1, highest: 1e9 },
} as const;

/** Coordinates of a pair of rows, or entries of the kernel, that take the time of one row-feature visit of the other learners. */
const PAIRS_A_VISIT = 3;

export const svm: Learner<RadialSum> = {
  name: 'SVM',
  tasks: ['classification'],
  family: 'linear',

  fit(input) {
    const { C, gamma_scale, tol, max_iter } = readParams('SVM', input.params, params);
    const rows = keptRows('SVM', input);
    const { features, weights, shouldStop } = input;
    const points = pointsOf(features, rows);
    const gamma = (gamma_scale * kernelScale(features, rows)) / points.scale ** 2;
    const kernel = kernelOf(points, features, rows, gamma, shouldStop);
    const placeOf = new Map(Array.from(rows, (row, place) => [row, place]));
    const outputs = decisionCount(input);
    let visits = rows.length ** 2 * (features.numeric.length + features.categorical.length);
    /** For each output, `y_i a_i` by place in `rows`, and the intercept. */
    const solve = (train: Int32Array) =>
      Array.from({ length: outputs }, (_, output) => {
        const places = Int32Array.from(train, (row) => placeOf.get(row) as number);
        const y = Int8Array.from(membership(input, train, output), (positive) => 2 * positive - 1);
        const bounds = Float64Array.from(train, (row) => C * (weights === undefined ? 1 : (weights[row] as number)));
        const found = solveSmo({
          kernel,
          stride: rows.length,
          places,
          y,
          C: bounds,
          tolerance: tol,
          maxIterations: max_iter,
          shouldStop,
        });
        visits += found.iterations * train.length;
        const signed = new Float64Array(rows.length);
        places.forEach((place, i) => {
          signed[place] = (y[i] as number) * (found.multipliers[i] as number);
        });
        return { signed, intercept: found.intercept };
      });
    const whole = solve(rows);
    const sigmoids = calibrate({ ...input, rows }, (train, asked) =>
      solve(train).map(({ signed, intercept }) =>
        Float64Array.from(asked, (row) => {
          const at = (placeOf.get(row) as number) * rows.length;
          return signed.reduce((sum, value, place) => sum + value * (kernel[at + place] as number), intercept);
        }),
      ),
    );
    // Of rows on no margin nothing is kept; one is, where none counts.
    const supports = rows.filter((_, place) => place === 0 || whole.some(({ signed }) => signed[place] !== 0));
    const coefficients = new Float64Array(supports.length * outputs);
    supports.forEach((row, s) => {
      whole.forEach(({ signed }, output) => {
        coefficients[s * outputs + output] = (sigmoids[output]?.slope as number) * (signed[placeOf.get(row) as number] as number);
      });
    });
    const intercepts = Float64Array.from(whole, ({ intercept }, output) => {
      const { slope, shift } = sigmoids[output] as { slope: number; shift: number };
      return slope * intercept + shift;
    });
    const supportVectors = { ...points, ...coordinatesOf(points, supports, placeOf) };
    return { model: { supportVectors, gamma, coefficients, intercepts }, work: visits / PAIRS_A_VISIT / 1e6 };
  },

  predict: (model, features) => oneVsRestRows(radialSums(model, features), model.intercepts.length),

  emit: (model, graph, features) => emitOneVsRest(graph, emitRadialSums(model, graph, features), model.intercepts.length),
};

/** The kernel of all pairs of rows. Told to stop, it leaves the rest at zero: the solver, which then stops too, does not look at it. */
function kernelOf(
  points: Points,
  features: FeatureMatrix,
  rows: Int32Array,
  gamma: number,
  shouldStop: FitInput['shouldStop'],
): Float32Array {
  const kernel = new Float32Array(rows.length * rows.length);
  const distances = new Float64Array(rows.length);
  for (let i = 0; i < rows.length && !(i % 100 === 0 && shouldStop?.()); i++) {
    distancesTo(points, features, rows[i] as number, distances.subarray(0, i + 1));
    for (let j = 0; j <= i; j++) {
      const near = Math.exp(-gamma * (distances[j] as number));
      kernel[i * rows.length + j] = near;
      kernel[j * rows.length + i] = near;
    }
  }
  return kernel;
}

function coordinatesOf(points: Points, supports: Int32Array, placeOf: ReadonlyMap<number, number>) {
  const places = Int32Array.from(supports, (row) => placeOf.get(row) as number);
  return {
    count: places.length,
    numeric: points.numeric.map((values) => Float32Array.from(places, (place) => values[place] as number)),
    lengths: Float64Array.from(places, (place) => points.lengths[place] as number),
    categorical: points.categorical.map((codes) => Int32Array.from(places, (place) => codes[place] as number)),
  };
}
