/** What stands between features and a linear learner, under Azure ML's names: `fit`, `transform`, `emit`, as every featurizer. */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures, FeatureMatrix } from './features.ts';
import { pca, truncatedSvd } from './projection.ts';
import { maxAbsScaler, minMaxScaler, robustScaler, standardScaler } from './scalers.ts';
import { sparseNormalizer } from './sparse-normalizer.ts';

export type Preprocessor<Fitted> = {
  /** Azure ML's name. */
  readonly name: string;
  /** Learns from `rows`. Plain data that can be posted to a thread. @param shouldStop true ends it with what there is. */
  fit(matrix: FeatureMatrix, rows: Int32Array, shouldStop: () => boolean): Fitted;
  transform(fitted: Fitted, matrix: FeatureMatrix): FeatureMatrix;
  /** The same computation as nodes of an ONNX graph. */
  emit(fitted: Fitted, graph: GraphBuilder, features: EmittedFeatures): EmittedFeatures;
};

const preprocessors: readonly Preprocessor<unknown>[] = [
  standardScaler,
  maxAbsScaler,
  minMaxScaler,
  robustScaler,
  sparseNormalizer,
  truncatedSvd,
  pca,
] as readonly Preprocessor<unknown>[];

export const preprocessorNames: readonly string[] = preprocessors.map(({ name }) => name);

export type FittedPreprocessor = { readonly name: string; readonly fitted: unknown };

/** @throws MalachiteError `NotSupported` for a name that is no preprocessor of ours. */
export function fitPreprocessor(
  name: string,
  matrix: FeatureMatrix,
  rows: Int32Array,
  shouldStop: () => boolean = () => false,
): FittedPreprocessor {
  return { name, fitted: requirePreprocessor(name).fit(matrix, rows, shouldStop) };
}

export function transformPreprocessed({ name, fitted }: FittedPreprocessor, matrix: FeatureMatrix): FeatureMatrix {
  return requirePreprocessor(name).transform(fitted, matrix);
}

export function emitPreprocessed(
  { name, fitted }: FittedPreprocessor,
  graph: GraphBuilder,
  features: EmittedFeatures,
): EmittedFeatures {
  return requirePreprocessor(name).emit(fitted, graph, features);
}

function requirePreprocessor(name: string): Preprocessor<unknown> {
  const preprocessor = preprocessors.find((candidate) => candidate.name === name);
  if (preprocessor !== undefined) return preprocessor;
  throw new MalachiteError(
    'NotSupported',
    `Preprocessor "${name}" is not supported. Supported: ${preprocessorNames.join(', ')}.`,
  );
}
