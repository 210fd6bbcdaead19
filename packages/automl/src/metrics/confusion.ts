/** The metrics that need only predicted labels: all of them follow from the confusion matrix. */

import { type ClassificationResult, predictedClasses } from './predictions.ts';

/** K × K weights (counts without sample weights), rows are true classes, columns predicted ones. */
export type ConfusionMatrix = {
  readonly classCount: number;
  readonly cells: Float64Array;
  /** K row counts without sample weights: how often each class truly occurs. */
  readonly trueCounts: Int32Array;
  /** K counts without sample weights of the rows of each class that were predicted right. */
  readonly hitCounts: Int32Array;
  /** K flags: the class occurs among the true or the predicted ones. */
  readonly occurs: Uint8Array;
};

/** Counts true against predicted classes. */
export function confusionMatrix(result: ClassificationResult): ConfusionMatrix {
  const { classCount, trueClasses, probabilities, weights } = result;
  const predicted = predictedClasses(probabilities, classCount);
  const cells = new Float64Array(classCount * classCount);
  const trueCounts = new Int32Array(classCount);
  const hitCounts = new Int32Array(classCount);
  const occurs = new Uint8Array(classCount);
  for (let row = 0; row < trueClasses.length; row++) {
    const truth = trueClasses[row]!;
    const guess = predicted[row]!;
    cells[truth * classCount + guess]! += weights === undefined ? 1 : weights[row]!;
    trueCounts[truth]!++;
    if (truth === guess) hitCounts[truth]!++;
    occurs[truth] = 1;
    occurs[guess] = 1;
  }
  return { classCount, cells, trueCounts, hitCounts, occurs };
}

/** What is known of one class: its weight among the true and the predicted ones, and how often both agree. */
type ClassTally = { k: number; hits: number; actual: number; predicted: number };

function tallies({ classCount, cells }: ConfusionMatrix): ClassTally[] {
  return Array.from({ length: classCount }, (_, k) => {
    let actual = 0;
    let predicted = 0;
    for (let other = 0; other < classCount; other++) {
      actual += cells[k * classCount + other]!;
      predicted += cells[other * classCount + k]!;
    }
    return { k, hits: cells[k * classCount + k]!, actual, predicted };
  });
}

/** 0/0 counts as 0, as in scikit-learn's `zero_division=0`. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

const scores = {
  precision: ({ hits, predicted }: ClassTally) => ratio(hits, predicted),
  recall: ({ hits, actual }: ClassTally) => ratio(hits, actual),
  f1: ({ hits, actual, predicted }: ClassTally) => ratio(2 * hits, actual + predicted),
};

/**
 * Accuracy, precision, recall, F1 (macro, micro, weighted, binary), balanced and weighted accuracy and
 * Matthews correlation. Macro averages are over the classes that occur among the true or the predicted ones.
 *
 * @param positiveClass The class of the binary ones; null without it.
 */
export function confusionMetrics(matrix: ConfusionMatrix, positiveClass?: number): Record<string, number | null> {
  const classes = tallies(matrix);
  const occurring = classes.filter(({ k }) => matrix.occurs[k] === 1);
  const total = sum(classes.map(({ actual }) => actual));
  const accuracy = ratio(sum(classes.map(({ hits }) => hits)), total);
  const metrics: Record<string, number | null> = {
    accuracy,
    balanced_accuracy: average(occurring.map(scores.recall)),
    weighted_accuracy: weightedAccuracy(matrix),
    matthews_correlation: matthewsCorrelation(classes, total),
  };
  for (const [name, score] of Object.entries(scores)) {
    const values = occurring.map(score);
    metrics[`${name}_score_macro`] = average(values);
    metrics[`${name}_score_micro`] = accuracy;
    metrics[`${name}_score_weighted`] = sum(values.map((value, i) => (value * occurring[i]!.actual) / total));
    metrics[`${name}_score_binary`] = positiveClass === undefined ? null : score(classes[positiveClass]!);
  }
  return metrics;
}

/** Accuracy where each row counts as much as its true class has rows; sample weights do not enter. */
function weightedAccuracy({ classCount, trueCounts, hitCounts }: ConfusionMatrix): number {
  let hits = 0;
  let total = 0;
  for (let k = 0; k < classCount; k++) {
    hits += hitCounts[k]! * trueCounts[k]!;
    total += trueCounts[k]! * trueCounts[k]!;
  }
  return hits / total;
}

/** Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004. 0 when undefined. */
function matthewsCorrelation(classes: readonly ClassTally[], total: number): number {
  const hits = sum(classes.map((tally) => tally.hits));
  const covariance = hits * total - sum(classes.map(({ actual, predicted }) => actual * predicted));
  const actualSpread = total * total - sum(classes.map(({ actual }) => actual * actual));
  const predictedSpread = total * total - sum(classes.map(({ predicted }) => predicted * predicted));
  const spread = actualSpread * predictedSpread;
  return spread <= 0 ? 0 : covariance / Math.sqrt(spread);
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}
