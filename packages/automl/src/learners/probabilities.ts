/** From margins to probabilities, in arrays and in graphs. */
import type { GraphBuilder } from '@malachite/onnx';
import { softmaxInto } from './gbdt/objectives.ts';

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
