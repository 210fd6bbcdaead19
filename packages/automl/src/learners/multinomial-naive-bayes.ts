/**
 * Naive Bayes of counts (McCallum and Nigam 1998), or of any numbers that are not negative, such as scaled ones.
 * scikit-learn's parameter names and defaults.
 */
import { MalachiteError } from '@malachite/core';
import type { FitInput, Learner } from './learner.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { classCounts, logPriors } from './naive-bayes/class-counts.ts';
import { readParams } from './parameters.ts';
import { softmaxRows } from './probabilities.ts';

const params = {
  /** Added to every count (Lidstone). */
  alpha: { default: 1, lowest: 1e-10, highest: 1e12 },
  /** False: all classes count as equally likely beforehand. */
  fit_prior: { default: true },
} as const;

export const multinomialNaiveBayes: Learner<LinearModel> = {
  name: 'MultinomialNaiveBayes',
  tasks: ['classification'],
  family: 'linear',

  fit(input) {
    const { alpha, fit_prior } = readParams('MultinomialNaiveBayes', input.params, params);
    const { features, rows } = input;
    requireCounts(input);
    const { classWeights, sums } = classCounts(input);
    const coefficients = sums.map((own) => {
      const total = own.reduce((sum, count) => sum + count + alpha, 0);
      return own.map((count) => Math.log((count + alpha) / total));
    });
    const columns = features.numeric.length + features.categorical.length;
    return {
      model: linearModel(features, logPriors(classWeights, fit_prior), coefficients),
      work: (rows.length * columns) / 1e6,
    };
  },

  predict(model, features) {
    return softmaxRows(predictLinear(model, features), model.intercepts.length);
  },

  emit(model, graph, features) {
    return graph.node('Cast', [graph.node('Softmax', [emitLinear(model, graph, features)], { axis: 1 })], { to: FLOAT });
  },
};

function requireCounts({ features, rows }: FitInput): void {
  const negative = features.numeric.find(({ values }) => rows.some((row) => (values[row] as number) < 0));
  if (negative === undefined) return;
  throw new MalachiteError(
    'InvalidInput',
    `MultinomialNaiveBayes counts, and feature "${negative.name}" has negative values. Use the preprocessor MinMaxScaler.`,
  );
}
