/**
 * Naive Bayes of columns that are set or not (McCallum and Nigam 1998): a number is set when it is above `binarize`.
 * scikit-learn's parameter names and defaults.
 */
import type { FeatureMatrix } from '../featurization/features.ts';
import type { Learner } from './learner.ts';
import { emitLinear, FLOAT, type LinearModel, linearModel, predictLinear } from './linear/linear-model.ts';
import { classCounts, logPriors } from './naive-bayes/class-counts.ts';
import { readParams } from './parameters.ts';
import { softmaxRows } from './probabilities.ts';

const params = {
  /** Rows of each kind that are imagined seen in each class (Lidstone). */
  alpha: { default: 1, lowest: 1e-10, highest: 1e12 },
  /** A number above it is set, any other is not. */
  binarize: { default: 0, lowest: -1e12, highest: 1e12 },
  /** False: all classes count as equally likely beforehand. */
  fit_prior: { default: true },
} as const;

export type BernoulliModel = { readonly logOdds: LinearModel; readonly threshold: number };

export const bernoulliNaiveBayes: Learner<BernoulliModel> = {
  name: 'BernoulliNaiveBayes',
  tasks: ['classification'],
  family: 'linear',

  fit(input) {
    const { alpha, binarize, fit_prior } = readParams('BernoulliNaiveBayes', input.params, params);
    const threshold = Math.fround(binarize);
    const features = binarized(input.features, threshold);
    const { classWeights, sums } = classCounts({ ...input, features });
    const intercepts = logPriors(classWeights, fit_prior);
    const coefficients = sums.map((own, k) => {
      const denominator = (classWeights[k] as number) + 2 * alpha;
      return own.map((sum) => {
        const set = (sum + alpha) / denominator;
        intercepts[k] = (intercepts[k] as number) + Math.log1p(-set);
        return Math.log(set) - Math.log1p(-set);
      });
    });
    const columns = features.numeric.length + features.categorical.length;
    return {
      model: { logOdds: linearModel(features, intercepts, coefficients), threshold },
      work: (input.rows.length * columns) / 1e6,
    };
  },

  predict({ logOdds, threshold }, features) {
    return softmaxRows(predictLinear(logOdds, binarized(features, threshold)), logOdds.intercepts.length);
  },

  emit({ logOdds, threshold }, graph, features) {
    const numeric =
      features.numeric === undefined
        ? undefined
        : graph.node('Greater', [features.numeric, graph.constant(Float32Array.of(threshold))]);
    const margins = emitLinear(logOdds, graph, { ...features, numeric });
    return graph.node('Cast', [graph.node('Softmax', [margins], { axis: 1 })], { to: FLOAT });
  },
};

function binarized(features: FeatureMatrix, threshold: number): FeatureMatrix {
  const numeric = features.numeric.map((feature) => ({ ...feature, values: areAbove(feature.values, threshold) }));
  return { ...features, numeric };
}

function areAbove(values: Float32Array, threshold: number): Float32Array {
  const above = new Float32Array(values.length);
  for (let row = 0; row < values.length; row++) above[row] = (values[row] as number) > threshold ? 1 : 0;
  return above;
}
