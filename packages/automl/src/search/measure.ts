/**
 * Metrics and charts of predictions for the validation rows. Metrics are the mean over the folds and charts take all rows
 * together, as Azure does.
 */
import type { Metrics } from '@malachite/core';
import {
  accuracyTable,
  calibrationCurves,
  classificationCurves,
  confusionMatrixChart,
  joinedAccuracyTables,
  moments,
  predictedTrueChart,
  residualsChart,
} from '../charts/index.ts';
import type { Truth } from '../ensemble/index.ts';
import type { Target } from '../learners/learner.ts';
import { classificationMetrics } from '../metrics/classification.ts';
import { isBetter, metricNamed } from '../metrics/metric-list.ts';
import { regressionMetrics } from '../metrics/regression.ts';
import { labelText } from '../pipeline/index.ts';
import type { Problem } from './problem.ts';
import { resampledScores } from './resampled-scores.ts';
import { cutAtFolds, meanScore, rowScore, truthOf } from './row-score.ts';

export type Measured = {
  readonly metrics: Metrics;
  /** The primary metric with one group of validation rows left out at a time: see `resampled-scores.ts`. */
  readonly resampledScores: Float64Array;
  readonly charts: Record<string, unknown>;
};

/** @param predictions For the validation rows in fold order: row-major n x classes, or n. */
export function measure(problem: Problem, predictions: Float64Array): Measured {
  const parts = cutAtFolds(problem, predictions);
  const folds = problem.validation.folds.map(({ validation }, fold) => ({
    truth: truthOf(problem, validation),
    predictions: parts[fold] as Float64Array,
  }));
  return {
    metrics: meanOf(folds.map(metricsOf)),
    resampledScores: resampledScores(problem, predictions),
    charts: chartsOf(problem, predictions, folds),
  };
}

/** A function from predictions for the validation rows (in fold order) to the primary metric, higher for better; folds where it is not defined do not count. */
export function validationScore(problem: Problem): (predictions: Float64Array) => number {
  const scores = problem.validation.folds.map((fold) => rowScore(problem, fold.validation));
  return (predictions) => {
    const parts = cutAtFolds(problem, predictions);
    return meanScore(scores.map((score, fold) => score(parts[fold] as Float64Array)));
  };
}

/** The validation rows in fold order. */
export function validationRows({ validation }: Problem): Int32Array {
  return Int32Array.from(validation.folds.flatMap((fold) => Array.from(fold.validation)));
}

/** Some rows, and what is true of them. */
export function targetOf(
  { target, weights }: Problem,
  rows: Int32Array,
): { readonly rows: Int32Array; readonly target: Target; readonly weights?: Float64Array } {
  const own = weights && { weights: Float64Array.from(rows, (row) => weights[row] as number) };
  if (target.task === 'regression')
    return { rows, target: { task: 'regression', y: Float64Array.from(rows, (row) => target.y[row] as number) }, ...own };
  return { rows, target: { ...target, y: Int32Array.from(rows, (row) => target.y[row] as number) }, ...own };
}

/** Whether `a` is the better value of the primary metric. */
export function betterScore({
  target,
  primaryMetric,
}: Pick<Problem, 'target' | 'primaryMetric'>): (a: number, b: number) => boolean {
  const metric = metricNamed(target.task, primaryMetric);
  if (!metric) throw new Error(`There is no ${target.task} metric "${primaryMetric}".`);
  return (a, b) => isBetter(metric, a, b);
}

type Judged = { readonly truth: Truth; readonly predictions: Float64Array };

function metricsOf({ truth, predictions }: Judged): Metrics {
  return truth.task === 'classification'
    ? classificationMetrics({ ...truth, probabilities: predictions })
    : regressionMetrics({ ...truth, predictions });
}

/** A metric that is not defined on some fold is the mean over the others. */
function meanOf(folds: readonly Metrics[]): Metrics {
  return Object.fromEntries(
    Object.keys(folds[0] ?? {}).map((name) => {
      const values = folds.map((fold) => fold[name]).filter((value) => typeof value === 'number');
      return [name, values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}

/**
 * Azure's artifacts by their names, and the curves that Azure's studio derives from them. Of repeated folds they take the first round:
 * each row is counted once.
 */
function chartsOf(problem: Problem, predictions: Float64Array, folds: readonly Judged[]): Record<string, unknown> {
  const { target, validation } = problem;
  const once = folds.slice(0, validation.foldsOfRepeat);
  const rows = validation.folds.slice(0, once.length).map((fold) => fold.validation);
  const truth = truthOf(problem, Int32Array.from(rows.flatMap((some) => Array.from(some))));
  const every = predictions.subarray(
    0,
    once.reduce((cells, part) => cells + part.predictions.length, 0),
  );
  if (truth.task === 'regression') {
    const result = { ...truth, predictions: every };
    const y = target.y as Float64Array;
    return {
      residuals: residualsChart(result, moments(y).deviation),
      predicted_true: predictedTrueChart(result, { rows: rows[0]?.length, target: y }),
    };
  }
  const result = { ...truth, probabilities: every };
  const labels = target.task === 'classification' ? target.classes.map(labelText) : [];
  const tables = once.flatMap((part) =>
    part.truth.task === 'classification' ? [accuracyTable({ ...part.truth, probabilities: part.predictions }, labels)] : [],
  );
  return {
    accuracy_table: joinedAccuracyTables(tables),
    confusion_matrix: confusionMatrixChart(result, labels),
    'charts/curves.json': classificationCurves(result, labels),
    'charts/calibration.json': calibrationCurves(result, labels),
  };
}
