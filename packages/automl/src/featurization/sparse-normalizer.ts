/** Every row divided by its length (L2 norm), one-hot columns counted: Azure ML's SparseNormalizer. */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import { designWidth, type EmittedFeatures, type FeatureMatrix, type NumericFeature } from './features.ts';
import { sharedFloats } from './featurizer.ts';
import type { Preprocessor } from './preprocessors.ts';
import { emitRowLengths } from './row-lengths.ts';

export type FittedNormalizer = { readonly categorySizes: readonly number[] };

/** Numbers that one-hot columns may become: they are not 0 or 1 any more, so each takes its room. */
const MOST_VALUES = 64_000_000;

export const sparseNormalizer: Preprocessor<FittedNormalizer> = {
  name: 'SparseNormalizer',

  fit(matrix) {
    return { categorySizes: matrix.categorical.map(({ labels }) => labels.length) };
  },

  transform(_fitted, matrix): FeatureMatrix {
    const { rowCount } = matrix;
    const width = designWidth(matrix);
    if (width * rowCount > MOST_VALUES) {
      throw new MalachiteError(
        'NotSupported',
        `SparseNormalizer makes ${width} numbers of each of ${rowCount} rows, more than memory should be taken for. Use a scaler.`,
      );
    }
    const inverse = new Float64Array(rowCount);
    for (const { values } of matrix.numeric) {
      for (let row = 0; row < rowCount; row++) inverse[row] = (inverse[row] as number) + (values[row] as number) ** 2;
    }
    for (const { codes } of matrix.categorical) {
      for (let row = 0; row < rowCount; row++) if ((codes[row] as number) > 0) inverse[row] = (inverse[row] as number) + 1;
    }
    for (let row = 0; row < rowCount; row++) inverse[row] = 1 / Math.sqrt((inverse[row] as number) || 1);
    const numeric: NumericFeature[] = matrix.numeric.map((feature) => {
      const values = sharedFloats(rowCount);
      for (let row = 0; row < rowCount; row++) values[row] = (feature.values[row] as number) * (inverse[row] as number);
      return { ...feature, values };
    });
    for (const { name, raw, codes, labels } of matrix.categorical) {
      const columns = labels.map(() => sharedFloats(rowCount));
      for (let row = 0; row < rowCount; row++) {
        const code = codes[row] as number;
        if (code > 0) (columns[code - 1] as Float32Array)[row] = inverse[row] as number;
      }
      for (const [i, values] of columns.entries()) numeric.push({ name: `${name}_${i}`, raw, values });
    }
    return { rowCount, numeric, categorical: [] };
  },

  emit({ categorySizes }, graph: GraphBuilder, { numeric, categorical }: EmittedFeatures): EmittedFeatures {
    const oneHot = categorical.map((codes, c) => {
      const size = categorySizes[c] as number;
      const rows = new Float64Array((size + 1) * size);
      for (let code = 1; code <= size; code++) rows[code * size + code - 1] = 1;
      const looked = graph.node('Gather', [graph.constant(rows, [size + 1, size]), codes], { axis: 0 });
      return graph.node('Squeeze', [looked, graph.constant(BigInt64Array.of(1n))]);
    });
    const parts = [...(numeric === undefined ? [] : [graph.node('Cast', [numeric], { to: 11 })]), ...oneHot];
    const whole = parts.length === 1 ? (parts[0] as string) : graph.node('Concat', parts, { axis: 1 });
    const length = emitRowLengths(graph, whole);
    const isZero = graph.node('Equal', [length, graph.constant(Float64Array.of(0), [1])]);
    const divisor = graph.node('Where', [isZero, graph.constant(Float64Array.of(1), [1]), length]);
    return { numeric: graph.node('Cast', [graph.node('Div', [whole, divisor])], { to: 1 }), categorical: [] };
  },
};
