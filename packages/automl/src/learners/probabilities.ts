/** From margins to probabilities, in arrays and in graphs. */
import type { GraphBuilder } from '@malachite/onnx';
import { FLOAT } from './linear/linear-model.ts';
import { softmaxInto } from './softmax.ts';

/** Row-major [n, 2] probabilities from n log odds of class 1. */
export function probabilitiesOf(logOdds: Float64Array): Float64Array {
  const probabilities = new Float64Array(2 * logOdds.length);
  for (let row = 0; row < logOdds.length; row++) {
    const positive = 1 / (1 + Math.exp(-(logOdds[row] as number)));
    probabilities[2 * row] = 1 - positive;
    probabilities[2 * row + 1] = positive;
  }
  return probabilities;
}

/** Softmax of every row of row-major [n, classes] margins, in place. */
export function softmaxRows(margins: Float64Array, classes: number): Float64Array {
  for (let at = 0; at < margins.length; at += classes) softmaxInto(margins, at, classes, margins);
  return margins;
}

/** float [n, 2] from float [n, 1] log odds of class 1. */
export function emitBinaryProbabilities(graph: GraphBuilder, logOdds: string): string {
  const positive = graph.node('Sigmoid', [logOdds]);
  const negative = graph.node('Sub', [graph.constant(Float32Array.of(1), [1]), positive]);
  return graph.node('Concat', [negative, positive], { axis: 1 });
}

/** Log odds below this are as good as it: the probabilities of a row then never sum to zero. */
const LEAST_LOG_ODDS = -700;

/** Row-major [n, classes] probabilities from each class's log odds against the rest; for one output, of the second of two classes. */
export function oneVsRestRows(logOdds: Float64Array, outputs: number): Float64Array {
  if (outputs === 1) return probabilitiesOf(logOdds);
  const shares = logOdds.map((value) => 1 / (1 + Math.exp(-Math.max(LEAST_LOG_ODDS, value))));
  for (let at = 0; at < shares.length; at += outputs) {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += shares[at + k] as number;
    for (let k = 0; k < outputs; k++) shares[at + k] = (shares[at + k] as number) / sum;
  }
  return shares;
}

/** float [n, classes] from double [n, outputs] log odds, as `oneVsRestRows` does it. */
export function emitOneVsRest(graph: GraphBuilder, logOdds: string, outputs: number): string {
  if (outputs === 1) return emitBinaryProbabilities(graph, graph.node('Cast', [logOdds], { to: FLOAT }));
  const bounded = graph.node('Clip', [logOdds, graph.constant(Float64Array.of(LEAST_LOG_ODDS), [])]);
  // The runtime's Sigmoid of float64 is 0 below about -37, and a row of such log odds would be 0 / 0.
  const inverse = graph.node('Exp', [graph.node('Neg', [bounded])]);
  const shares = graph.node('Reciprocal', [graph.node('Add', [inverse, graph.constant(Float64Array.of(1), [1])])]);
  const sums = graph.node('ReduceSum', [shares, graph.constant(BigInt64Array.of(1n))]);
  return graph.node('Cast', [graph.node('Div', [shares, sums])], { to: FLOAT });
}
