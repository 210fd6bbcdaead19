/**
 * What a learner sees: engineered features, column by column, as float32 numbers and category codes.
 *
 * Everything is rounded to float32 before a learner sees it, because the exported ONNX graph computes in float32: a
 * threshold found in training then separates exactly the same rows in ONNX Runtime.
 */

/** A number feature: one float32 a row; NaN is missing (only learners that route missing values get any). */
export type NumericFeature = {
  /** Engineered name in Azure ML's form, e.g. `age_MeanImputer`. */
  readonly name: string;
  /** The raw column it comes from. */
  readonly raw: string;
  readonly values: Float32Array;
  /** True for one of many features that have one scale in common, as the words of a text: scalers leave it alone. */
  readonly isOnCommonScale?: boolean;
};

/**
 * A category feature. Trees split on sets of codes; linear models read it as a one-hot block of `labels.length` columns.
 * Code 0 is a value that training did not know: in no set, in no one-hot column. Code `c` >= 1 is `labels[c - 1]`.
 */
export type CategoricalFeature = {
  readonly name: string;
  readonly raw: string;
  readonly codes: Int32Array;
  readonly labels: readonly string[];
};

/** Features of `rowCount` rows, numbers first: feature `j` is `numeric[j]`, or `categorical[j - numeric.length]`. */
export type FeatureMatrix = {
  readonly rowCount: number;
  readonly numeric: readonly NumericFeature[];
  readonly categorical: readonly CategoricalFeature[];
};

/** The same features as values of an ONNX graph. */
export type EmittedFeatures = {
  /** float [n, numeric.length]; undefined when there are no numbers. */
  readonly numeric: string | undefined;
  /** int64 [n, 1] codes, one a category feature. */
  readonly categorical: readonly string[];
};

/** Number of columns a linear model sees: numbers, then one column a known category. */
export function designWidth(matrix: Pick<FeatureMatrix, 'numeric' | 'categorical'>): number {
  return matrix.categorical.reduce((width, feature) => width + feature.labels.length, matrix.numeric.length);
}
