/**
 * Logistic regression with an L2, L1 or elastic net penalty: two classes by log odds, more by softmax (multinomial). scikit-learn's
 * objective and parameter names: minimise `C * sum(loss) + (1 - l1_ratio) |w|^2 / 2 + l1_ratio |w|_1`, the intercept not penalised.
 */

import type { FitInput, Learner } from './learner.ts';
import { type Design, designOf, multiply, multiplyTransposed } from './linear/design.ts';
import { minimize, type SmoothFunction } from './linear/lbfgs.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { minimizeSparse } from './linear/owl-qn.ts';
import { readParams } from './parameters.ts';
import { emitBinaryProbabilities, probabilitiesOf, softmaxRows } from './probabilities.ts';
import { softmaxInto } from './softmax.ts';

const params = {
  /** Inverse of the penalty's strength. */
  C: { default: 1, lowest: 1e-12, highest: 1e12 },
  penalty: { default: 'l2', choices: ['l2', 'l1', 'elasticnet'] },
  /** `elasticnet`: the share of L1. */
  l1_ratio: { default: 0.5, lowest: 0, highest: 1 },
  max_iter: { default: 200, lowest: 1, highest: 1e6 },
  /** The fit ends when no component of the gradient of the mean loss is larger. */
  tol: { default: 1e-4, lowest: 0, highest: 1 },
} as const;

const l1Shares = { l2: 0, l1: 1 } as const;

export const logisticRegression: Learner<LinearModel> = {
  name: 'LogisticRegression',
  tasks: ['classification'],
  family: 'linear',

  fit(input) {
    const { C, penalty, l1_ratio, max_iter, tol } = readParams('LogisticRegression', input.params, params);
    const { features, target, rows, shouldStop } = input;
    const design = designOf(features, rows);
    const classes = target.task === 'classification' ? target.classes.length : 0;
    const outputs = classes === 2 ? 1 : classes;
    const stride = design.width + 1;
    const l1Share = penalty === 'elasticnet' ? l1_ratio : l1Shares[penalty];
    const total = rows.reduce((sum, row) => sum + (input.weights?.[row] ?? 1), 0);
    const loss = penalizedLoss(input, design, classes, (1 - l1Share) / (C * total));
    const start = new Float64Array(outputs * stride);
    const limits = { maxIterations: max_iter, tolerance: tol, shouldStop };
    const l1 = start.map((_, j) => (j % stride < design.width ? l1Share / (C * total) : 0));
    const { x, evaluations } = l1Share > 0 ? minimizeSparse(loss, start, l1, limits) : minimize(loss, start, limits);
    const coefficients = Array.from({ length: outputs }, (_, k) => x.slice(k * stride, k * stride + design.width));
    const intercepts = Float64Array.from({ length: outputs }, (_, k) => x[k * stride + design.width] as number);
    const visits = rows.length * (features.numeric.length + features.categorical.length) * outputs * evaluations;
    return { model: linearModel(features, intercepts, coefficients), work: visits / 1e6 };
  },

  predict(model, features) {
    const margins = predictLinear(model, features);
    const outputs = model.intercepts.length;
    return outputs === 1 ? probabilitiesOf(margins) : softmaxRows(margins, outputs);
  },

  emit(model, graph, features) {
    const margins = emitLinear(model, graph, features);
    if (model.intercepts.length === 1) return emitBinaryProbabilities(graph, graph.node('Cast', [margins], { to: FLOAT }));
    return graph.node('Cast', [graph.node('Softmax', [margins], { axis: 1 })], { to: FLOAT });
  },
};

/** Mean loss over the rows plus `ridge |w|^2 / 2`; parameters are `width` coefficients and an intercept for each output. */
function penalizedLoss({ rows, target, weights }: FitInput, design: Design, classes: number, ridge: number): SmoothFunction {
  const outputs = classes === 2 ? 1 : classes;
  const { width } = design;
  const stride = width + 1;
  const rowWeights = Float64Array.from(rows, (row) => (weights === undefined ? 1 : (weights[row] as number)));
  const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
  const y = Int32Array.from(rows, (row) => target.y[row] as number);
  const margins = Array.from({ length: outputs }, () => new Float64Array(rows.length));
  const softmax = new Float64Array(classes);

  return (x, gradient) => {
    margins.forEach((margin, k) => {
      margin.fill(x[k * stride + width] as number);
      multiply(design, x.subarray(k * stride, k * stride + width), margin);
    });
    let loss = 0;
    for (let i = 0; i < rows.length; i++) {
      const weight = (rowWeights[i] as number) / total;
      if (outputs === 1) {
        const margin = margins[0] as Float64Array;
        const z = margin[i] as number;
        const small = Math.exp(-Math.abs(z));
        loss += weight * (Math.max(0, z) - (y[i] as number) * z + Math.log1p(small));
        margin[i] = weight * ((z >= 0 ? 1 : small) / (1 + small) - (y[i] as number));
        continue;
      }
      for (let k = 0; k < classes; k++) softmax[k] = (margins[k] as Float64Array)[i] as number;
      softmaxInto(softmax, 0, classes, softmax);
      loss -= weight * Math.log(Math.max(1e-300, softmax[y[i] as number] as number));
      for (let k = 0; k < classes; k++)
        (margins[k] as Float64Array)[i] = weight * ((softmax[k] as number) - (y[i] === k ? 1 : 0));
    }
    // The margins have become the residuals.
    margins.forEach((residuals, k) => {
      const mine = gradient.subarray(k * stride, k * stride + width);
      multiplyTransposed(design, residuals, mine);
      for (let j = 0; j < width; j++) {
        const coefficient = x[k * stride + j] as number;
        loss += (ridge * coefficient ** 2) / 2;
        mine[j] = (mine[j] as number) + ridge * coefficient;
      }
      gradient[k * stride + width] = residuals.reduce((sum, residual) => sum + residual, 0);
    });
    return loss;
  };
}
