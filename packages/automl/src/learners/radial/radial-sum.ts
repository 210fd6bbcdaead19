/** Sums of radial kernels `exp(-gamma |x - x'|^2)` around kept rows: what a support vector machine and a Gaussian process answer with. */
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures, FeatureMatrix } from '../../featurization/features.ts';
import { DOUBLE, FLOAT } from '../linear/linear-model.ts';
import { emitEachRow } from '../neighbors/each-row.ts';
import { distancesTo, emitDistances, type Points } from '../neighbors/whole-distances.ts';

export type RadialSum = {
  readonly supportVectors: Points;
  /** The kernel's `gamma` for distances in cells of the points' grid. */
  readonly gamma: number;
  /** Row-major [support vectors, outputs]. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
};

/** Row-major [n, outputs]. */
export function radialSums(
  { supportVectors, gamma, coefficients, intercepts }: RadialSum,
  features: FeatureMatrix,
): Float64Array {
  const outputs = intercepts.length;
  const sums = new Float64Array(features.rowCount * outputs);
  const distances = new Float64Array(supportVectors.count);
  for (let row = 0; row < features.rowCount; row++) {
    distancesTo(supportVectors, features, row, distances);
    sums.set(intercepts, row * outputs);
    for (let s = 0; s < distances.length; s++) {
      const near = Math.exp(-gamma * (distances[s] as number));
      for (let k = 0; k < outputs; k++) {
        const place = row * outputs + k;
        sums[place] = (sums[place] as number) + near * (coefficients[s * outputs + k] as number);
      }
    }
  }
  return sums;
}

/** double [n, outputs]. */
export function emitRadialSums(model: RadialSum, graph: GraphBuilder, features: EmittedFeatures): string {
  const widths = { numeric: model.supportVectors.numeric.length, answer: model.intercepts.length };
  const sums = emitEachRow(graph, features, widths, (inner, row) => emitSumsOfRow(model, inner, row));
  return graph.node('Cast', [sums], { to: DOUBLE });
}

/** float [1, outputs] for one row. */
function emitSumsOfRow(
  { supportVectors, gamma, coefficients, intercepts }: RadialSum,
  graph: GraphBuilder,
  row: EmittedFeatures,
) {
  const outputs = intercepts.length;
  const distances = emitDistances(supportVectors, graph, row);
  const near = graph.node('Exp', [graph.node('Mul', [distances, graph.constant(Float64Array.of(-gamma))])]);
  const sums = graph.node('MatMul', [near, graph.constant(coefficients, [supportVectors.count, outputs])]);
  return graph.node('Cast', [graph.node('Add', [sums, graph.constant(intercepts, [1, outputs])])], { to: FLOAT });
}
