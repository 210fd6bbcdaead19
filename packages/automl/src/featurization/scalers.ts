/**
 * Scalers under Azure ML's names: `(value - offset) * scale` for every number feature, in float32, here and in ONNX.
 * One-hot columns stay 0 or 1: they share a scale already, and shifting them would undo their sparsity.
 */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures, FeatureMatrix } from './features.ts';
import { sharedFloats } from './featurizer.ts';

export type FittedScaler = { readonly name: ScalerName; readonly offset: Float32Array; readonly scale: Float32Array };

/** Offset and width of a feature over some rows; a width of 0 counts as 1. */
type Measure = (values: Float32Array) => { offset: number; width: number };

const measures = {
  /** Mean 0, standard deviation 1. */
  StandardScalerWrapper: (values) => {
    const mean = sum(values, (value) => value) / values.length;
    return { offset: mean, width: Math.sqrt(sum(values, (value) => (value - mean) ** 2) / values.length) };
  },
  /** Largest magnitude 1, zero kept. */
  MaxAbsScaler: (values) => ({ offset: 0, width: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }),
  /** From 0 to 1. */
  MinMaxScaler: (values) => {
    const lowest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    return { offset: lowest, width: highest - lowest };
  },
  /** Median 0, interquartile range 1. */
  RobustScaler: (values) => {
    const sorted = values.slice().sort();
    return { offset: quantile(sorted, 0.5), width: quantile(sorted, 0.75) - quantile(sorted, 0.25) };
  },
} satisfies Record<string, Measure>;

export type ScalerName = keyof typeof measures;

export const scalerNames = Object.keys(measures) as readonly ScalerName[];

/** @throws MalachiteError `NotSupported` for a preprocessor that is no scaler of ours. */
export function requireScaler(name: string): ScalerName {
  const scaler = scalerNames.find((candidate) => candidate === name);
  if (scaler !== undefined) return scaler;
  throw new MalachiteError('NotSupported', `Preprocessor "${name}" is not supported. Supported: ${scalerNames.join(', ')}.`);
}

export function fitScaler(name: ScalerName, matrix: FeatureMatrix, rows: Int32Array): FittedScaler {
  const found = matrix.numeric.map(({ values }) => measures[name](Float32Array.from(rows, (row) => values[row] as number)));
  return {
    name,
    offset: Float32Array.from(found, ({ offset }) => offset),
    scale: Float32Array.from(found, ({ width }) => (width > 0 && Number.isFinite(width) ? 1 / width : 1)),
  };
}

export function transformScaled({ offset, scale }: FittedScaler, matrix: FeatureMatrix): FeatureMatrix {
  const numeric = matrix.numeric.map((feature, j) => {
    const values = sharedFloats(matrix.rowCount);
    const shift = offset[j] as number;
    const factor = scale[j] as number;
    for (let row = 0; row < values.length; row++) {
      values[row] = Math.fround(Math.fround((feature.values[row] as number) - shift) * factor);
    }
    return { ...feature, values };
  });
  return { ...matrix, numeric };
}

export function emitScaled({ offset, scale }: FittedScaler, graph: GraphBuilder, features: EmittedFeatures): EmittedFeatures {
  if (features.numeric === undefined) return features;
  const shifted = graph.node('Sub', [features.numeric, graph.constant(offset, [1, offset.length])]);
  return { ...features, numeric: graph.node('Mul', [shifted, graph.constant(scale, [1, scale.length])]) };
}

function sum(values: Float32Array, term: (value: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += term(values[i] as number);
  return total;
}

/** Linear interpolation between order statistics (numpy's default). */
function quantile(sorted: Float32Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low] as number;
  return below + (at - low) * ((sorted[Math.min(low + 1, sorted.length - 1)] as number) - below);
}
