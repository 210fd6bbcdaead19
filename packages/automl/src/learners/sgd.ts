/**
 * Linear models by stochastic gradient descent: for classes by hinge, logistic or modified Huber loss, one against the rest; for
 * numbers by squared error. scikit-learn's `SGDClassifier` and `SGDRegressor`, their parameter names, defaults and step sizes.
 */
import type { Learner } from './learner.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { readParams } from './parameters.ts';
import { emitOneVsRest, oneVsRestRows } from './probabilities.ts';
import { descend, optimalRate } from './sgd/descend.ts';
import { descentClassifier } from './sgd/descent-classifier.ts';
import { hinge, logLoss, modifiedHuber, squaredError } from './sgd/losses.ts';
import { rowDesignOf } from './sgd/row-design.ts';

const common = {
  /** Strength of the L2 penalty. */
  alpha: { default: 1e-4, lowest: 1e-12, highest: 1e6 },
  /** Most times that all rows are looked at. */
  max_iter: { default: 1000, lowest: 1, highest: 1e6 },
  /** The fit ends when the mean loss has not fallen by this much for five epochs. */
  tol: { default: 1e-3, lowest: 0, highest: 1 },
  /** True: the coefficients are the mean over all steps. */
  average: { default: false },
} as const;

const classifierParams = {
  ...common,
  loss: { default: 'hinge', choices: ['hinge', 'log_loss', 'modified_huber'] },
} as const;

const regressorParams = {
  ...common,
  /** The step `t` is `eta0 / t^power_t` long. */
  eta0: { default: 0.01, lowest: 1e-12, highest: 1e3 },
  power_t: { default: 0.25, lowest: 0, highest: 1 },
} as const;

const losses = { hinge, log_loss: logLoss, modified_huber: modifiedHuber };

export type SgdModel = LinearModel & { readonly task: 'classification' | 'regression' };

export const sgd: Learner<SgdModel> = {
  name: 'SGD',
  tasks: ['classification', 'regression'],
  family: 'linear',

  fit(input) {
    const { features, target, rows, weights, seed, shouldStop } = input;
    if (target.task === 'classification') {
      const { loss, alpha, max_iter, tol, average } = readParams('SGD', input.params, classifierParams);
      const { model, work } = descentClassifier(input, {
        loss: losses[loss],
        alpha,
        rate: optimalRate(alpha, losses[loss]),
        maxEpochs: max_iter,
        tolerance: tol,
        average,
        // Logistic loss gives log odds by itself; scikit-learn's formula for modified Huber gives mostly 0 and 1, so it is calibrated too.
        calibrated: loss !== 'log_loss',
      });
      return { model: { ...model, task: 'classification' }, work };
    }
    const { alpha, max_iter, tol, average, eta0, power_t } = readParams('SGD', input.params, regressorParams);
    // In units of its deviation the target suits `tol`, whatever it counts.
    const values = Float64Array.from(rows, (row) => target.y[row] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
    const { coefficients, intercept, epochs } = descend(
      rowDesignOf(features, rows),
      values.map((value) => (value - mean) / deviation),
      weights && Float64Array.from(rows, (row) => weights[row] as number),
      {
        loss: squaredError,
        alpha,
        rate: (t) => eta0 / t ** power_t,
        maxEpochs: max_iter,
        tolerance: tol,
        average,
        seed,
        shouldStop,
      },
    );
    const columns = features.numeric.length + features.categorical.length;
    const intercepts = Float64Array.of(mean + deviation * intercept);
    const model = linearModel(features, intercepts, [coefficients.map((value) => deviation * value)]);
    return { model: { ...model, task: 'regression' }, work: (rows.length * columns * epochs) / 1e6 };
  },

  predict(model, features) {
    const margins = predictLinear(model, features);
    return model.task === 'regression' ? margins : oneVsRestRows(margins, model.intercepts.length);
  },

  emit(model, graph, features) {
    const margins = emitLinear(model, graph, features);
    if (model.task === 'regression') return graph.node('Cast', [margins], { to: FLOAT });
    return emitOneVsRest(graph, margins, model.intercepts.length);
  },
};
