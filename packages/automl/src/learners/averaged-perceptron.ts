/** The averaged perceptron (Freund and Schapire 1999): learns from its mistakes only, answers by the mean over all steps, calibrated by Platt's sigmoid. */
import type { Learner } from './learner.ts';
import { emitLinear, type LinearModel, predictLinear } from './linear/linear-model.ts';
import { readParams } from './parameters.ts';
import { emitOneVsRest, oneVsRestRows } from './probabilities.ts';
import { descentClassifier } from './sgd/descent-classifier.ts';
import { perceptron } from './sgd/losses.ts';

const params = {
  /** Times that all rows are looked at. */
  max_iter: { default: 10, lowest: 1, highest: 1e6 },
} as const;

export const averagedPerceptronClassifier: Learner<LinearModel> = {
  name: 'AveragedPerceptronClassifier',
  tasks: ['classification'],
  family: 'linear',

  fit(input) {
    const { max_iter } = readParams('AveragedPerceptronClassifier', input.params, params);
    return descentClassifier(input, {
      loss: perceptron,
      alpha: 0,
      rate: () => 1,
      maxEpochs: max_iter,
      tolerance: Number.NEGATIVE_INFINITY,
      average: true,
      calibrated: true,
    });
  },

  predict(model, features) {
    return oneVsRestRows(predictLinear(model, features), model.intercepts.length);
  },

  emit(model, graph, features) {
    return emitOneVsRest(graph, emitLinear(model, graph, features), model.intercepts.length);
  },
};
