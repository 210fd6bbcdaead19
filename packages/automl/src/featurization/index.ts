export { type DateOrder, datePartNames, dateParts } from './dates.ts';
export type { CategoricalFeature, EmittedFeatures, FeatureMatrix, NumericFeature } from './features.ts';
export {
  emitFeatures,
  type FeaturizationInput,
  type FittedFeaturization,
  fitFeaturization,
  transformFeatures,
} from './featurization.ts';
export type { ColumnPlan, ColumnPurpose, Family, FeaturizerName, Purpose } from './plan.ts';
export { preprocessorNames } from './preprocessors.ts';
export { describeRawColumns, MISSING_INT64, type RawColumn } from './raw-inputs.ts';
export { type RequestedFeaturization, type RequestedPurpose, requestedFeaturization } from './requested.ts';
export { type FeaturizationSummaryRow, featurizationSummary } from './summary.ts';
