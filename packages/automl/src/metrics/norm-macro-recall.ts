/** Macro recall rescaled so that guessing is 0 and perfection 1. */

import { confusionMatrix } from './confusion.ts';
import { type ClassificationResult, occurringClasses } from './predictions.ts';

/**
 * (mean recall − 1/C) / (1 − 1/C), not below 0, over the C classes that truly occur. A class that does not occur cannot be
 * predicted either: its probabilities are put aside before the predicted class is chosen. With one class there is nothing to
 * normalize by: 1 when two classes were possible and all rows are right, else 0.
 */
export function normMacroRecall(result: ClassificationResult): number {
  const { cells, trueCounts, hitCounts, classCount } = confusionMatrix(onlyClasses(result, occurringClasses(result)));
  const present = trueCounts.filter((count) => count > 0).length;
  if (present === 1) return classCount === 2 && hitCounts[0]! + hitCounts[1]! === result.trueClasses.length ? 1 : 0;
  let recalls = 0;
  for (let k = 0; k < classCount; k++) {
    const actual = cells.subarray(k * classCount, (k + 1) * classCount).reduce((a, b) => a + b, 0);
    if (actual > 0) recalls += cells[k * classCount + k]! / actual;
  }
  const guessing = 1 / present;
  return Math.max(0, (recalls / present - guessing) / (1 - guessing));
}

/** The same rows with the probabilities of these classes only, numbered anew. */
function onlyClasses(result: ClassificationResult, classes: readonly number[]): ClassificationResult {
  if (classes.length === result.classCount) return result;
  const rows = result.trueClasses.length;
  const probabilities = new Float64Array(rows * classes.length);
  for (let row = 0, to = 0; row < rows; row++) {
    for (const k of classes) probabilities[to++] = result.probabilities[row * result.classCount + k]!;
  }
  return {
    classCount: classes.length,
    trueClasses: result.trueClasses.map((k) => classes.indexOf(k)),
    probabilities,
    weights: result.weights,
  };
}
