/**
 * Few directions instead of all columns, under Azure ML's names: `PCA`, in which rows differ most (Pearson 1901), and
 * `TruncatedSVDWrapper`, the same without taking the mean off. Found by subspace iteration (Halko, Martinsson and Tropp 2011) over
 * numbers and one-hot columns alike.
 */
import type { GraphBuilder } from '@malachite/onnx';
import { designOf, multiply, multiplyTransposed } from '../learners/linear/design.ts';
import { emitLinear, type LinearModel, linearModel, predictLinear } from '../learners/linear/linear-model.ts';
import { createRandom } from '../random.ts';
import { designWidth, type EmittedFeatures, type FeatureMatrix } from './features.ts';
import { sharedFloats } from './featurizer.ts';
import type { Preprocessor } from './preprocessors.ts';

export type FittedProjection = { readonly directions: LinearModel };

const MOST_COMPONENTS = 50;
const ITERATIONS = 7;
/** Rows that the directions are found from: evenly spaced ones of a longer table. */
const SAMPLE_ROWS = 20_000;

export const pca = projectionOf('PCA', true);
export const truncatedSvd = projectionOf('TruncatedSVDWrapper', false);

function projectionOf(name: 'PCA' | 'TruncatedSVDWrapper', centred: boolean): Preprocessor<FittedProjection> {
  return {
    name,

    fit(matrix, rows, shouldStop) {
      const width = designWidth(matrix);
      const components = Math.max(1, Math.min(MOST_COMPONENTS, Math.ceil(width / 2)));
      const step = Math.max(1, rows.length / SAMPLE_ROWS);
      const sample = Int32Array.from({ length: Math.floor(rows.length / step) }, (_, i) => rows[Math.floor(i * step)] as number);
      const design = designOf(matrix, sample);
      const means = new Float64Array(width);
      if (centred) {
        multiplyTransposed(design, new Float64Array(sample.length).fill(1 / sample.length), means);
      }
      const random = createRandom(1);
      const directions = Array.from({ length: components }, () =>
        Float64Array.from({ length: width }, () => random.nextNormal()),
      );
      for (let iteration = 0; iteration < ITERATIONS; iteration++) {
        orthonormalize(directions);
        for (const direction of directions) {
          if (shouldStop()) break;
          const projected = new Float64Array(sample.length).fill(-dot(means, direction));
          multiply(design, direction, projected);
          const total = projected.reduce((sum, value) => sum + value, 0);
          for (let j = 0; j < width; j++) direction[j] = -total * (means[j] as number);
          multiplyTransposed(design, projected, direction);
        }
      }
      orthonormalize(directions);
      const intercepts = Float64Array.from(directions, (direction) => -dot(means, direction));
      return { directions: linearModel(matrix, intercepts, directions) };
    },

    transform({ directions }, matrix): FeatureMatrix {
      const components = directions.intercepts.length;
      const projected = predictLinear(directions, matrix);
      const numeric = Array.from({ length: components }, (_, k) => {
        const values = sharedFloats(matrix.rowCount);
        for (let row = 0; row < values.length; row++) values[row] = projected[row * components + k] as number;
        return { name: `${name}_${k}`, raw: '', values };
      });
      return { rowCount: matrix.rowCount, numeric, categorical: [] };
    },

    emit({ directions }, graph: GraphBuilder, features: EmittedFeatures): EmittedFeatures {
      return { numeric: graph.node('Cast', [emitLinear(directions, graph, features)], { to: 1 }), categorical: [] };
    },
  };
}

/** Gram-Schmidt, in place; a direction that is nothing but the others becomes zeros. */
function orthonormalize(directions: readonly Float64Array[]): void {
  directions.forEach((direction, k) => {
    for (const other of directions.slice(0, k)) addMultiple(direction, -dot(direction, other), other);
    const squares = dot(direction, direction);
    const scale = squares > 1e-24 ? 1 / Math.sqrt(squares) : 0;
    for (let j = 0; j < direction.length; j++) direction[j] = (direction[j] as number) * scale;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function addMultiple(into: Float64Array, factor: number, of: Float64Array): void {
  for (let j = 0; j < into.length; j++) into[j] = (into[j] as number) + factor * (of[j] as number);
}
