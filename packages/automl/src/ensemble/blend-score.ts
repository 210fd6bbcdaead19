/** The primary metric as a function of a blend, for the selections. */

import { MalachiteError } from '@malachite/core';
import { classificationMetric } from '../metrics/classification.ts';
import { metricNamed } from '../metrics/metric-list.ts';
import type { ClassificationResult, RegressionResult } from '../metrics/predictions.ts';
import { regressionMetric } from '../metrics/regression.ts';

/** The truth on the validation rows, without the predictions. */
export type Truth =
  | ({ readonly task: 'classification' } & Omit<ClassificationResult, 'probabilities'>)
  | ({ readonly task: 'regression' } & Omit<RegressionResult, 'predictions'>);

/**
 * A function from predictions to the metric, higher for better; −∞ where it is not defined.
 *
 * @throws InvalidInput for a metric that the task does not have.
 */
export function blendScore(truth: Truth, metricName: string): (blend: Float64Array) => number {
  const metric = metricNamed(truth.task, metricName);
  if (metric === undefined) throw new MalachiteError('InvalidInput', `There is no ${truth.task} metric "${metricName}".`);
  const sign = metric.direction === 'maximize' ? 1 : -1;
  return (blend) => {
    const value =
      truth.task === 'classification'
        ? classificationMetric(metricName, { ...truth, probabilities: blend })
        : regressionMetric(metricName, { ...truth, predictions: blend });
    return value === null ? Number.NEGATIVE_INFINITY : sign * value;
  };
}
