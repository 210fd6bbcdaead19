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

/** double [n, outputs] margins: one product for the numbers, looked-up rows of coefficients for category features. */
export function emitLinear(model: LinearModel, graph: GraphBuilder, features: EmittedFeatures): string {
  const { intercepts, coefficients, numericCount } = model;
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
  const looked = categoryTables(model).map((table, c) => ({ table, codes: features.categorical[c] as string }));
  const together = looked.length > MOST_SINGLE ? Math.max(1, Math.floor(GATHERED / outputs)) : 1;
  for (let begin = 0; begin < looked.length; begin += together)
    terms.push(emitLookup(graph, looked.slice(begin, begin + together), outputs));
  return terms.length === 1 ? (terms[0] as string) : graph.node('Sum', terms);
}

/** More category features than this are looked up together: a runtime's time to load a graph grows with the square of its nodes. */
const MOST_SINGLE = 100;

/** Numbers a row that are looked up together. */
const GATHERED = 128;

/** The coefficients of each category feature, row-major codes x outputs; those of code 0, which training did not know, are zeros. */
function categoryTables({ coefficients, numericCount, categorySizes }: LinearModel): Float64Array[] {
  const outputs = coefficients.length;
  let begin = numericCount;
  return categorySizes.map((size) => {
    const table = new Float64Array((size + 1) * outputs);
    for (let code = 1; code <= size; code++)
      for (let k = 0; k < outputs; k++) table[code * outputs + k] = coefficients[k]?.[begin + code - 1] as number;
    begin += size;
    return table;
  });
}

/** double [n, outputs]: the sum of the rows that the codes of some features stand for. */
function emitLookup(
  graph: GraphBuilder,
  looked: readonly { readonly table: Float64Array; readonly codes: string }[],
  outputs: number,
): string {
  const joined = new Float64Array(looked.reduce((length, { table }) => length + table.length, 0));
  const begins = new BigInt64Array(looked.length);
  let at = 0;
  for (const [i, { table }] of looked.entries()) {
    joined.set(table, at);
    begins[i] = BigInt(at / outputs);
    at += table.length;
  }
  const tables = graph.constant(joined, [at / outputs, outputs]);
  const axis = graph.constant(BigInt64Array.of(1n));
  const [first] = looked;
  if (first !== undefined && looked.length === 1)
    return graph.node('Squeeze', [graph.node('Gather', [tables, first.codes], { axis: 0 }), axis]);
  const codes = graph.node(
    'Concat',
    looked.map((each) => each.codes),
    { axis: 1 },
  );
  const rows = graph.node('Gather', [tables, graph.node('Add', [codes, graph.constant(begins)])], { axis: 0 });
  return graph.node('ReduceSum', [rows, axis], { keepdims: 0 });
}

/** ONNX element types. */
export const FLOAT = 1;
export const DOUBLE = 11;
