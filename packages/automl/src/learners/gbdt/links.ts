/** From the margins that trees add up to predictions, in arrays and in graphs. */
import type { GraphBuilder } from '@malachite/onnx';
import { DOUBLE, FLOAT } from '../linear/linear-model.ts';
import { emitBinaryProbabilities, emitOneVsRest, oneVsRestRows, probabilitiesOf, softmaxRows } from '../probabilities.ts';

/**
 * `identity`: the margin is the value. `exp`: its exponential is. `sigmoid`: log odds of the second of two classes. `softmax`: a margin a
 * class. `sigmoids`: log odds of each class against the rest, whose probabilities are then brought to a sum of 1.
 */
export type Link = 'identity' | 'exp' | 'sigmoid' | 'softmax' | 'sigmoids';

/** Above this the exponential is beyond float32. */
const LARGEST_LOGARITHM = 88;

/** @param margins row-major [n, outputs]; may be overwritten. */
export function linked(link: Link, margins: Float64Array, outputs: number): Float64Array {
  switch (link) {
    case 'identity':
      return margins;
    case 'exp':
      return margins.map((margin) => Math.exp(Math.min(margin, LARGEST_LOGARITHM)));
    case 'sigmoid':
      return probabilitiesOf(margins);
    case 'softmax':
      return softmaxRows(margins, outputs);
    case 'sigmoids':
      return oneVsRestRows(margins, outputs);
  }
}

/** @param margins float [n, outputs]; for `exp` double, for there an error of the margin is a relative one of the value. */
export function emitLinked(link: Link, graph: GraphBuilder, margins: string, outputs: number): string {
  switch (link) {
    case 'identity':
      return margins;
    case 'exp': {
      const bounded = graph.node('Min', [margins, graph.constant(Float64Array.of(LARGEST_LOGARITHM))]);
      return graph.node('Cast', [graph.node('Exp', [bounded])], { to: FLOAT });
    }
    case 'sigmoid':
      return emitBinaryProbabilities(graph, margins);
    case 'softmax':
      return graph.node('Softmax', [margins], { axis: 1 });
    case 'sigmoids':
      return emitOneVsRest(graph, graph.node('Cast', [margins], { to: DOUBLE }), outputs);
  }
}
