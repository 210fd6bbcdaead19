/**
 * What all linear models are once fitted: an intercept and coefficients for each output. Predicted in float64 here and in the
 * graph, so that no rounding separates the two.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures, FeatureMatrix } from '../../featurization/features.ts';
import { designOf, multiply } from './design.ts';

export type LinearModel = {
  readonly intercepts: Float64Array;
  /** One array of coefficients an output, in the order of the design matrix. */
  readonly coefficients: readonly Float64Array[];
  readonly numericCount: number;
  /** Known categories of each category feature. */
  readonly categorySizes: readonly number[];
};

export function linearModel(
  features: FeatureMatrix,
  intercepts: Float64Array,
  coefficients: readonly Float64Array[],
): LinearModel {
  return {
    intercepts,
    coefficients,
    numericCount: features.numeric.length,
    categorySizes: features.categorical.map(({ labels }) => labels.length),
  };
}

/** Row-major [n, outputs] margins. */
export function predictLinear({ intercepts, coefficients }: LinearModel, features: FeatureMatrix): Float64Array {
  const design = designOf(features);
  const margins = new Float64Array(features.rowCount * intercepts.length);
  coefficients.forEach((weights, k) => {
    const sums = new Float64Array(features.rowCount).fill(intercepts[k] as number);
    multiply(design, weights, sums);
    for (let row = 0; row < sums.length; row++) margins[row * intercepts.length + k] = sums[row] as number;
  });
  return margins;
}

/** double [n, outputs] margins: one product for the numbers, one looked-up row of coefficients for each category feature. */
export function emitLinear(model: LinearModel, graph: GraphBuilder, features: EmittedFeatures): string {
  const { intercepts, coefficients, numericCount, categorySizes } = model;
  const outputs = intercepts.length;
  const terms = [graph.constant(intercepts, [1, outputs])];
  if (features.numeric !== undefined) {
    const weights = Float64Array.from(
      { length: numericCount * outputs },
      (_, i) => coefficients[i % outputs]?.[Math.floor(i / outputs)] as number,
    );
    const numbers = graph.node('Cast', [features.numeric], { to: DOUBLE });
    terms.push(graph.node('MatMul', [numbers, graph.constant(weights, [numericCount, outputs])]));
  }
  let begin = numericCount;
  categorySizes.forEach((size, c) => {
    // Row 0 is for categories that training did not know: zeros.
    const weights = new Float64Array((size + 1) * outputs);
    for (let code = 1; code <= size; code++) {
      for (let k = 0; k < outputs; k++) weights[code * outputs + k] = coefficients[k]?.[begin + code - 1] as number;
    }
    begin += size;
    const looked = graph.node('Gather', [graph.constant(weights, [size + 1, outputs]), features.categorical[c] as string], {
      axis: 0,
    });
    terms.push(graph.node('Squeeze', [looked, graph.constant(BigInt64Array.of(1n))]));
  });
  return terms.length === 1 ? (terms[0] as string) : graph.node('Sum', terms);
}

/** ONNX element types. */
export const FLOAT = 1;
export const DOUBLE = 11;
