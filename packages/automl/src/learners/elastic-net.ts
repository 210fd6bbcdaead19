/** Linear regression with L1 and L2 penalties; scikit-learn's objective and parameter names. `l1_ratio` 0 is ridge, 1 is lasso. */
import type { Learner } from './learner.ts';
import { descend, momentsOf } from './linear/coordinate-descent.ts';
import { designOf } from './linear/design.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { readParams } from './parameters.ts';

const params = {
  alpha: { default: 1, lowest: 0, highest: 1e12 },
  l1_ratio: { default: 0.5, lowest: 0, highest: 1 },
  max_iter: { default: 1000, lowest: 1, highest: 1e6 },
  tol: { default: 1e-5, lowest: 0, highest: 1 },
};

export const elasticNet: Learner<LinearModel> = {
  name: 'ElasticNet',
  tasks: ['regression'],
  family: 'linear',

  fit({ features, target, rows, weights, params: given, shouldStop }) {
    const { alpha, l1_ratio, max_iter, tol } = readParams('ElasticNet', given, params);
    const design = designOf(features);
    const moments = momentsOf(design, Float64Array.from(target.y), rows, weights);
    const { coefficients, sweeps } = descend(moments, {
      alpha,
      l1Ratio: l1_ratio,
      maxSweeps: max_iter,
      tolerance: tol,
      shouldStop,
    });
    const intercept = coefficients.reduce(
      (rest, coefficient, j) => rest - coefficient * (moments.columnMeans[j] as number),
      moments.targetMean,
    );
    const perRow = features.numeric.length + features.categorical.length;
    return {
      model: linearModel(features, Float64Array.of(intercept), [coefficients]),
      work: (rows.length * perRow * perRow + sweeps * design.width * design.width) / 1e6,
    };
  },

  predict: predictLinear,

  emit(model, graph, features) {
    return graph.node('Cast', [emitLinear(model, graph, features)], { to: FLOAT });
  },
};
