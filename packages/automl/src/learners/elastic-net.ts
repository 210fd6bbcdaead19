/**
 * Linear regression with L1 and L2 penalties; scikit-learn's objective and parameter names. `l1_ratio` 0 is ridge, 1 is lasso,
 * which Azure ML knows as LassoLars.
 */
import type { FitInput, Learner } from './learner.ts';
import { descend, momentsOf } from './linear/coordinate-descent.ts';
import { designOf } from './linear/design.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { type NumberParam, readParams } from './parameters.ts';

const alpha: NumberParam = { default: 1, lowest: 0, highest: 1e12 };
const limits = {
  max_iter: { default: 1000, lowest: 1, highest: 1e6 },
  /** The fit ends when no coefficient moves the prediction by more than this share of the target's deviation. */
  tol: { default: 1e-5, lowest: 0, highest: 1 },
};

type Penalty = { readonly alpha: number; readonly l1_ratio: number; readonly max_iter: number; readonly tol: number };

export const elasticNet: Learner<LinearModel> = penalised('ElasticNet', (given) =>
  readParams('ElasticNet', given, { alpha, l1_ratio: { default: 0.5, lowest: 0, highest: 1 }, ...limits }),
);

/** The same minimum as the LARS path's at `alpha`, found by coordinate descent. */
export const lassoLars: Learner<LinearModel> = penalised('LassoLars', (given) => ({
  ...readParams('LassoLars', given, { alpha, ...limits }),
  l1_ratio: 1,
}));

function penalised(name: string, penaltyOf: (given: FitInput['params']) => Penalty): Learner<LinearModel> {
  return {
    name,
    tasks: ['regression'],
    family: 'linear',

    fit({ features, target, rows, weights, params, shouldStop }) {
      const penalty = penaltyOf(params);
      const ofRows = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row] as number);
      const design = designOf(features, rows);
      const moments = momentsOf(design, ofRows(target.y), weights && ofRows(weights));
      const { coefficients, sweeps } = descend(moments, {
        alpha: penalty.alpha,
        l1Ratio: penalty.l1_ratio,
        maxSweeps: penalty.max_iter,
        tolerance: penalty.tol,
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
}
