/** All classification metrics of a trial, or one of them. */

import { MalachiteError } from '@malachite/core';
import { confusionMatrix, confusionMetrics } from './confusion.ts';
import { logLoss } from './log-loss.ts';
import { normMacroRecall } from './norm-macro-recall.ts';
import { type ClassificationResult, checkClassificationResult, positiveClassOf } from './predictions.ts';
import { aucWeighted, averagePrecisionWeighted, rankingMetrics } from './ranking.ts';

/**
 * The 26 scalars that Azure reports, equal to those of `azureml-metrics` 0.0.91; null where a metric is not defined.
 *
 * @throws InvalidInput for arrays that do not belong together, no rows, values that are no numbers.
 */
export function classificationMetrics(result: ClassificationResult): Record<string, number | null> {
  checkClassificationResult(result);
  return {
    ...rankingMetrics(result),
    ...confusionMetrics(confusionMatrix(result), positiveClassOf(result)),
    log_loss: logLoss(result),
    norm_macro_recall: normMacroRecall(result),
  };
}

/** One metric without the cost of the others, unchecked: for loops that measure hundreds of blends or permutations. */
export function classificationMetric(name: string, result: ClassificationResult): number | null {
  if (name === 'AUC_weighted') return aucWeighted(result);
  if (name === 'average_precision_score_weighted') return averagePrecisionWeighted(result);
  if (name === 'log_loss') return logLoss(result);
  if (name === 'norm_macro_recall') return normMacroRecall(result);
  const metrics = /^(AUC|average_precision)/.test(name)
    ? rankingMetrics(result)
    : confusionMetrics(confusionMatrix(result), positiveClassOf(result));
  const value = metrics[name];
  if (value === undefined) throw new MalachiteError('InvalidInput', `There is no classification metric "${name}".`);
  return value;
}
