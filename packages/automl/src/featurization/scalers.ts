/**
 * Scalers under Azure ML's names: `(value - offset) * scale` for every number feature, in float32, here and in ONNX.
 * One-hot columns stay 0 or 1, and words what they are: they share a scale already, and brought to one deviation a rare word would
 * count as much as all else in the row.
 */
import type { EmittedFeatures, FeatureMatrix } from './features.ts';
import { sharedFloats } from './featurizer.ts';
import type { Preprocessor } from './preprocessors.ts';

export type FittedScaler = { readonly offset: Float32Array; readonly scale: Float32Array };

/** Offset and width of a feature over some rows; a width of 0 counts as 1. */
type Measure = (values: Float32Array) => { offset: number; width: number };

/** Mean 0, standard deviation 1. */
export const standardScaler = scalerOf('StandardScalerWrapper', (values) => {
  const mean = sum(values, (value) => value) / values.length;
  return { offset: mean, width: Math.sqrt(sum(values, (value) => (value - mean) ** 2) / values.length) };
});

/** Largest magnitude 1, zero kept. */
export const maxAbsScaler = scalerOf('MaxAbsScaler', (values) => ({
  offset: 0,
  width: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
}));

/** From 0 to 1. */
export const minMaxScaler = scalerOf('MinMaxScaler', (values) => {
  const lowest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return { offset: lowest, width: highest - lowest };
});

/** Median 0, interquartile range 1. */
export const robustScaler = scalerOf('RobustScaler', (values) => {
  const sorted = values.slice().sort();
  return { offset: quantile(sorted, 0.5), width: quantile(sorted, 0.75) - quantile(sorted, 0.25) };
});

function scalerOf(name: string, measure: Measure): Preprocessor<FittedScaler> {
  return {
    name,

    fit(matrix, rows) {
      const gathered = new Float32Array(rows.length);
      const found = matrix.numeric.map(({ values, isOnCommonScale }) => {
        if (isOnCommonScale) return { offset: 0, width: 1 };
        for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i] as number] as number;
        return measure(gathered);
      });
      return {
        offset: Float32Array.from(found, ({ offset }) => offset),
        scale: Float32Array.from(found, ({ width }) => (width > 0 && Number.isFinite(width) ? 1 / width : 1)),
      };
    },

    transform({ offset, scale }, matrix): FeatureMatrix {
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
    },

    emit({ offset, scale }, graph, features): EmittedFeatures {
      if (features.numeric === undefined) return features;
      const shifted = graph.node('Sub', [features.numeric, graph.constant(offset, [1, offset.length])]);
      return { ...features, numeric: graph.node('Mul', [shifted, graph.constant(scale, [1, scale.length])]) };
    },
  };
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
