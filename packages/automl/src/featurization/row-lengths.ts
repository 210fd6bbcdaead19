/** The Euclidean length of every row, in a graph. */
import type { GraphBuilder } from '@malachite/onnx';

/** @returns double [n, 1] from double [n, width]. `ReduceL2` would say it in one node, but ONNX Runtime 1.16 has it for float32 only. */
export function emitRowLengths(graph: GraphBuilder, values: string): string {
  return graph.node('Sqrt', [emitRowSums(graph, graph.node('Mul', [values, values]))]);
}

/** @returns [n, 1] from [n, width], of the same type. */
export function emitRowSums(graph: GraphBuilder, values: string): string {
  return graph.node('ReduceSum', [values, graph.constant(BigInt64Array.of(1n), [1])], { keepdims: 1 });
}
