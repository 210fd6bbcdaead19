/**
 * Every metric that Azure AutoML reports, under Azure's names: what is better, what values it can take, and whether a search may
 * be steered by it. Values are computed in `classification.ts` and `regression.ts`.
 */

export type Task = 'classification' | 'regression';

export type MetricInfo = {
  readonly name: string;
  readonly task: Task;
  readonly direction: 'maximize' | 'minimize';
  /** Smallest and largest possible value, both inclusive. */
  readonly range: readonly [number, number];
  /** True for the metrics that Azure takes as `primary_metric`. */
  readonly primary: boolean;
};

const infinity = Number.POSITIVE_INFINITY;

function higher(task: Task, name: string, primary = false, range: readonly [number, number] = [0, 1]): MetricInfo {
  return { name, task, direction: 'maximize', range, primary };
}

function lower(task: Task, name: string, primary = false, range: readonly [number, number] = [0, infinity]): MetricInfo {
  return { name, task, direction: 'minimize', range, primary };
}

/** The 26 scalars of a classification trial. Those that end in `_binary` are only defined for two classes, or where one of more is said to be the positive one. */
export const classificationMetricList: readonly MetricInfo[] = [
  higher('classification', 'AUC_binary'),
  higher('classification', 'AUC_macro'),
  higher('classification', 'AUC_micro'),
  higher('classification', 'AUC_weighted', true),
  higher('classification', 'accuracy', true),
  higher('classification', 'average_precision_score_binary'),
  higher('classification', 'average_precision_score_macro'),
  higher('classification', 'average_precision_score_micro'),
  higher('classification', 'average_precision_score_weighted', true),
  higher('classification', 'balanced_accuracy'),
  higher('classification', 'f1_score_binary'),
  higher('classification', 'f1_score_macro'),
  higher('classification', 'f1_score_micro'),
  higher('classification', 'f1_score_weighted'),
  lower('classification', 'log_loss'),
  higher('classification', 'matthews_correlation', false, [-1, 1]),
  higher('classification', 'norm_macro_recall', true),
  higher('classification', 'precision_score_binary'),
  higher('classification', 'precision_score_macro'),
  higher('classification', 'precision_score_micro'),
  higher('classification', 'precision_score_weighted', true),
  higher('classification', 'recall_score_binary'),
  higher('classification', 'recall_score_macro'),
  higher('classification', 'recall_score_micro'),
  higher('classification', 'recall_score_weighted'),
  higher('classification', 'weighted_accuracy'),
];

/** The 12 scalars of a regression trial. */
export const regressionMetricList: readonly MetricInfo[] = [
  higher('regression', 'explained_variance', false, [-infinity, 1]),
  lower('regression', 'mean_absolute_error'),
  lower('regression', 'mean_absolute_percentage_error'),
  lower('regression', 'median_absolute_error'),
  lower('regression', 'normalized_mean_absolute_error', true, [0, 1]),
  lower('regression', 'normalized_median_absolute_error', false, [0, 1]),
  lower('regression', 'normalized_root_mean_squared_error', true, [0, 1]),
  lower('regression', 'normalized_root_mean_squared_log_error', false, [0, 1]),
  higher('regression', 'r2_score', true, [-1, 1]),
  lower('regression', 'root_mean_squared_error'),
  lower('regression', 'root_mean_squared_log_error'),
  higher('regression', 'spearman_correlation', true, [-1, 1]),
];

/** The metric of that name for that task, or undefined. */
export function metricNamed(task: Task, name: string): MetricInfo | undefined {
  return metricsOf(task).find((metric) => metric.name === name);
}

/** All metrics of a task. */
export function metricsOf(task: Task): readonly MetricInfo[] {
  return task === 'classification' ? classificationMetricList : regressionMetricList;
}

/** True when `candidate` is strictly better than `incumbent`; a missing value (null, NaN) is worse than any number. */
export function isBetter(metric: MetricInfo, candidate: number | null, incumbent: number | null): boolean {
  if (candidate === null || Number.isNaN(candidate)) return false;
  if (incumbent === null || Number.isNaN(incumbent)) return true;
  return metric.direction === 'maximize' ? candidate > incumbent : candidate < incumbent;
}
