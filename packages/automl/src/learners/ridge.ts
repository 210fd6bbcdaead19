/** Ridge regression (Hoerl and Kennard 1970), solved exactly; scikit-learn's objective: `sum((y - f)^2) + alpha |w|^2`, the intercept not penalised. */
import type { Learner } from './learner.ts';
import { solveSymmetric } from './linear/cholesky.ts';
import { momentsOf } from './linear/coordinate-descent.ts';
import { designOf } from './linear/design.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { readParams } from './parameters.ts';

const params = {
  /** Strength of the L2 penalty. */
  alpha: { default: 1, lowest: 0, highest: 1e12 },
} as const;

export const ridge: Learner<LinearModel> = {
  name: 'Ridge',
  tasks: ['regression'],
  family: 'linear',

  fit({ features, target, rows, weights, params: given }) {
    const { alpha } = readParams('Ridge', given, params);
    const ofRows = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row] as number);
    const design = designOf(features, rows);
    const { width, gram, correlation, columnMeans, targetMean } = momentsOf(design, ofRows(target.y), weights && ofRows(weights));
    // The moments are means: the penalty is one of their weight.
    const total = weights === undefined ? rows.length : ofRows(weights).reduce((sum, weight) => sum + weight, 0);
    for (let j = 0; j < width; j++) gram[j * width + j] = (gram[j * width + j] as number) + alpha / total;
    const coefficients = solveSymmetric(gram, correlation);
    const intercept = coefficients.reduce((rest, value, j) => rest - value * (columnMeans[j] as number), targetMean);
    const perRow = features.numeric.length + features.categorical.length;
    return {
      model: linearModel(features, Float64Array.of(intercept), [coefficients]),
      work: (rows.length * perRow * perRow + width ** 3 / 3) / 1e6,
    };
  },

  predict: predictLinear,

  emit(model, graph, features) {
    return graph.node('Cast', [emitLinear(model, graph, features)], { to: FLOAT });
  },
};
