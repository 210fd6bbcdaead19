/** Chart data of Azure's `accuracy_table`: from it the studio draws ROC, precision-recall, lift and gain curves. */

import type { ClassificationResult } from '../metrics/predictions.ts';
import { evenlySpaced, quantiles } from './rounding.ts';

/** [true positives, false positives, true negatives, false negatives] */
export type BinaryCounts = readonly [number, number, number, number];

export type AccuracyTable = {
  readonly schema_type: 'accuracy_table';
  readonly schema_version: '1.0.1';
  readonly data: {
    readonly class_labels: readonly string[];
    /** For each class, its counts at each of `probability_thresholds`. A row is predicted positive at or above the threshold. */
    readonly probability_tables: readonly (readonly BinaryCounts[])[];
    /** For each class, its counts at each of `percentile_thresholds`. */
    readonly percentile_tables: readonly (readonly BinaryCounts[])[];
    /** 100 thresholds from 0 to 1. */
    readonly probability_thresholds: readonly number[];
    /** 100 thresholds that part all predicted probabilities evenly. */
    readonly percentile_thresholds: readonly number[];
  };
};

const thresholdCount = 100;

/** The `accuracy_table` artifact. It counts rows: sample weights do not enter, as in Azure's. `classLabels` has K labels. */
export function accuracyTable(result: ClassificationResult, classLabels: readonly string[]): AccuracyTable {
  const steps = evenlySpaced(0, 1, thresholdCount);
  const percentages = evenlySpaced(0, 100, thresholdCount);
  const percentiles = quantiles(
    Float64Array.from(result.probabilities).sort(),
    percentages.map((percentage) => percentage / 100),
  );
  const sorted = classLabels.map((_, k) => splitByTruth(result, k));
  return {
    schema_type: 'accuracy_table',
    schema_version: '1.0.1',
    data: {
      class_labels: classLabels,
      probability_tables: sorted.map((scores) => countsAt(scores, steps)),
      percentile_tables: sorted.map((scores) => countsAt(scores, percentiles)),
      probability_thresholds: steps,
      percentile_thresholds: percentiles,
    },
  };
}

/**
 * The table of all folds together, as Azure joins them: counts are summed, and the percentiles, each fold's own, are averaged.
 *
 * @param tables At least one, of the same classes.
 */
export function joinedAccuracyTables(tables: readonly AccuracyTable[]): AccuracyTable {
  const [first, ...others] = tables as readonly [AccuracyTable, ...AccuracyTable[]];
  if (others.length === 0) return first;
  const summed = (of: (table: AccuracyTable) => readonly (readonly BinaryCounts[])[]): BinaryCounts[][] =>
    of(first).map((counts, k) => counts.map((_, at) => sumOf(tables.map((table) => of(table)[k]?.[at] as BinaryCounts))));
  const percentiles = first.data.percentile_thresholds.map(
    (_, at) => tables.reduce((sum, { data }) => sum + (data.percentile_thresholds[at] as number), 0) / tables.length,
  );
  return {
    ...first,
    data: {
      ...first.data,
      probability_tables: summed(({ data }) => data.probability_tables),
      percentile_tables: summed(({ data }) => data.percentile_tables),
      percentile_thresholds: percentiles,
    },
  };
}

function sumOf(counts: readonly BinaryCounts[]): BinaryCounts {
  return counts.reduce(([a, b, c, d], [e, f, g, h]) => [a + e, b + f, c + g, d + h]);
}

/** Ascending scores of class k among the rows that are of it and those that are not. */
function splitByTruth(result: ClassificationResult, k: number): { positives: Float64Array; negatives: Float64Array } {
  const { classCount, trueClasses, probabilities } = result;
  const positives = new Float64Array(trueClasses.length);
  const negatives = new Float64Array(trueClasses.length);
  let hits = 0;
  let misses = 0;
  for (let row = 0; row < trueClasses.length; row++) {
    const score = probabilities[row * classCount + k]!;
    if (trueClasses[row] === k) positives[hits++] = score;
    else negatives[misses++] = score;
  }
  return { positives: positives.subarray(0, hits).sort(), negatives: negatives.subarray(0, misses).sort() };
}

/** Counts at ascending thresholds, in one walk over the sorted scores. */
function countsAt(scores: { positives: Float64Array; negatives: Float64Array }, thresholds: readonly number[]): BinaryCounts[] {
  const { positives, negatives } = scores;
  let falseNegatives = 0;
  let trueNegatives = 0;
  return thresholds.map((threshold) => {
    while (falseNegatives < positives.length && positives[falseNegatives]! < threshold) falseNegatives++;
    while (trueNegatives < negatives.length && negatives[trueNegatives]! < threshold) trueNegatives++;
    return [positives.length - falseNegatives, negatives.length - trueNegatives, trueNegatives, falseNegatives];
  });
}
