/**
 * Numbers made from a text's word counts by a weight for each word. Weights are multiples of 2^-20, so that a float64 sum of counts
 * times weights is exact in whatever order it is summed: a tree's threshold then separates the same rows here and in the graph.
 */
import type { GraphBuilder } from '@malachite/onnx';
import { emitGramCounts, type GramCounts, type Vocabulary } from './bag-of-grams.ts';
import { emitRowLengths } from './row-lengths.ts';

/** What the weighed sum is divided by: nothing, or the length of the counts (their L2 norm). */
export type Divisor = 'none' | 'length';

export type GramWeights = {
  readonly vocabulary: Vocabulary;
  /** Row-major [grams, outputs], from `exactWeights`. */
  readonly weights: Float64Array;
  readonly outputs: number;
  readonly divisor: Divisor;
};

const STEP = 2 ** -20;
/** Beyond it a sum over a long text might not be exact any more. */
const LARGEST = 2 ** 20;

/** The nearest weights that sums are exact with. */
export function exactWeights(weights: Float64Array): Float64Array {
  return weights.map((weight) => STEP * Math.round(Math.min(LARGEST, Math.max(-LARGEST, weight)) / STEP));
}

/** Row-major [texts, outputs] float32; zeros for a text without a known word. */
export function weighGrams({ weights, outputs, divisor }: GramWeights, { starts, grams, counts }: GramCounts): Float32Array {
  const texts = starts.length - 1;
  const sums = new Float32Array(texts * outputs);
  const sum = new Float64Array(outputs);
  for (let t = 0; t < texts; t++) {
    sum.fill(0);
    let squares = 0;
    for (let i = starts[t] as number; i < (starts[t + 1] as number); i++) {
      const count = counts[i] as number;
      const at = (grams[i] as number) * outputs;
      squares += count * count;
      for (let k = 0; k < outputs; k++) sum[k] = (sum[k] as number) + count * (weights[at + k] as number);
    }
    const by = divisor === 'none' ? 1 : Math.max(0.5, Math.sqrt(squares));
    for (let k = 0; k < outputs; k++) sums[t * outputs + k] = (sum[k] as number) / by;
  }
  return sums;
}

/** float [n, outputs] from string [n, 1]. */
export function emitWeighed(graph: GraphBuilder, text: string, { vocabulary, weights, outputs, divisor }: GramWeights): string {
  const counts = graph.node('Cast', [emitGramCounts(graph, text, vocabulary)], { to: 11 });
  const sums = graph.node('MatMul', [counts, graph.constant(weights, [vocabulary.grams.length, outputs])]);
  if (divisor === 'none') return graph.node('Cast', [sums], { to: 1 });
  const by = emitRowLengths(graph, counts);
  const divided = graph.node('Div', [sums, graph.node('Max', [by, graph.constant(Float64Array.of(0.5), [1])])]);
  return graph.node('Cast', [divided], { to: 1 });
}
