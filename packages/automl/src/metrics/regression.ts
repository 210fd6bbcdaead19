/** All regression metrics of a trial, or one of them. */

import { MalachiteError } from '@malachite/core';
import { checkRegressionResult, type RegressionResult } from './predictions.ts';
import { averageRanks, correlation } from './rank.ts';

/**
 * The 12 scalars that Azure reports, equal to those of `azureml-metrics` 0.0.91; null where a metric is not defined (logarithmic
 * errors of values below 0).
 *
 * Habits of Azure to know: `r2_score` is cut at −1, normalized errors at 1, the rank correlation of a constant is −1, and the
 * median, percentage and rank metrics do not look at sample weights.
 *
 * @throws InvalidInput for arrays that do not belong together, no rows, values that are no numbers.
 */
export function regressionMetrics(result: RegressionResult): Record<string, number | null> {
  checkRegressionResult(result);
  const [low, high] = result.targetRange ?? rangeOf(result.trueValues);
  const errors = errorSums(result);
  const median = medianAbsoluteError(result);
  const logError = rootMeanSquaredLogError(result);
  return {
    explained_variance: share(errors.residualVariance, errors.targetVariance),
    mean_absolute_error: errors.absolute,
    mean_absolute_percentage_error: absolutePercentageError(result),
    median_absolute_error: median,
    normalized_mean_absolute_error: normalized(errors.absolute, high - low),
    normalized_median_absolute_error: normalized(median, high - low),
    normalized_root_mean_squared_error: normalized(Math.sqrt(errors.squared), high - low),
    normalized_root_mean_squared_log_error:
      logError === null || low <= -1 ? null : normalized(logError, Math.log1p(high) - Math.log1p(low)),
    r2_score: Math.max(-1, share(errors.squared, errors.targetVariance)),
    root_mean_squared_error: Math.sqrt(errors.squared),
    root_mean_squared_log_error: logError,
    spearman_correlation: spearmanCorrelation(result),
  };
}

/** One metric without the cost of the others where that is cheaper, unchecked. */
export function regressionMetric(name: string, result: RegressionResult): number | null {
  if (name === 'spearman_correlation') return spearmanCorrelation(result);
  const [low, high] = result.targetRange ?? rangeOf(result.trueValues);
  const errors = errorSums(result);
  if (name === 'normalized_root_mean_squared_error') return normalized(Math.sqrt(errors.squared), high - low);
  if (name === 'normalized_mean_absolute_error') return normalized(errors.absolute, high - low);
  if (name === 'r2_score') return Math.max(-1, share(errors.squared, errors.targetVariance));
  const value = regressionMetrics(result)[name];
  if (value === undefined) throw new MalachiteError('InvalidInput', `There is no regression metric "${name}".`);
  return value;
}

type ErrorSums = { absolute: number; squared: number; residualVariance: number; targetVariance: number };

/** Weighted means of |error| and error², and the weighted variances of error and target. */
function errorSums({ trueValues, predictions, weights }: RegressionResult): ErrorSums {
  const count = trueValues.length;
  let total = 0;
  let absolute = 0;
  let squared = 0;
  let residualSum = 0;
  let targetSum = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    const residual = trueValues[i]! - predictions[i]!;
    total += weight;
    absolute += weight * Math.abs(residual);
    squared += weight * residual * residual;
    residualSum += weight * residual;
    targetSum += weight * trueValues[i]!;
  }
  const residualMean = residualSum / total;
  const [low, high] = rangeOf(trueValues);
  const targetMean = low === high ? low : targetSum / total; // the sum of equal numbers is not exact, their mean is
  let residualVariance = 0;
  let targetVariance = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    residualVariance += weight * (trueValues[i]! - predictions[i]! - residualMean) ** 2;
    targetVariance += weight * (trueValues[i]! - targetMean) ** 2;
  }
  return {
    absolute: absolute / total,
    squared: squared / total,
    residualVariance: residualVariance / total,
    targetVariance: targetVariance / total,
  };
}

/** 1 − unexplained / whole, as scikit-learn defines it for a constant target: 1 when nothing is left, else 0. */
function share(unexplained: number, whole: number): number {
  if (whole === 0) return unexplained === 0 ? 1 : 0;
  return 1 - unexplained / whole;
}

/** Error over range, at most 1; over no range at all an error is 1 and no error 0. */
function normalized(error: number, range: number): number {
  if (error === 0) return 0;
  return range <= 0 ? 1 : Math.min(1, error / range);
}

/** Mean of |error / true value| in percent, over the rows whose true value is not 0; null when there is none. */
function absolutePercentageError({ trueValues, predictions }: RegressionResult): number | null {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < trueValues.length; i++) {
    if (trueValues[i] === 0) continue;
    sum += Math.abs((trueValues[i]! - predictions[i]!) / trueValues[i]!);
    count++;
  }
  return count === 0 ? null : (100 * sum) / count;
}

function medianAbsoluteError({ trueValues, predictions }: RegressionResult): number {
  const count = trueValues.length;
  const errors = new Float64Array(count);
  for (let i = 0; i < count; i++) errors[i] = Math.abs(trueValues[i]! - predictions[i]!);
  errors.sort();
  return (errors[(count - 1) >> 1]! + errors[count >> 1]!) / 2;
}

/** √ of the mean squared difference of ln(1 + x); null when a true or predicted value is below 0. */
function rootMeanSquaredLogError({ trueValues, predictions, weights }: RegressionResult): number | null {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < trueValues.length; i++) {
    if (trueValues[i]! < 0 || predictions[i]! < 0) return null;
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * (Math.log1p(trueValues[i]!) - Math.log1p(predictions[i]!)) ** 2;
    total += weight;
  }
  return Math.sqrt(sum / total);
}

function spearmanCorrelation({ trueValues, predictions }: RegressionResult): number {
  return correlation(averageRanks(trueValues), averageRanks(predictions)) ?? -1;
}

function rangeOf(values: Float64Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
