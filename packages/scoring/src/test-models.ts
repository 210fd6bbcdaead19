/** Small graphs that tests serve. */
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { loadModel, type ScoringModel } from './model/load-model.ts';

const named = { graphName: 'test', producerName: 'test', producerVersion: '1' };

/** Adds a number to its one column: the answer tells which model gave it. */
export function adderBytes(amount: number, column = 'x'): Uint8Array {
  const graph = new GraphBuilder();
  const x = graph.input(column, 'float', [null, 1]);
  graph.output(graph.node('Add', [x, graph.constant(new Float32Array([amount]), [1])]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel(named));
}

export function adder(amount: number, column?: string): Promise<ScoringModel> {
  return loadModel(adderBytes(amount, column));
}

/** Answers `x` after some hundred million multiplications a hundred rows: slow by honest work. */
export function slowBytes(): Uint8Array {
  const graph = new GraphBuilder();
  const size = 512;
  // A rounding that only the runtime has keeps the work with it.
  const whole = graph.node('Round', [graph.input('x', 'float', [null, 1])]);
  let wide = graph.node('MatMul', [whole, graph.constant(new Float32Array(size).fill(1), [1, size])]);
  const identity = new Float32Array(size * size);
  for (let i = 0; i < size; i++) identity[i * size + i] = 1;
  const weights = graph.constant(identity, [size, size]);
  for (let layer = 0; layer < 40; layer++) wide = graph.node('MatMul', [wide, weights]);
  graph.output(graph.node('MatMul', [wide, graph.constant(mean(size), [size, 1])]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel(named));
}

function mean(size: number): Float32Array {
  return new Float32Array(size).fill(1 / size);
}
