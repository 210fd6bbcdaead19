/** Chart data of the confusion matrix, as Azure stores it with a run. */

import { confusionMatrix } from '../metrics/confusion.ts';
import type { ClassificationResult } from '../metrics/predictions.ts';

export type ConfusionMatrixChart = {
  readonly schema_type: 'confusion_matrix';
  readonly schema_version: '1.0.0';
  /** `matrix[i][j]`: (weighted) rows of class i that were predicted as class j. */
  readonly data: { readonly class_labels: readonly string[]; readonly matrix: readonly (readonly number[])[] };
};

/** The `confusion_matrix` artifact; `classLabels` has K labels in class order. */
export function confusionMatrixChart(result: ClassificationResult, classLabels: readonly string[]): ConfusionMatrixChart {
  const { cells, classCount } = confusionMatrix(result);
  const matrix = classLabels.map((_, k) => Array.from(cells.subarray(k * classCount, (k + 1) * classCount)));
  return { schema_type: 'confusion_matrix', schema_version: '1.0.0', data: { class_labels: classLabels, matrix } };
}
