export { classificationMetric, classificationMetrics } from './classification.ts';
export { isBetter, type MetricInfo, metricNamed, metricsOf } from './metric-list.ts';
export { type ClassificationResult, predictedClasses, type RegressionResult } from './predictions.ts';
export { regressionMetric, regressionMetrics } from './regression.ts';
