/**
 * Linear support vector classification: squared hinge loss with an L2 penalty, one class against the rest, calibrated by Platt's
 * sigmoid. scikit-learn's `LinearSVC` objective and parameter names: minimise `|w|^2 / 2 + C * sum(max(0, 1 - y f)^2)`, the
 * intercept penalised like a coefficient.
 */
import { calibrate, decisionCount, membership } from './calibration/calibrate.ts';
import type { FitInput, Learner } from './learner.ts';
import { type Design, designOf, multiply, multiplyTransposed } from './linear/design.ts';
import { minimize, type SmoothFunction } from './linear/lbfgs.ts';
import { emitLinear, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { readParams } from './parameters.ts';
import { emitOneVsRest, oneVsRestRows } from './probabilities.ts';

const params = {
  /** Inverse of the penalty's strength. */
  C: { default: 1, lowest: 1e-12, highest: 1e12 },
  max_iter: { default: 1000, lowest: 1, highest: 1e6 },
  /** The fit ends when no component of the gradient of the mean loss is larger. */
  tol: { default: 1e-4, lowest: 0, highest: 1 },
} as const;

export const linearSvm: Learner<LinearModel> = {
  name: 'LinearSVM',
  tasks: ['classification'],
  family: 'linear',

  fit(input) {
    const { C, max_iter, tol } = readParams('LinearSVM', input.params, params);
    const { features, rows, shouldStop } = input;
    const columns = features.numeric.length + features.categorical.length;
    const outputs = decisionCount(input);
    let visits = 0;
    /** Coefficients of each output, the intercept last. */
    const solve = (train: Int32Array): Float64Array[] => {
      const design = designOf(features, train);
      return Array.from({ length: outputs }, (_, output) => {
        const { x, evaluations } = minimize(squaredHinge(input, train, design, output, C), new Float64Array(design.width + 1), {
          maxIterations: max_iter,
          tolerance: tol,
          shouldStop,
        });
        visits += train.length * columns * evaluations;
        return x;
      });
    };
    const whole = solve(rows);
    const sigmoids = calibrate(input, (train, asked) => {
      const design = designOf(features, asked);
      return solve(train).map((x) => {
        const decisions = new Float64Array(asked.length).fill(x[design.width] as number);
        multiply(design, x.subarray(0, design.width), decisions);
        return decisions;
      });
    });
    // The log odds are linear in the decision, so the model stays linear.
    const intercepts = Float64Array.from(whole, (x, k) => {
      const { slope, shift } = sigmoids[k] ?? { slope: 1, shift: 0 };
      return slope * (x[x.length - 1] as number) + shift;
    });
    const coefficients = whole.map((x, k) => x.slice(0, -1).map((value) => (sigmoids[k]?.slope ?? 1) * value));
    return { model: linearModel(features, intercepts, coefficients), work: visits / 1e6 };
  },

  predict(model, features) {
    return oneVsRestRows(predictLinear(model, features), model.intercepts.length);
  },

  emit(model, graph, features) {
    return emitOneVsRest(graph, emitLinear(model, graph, features), model.intercepts.length);
  },
};

/** Mean squared hinge loss plus `|w|^2 / (2 C n)`; parameters are the coefficients, then the intercept. */
function squaredHinge(input: FitInput, rows: Int32Array, design: Design, output: number, C: number): SmoothFunction {
  const { weights } = input;
  const { width } = design;
  const positive = membership(input, rows, output);
  const rowWeights = Float64Array.from(rows, (row) => (weights === undefined ? 1 : (weights[row] as number)));
  const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
  const slopes = new Float64Array(rows.length);
  return (x, gradient) => {
    slopes.fill(x[width] as number);
    multiply(design, x.subarray(0, width), slopes);
    let loss = 0;
    let slopeSum = 0;
    for (let i = 0; i < slopes.length; i++) {
      const sign = positive[i] === 1 ? 1 : -1;
      const short = Math.max(0, 1 - sign * (slopes[i] as number));
      const weight = (rowWeights[i] as number) / total;
      loss += weight * short * short;
      slopes[i] = -2 * weight * sign * short;
      slopeSum += slopes[i] as number;
    }
    multiplyTransposed(design, slopes, gradient.subarray(0, width));
    gradient[width] = slopeSum;
    for (let j = 0; j <= width; j++) {
      const coefficient = x[j] as number;
      loss += coefficient ** 2 / (2 * C * total);
      gradient[j] = (gradient[j] as number) + coefficient / (C * total);
    }
    return loss;
  };
}
