/** The gradient pairs of a round, by a kernel where the loss has one. */
import type { Objective } from './objectives/objective.ts';
import type { Workspace } from './workspace.ts';

/** Writes the pairs of some rows, which lie in the memory of the kernels, for the tree of output `k`; those of a round from 0 on. */
export type WriteGradients = (rows: Int32Array, k: number) => void;

/** Bytes of the kernels' memory that `gradientsInto` takes for `rows` of a table of `rowCount`. */
export function gradientBytes({ kernel, outputs }: Objective, rows: number, rowCount: number): number {
  return 16 * rowCount + (kernel?.loss === 'softmax' ? 8 * rows * outputs : 0);
}

export function gradientsInto(
  { kernels, pairs, rows: place }: Workspace,
  objective: Objective,
  scores: Float64Array,
  rowCount: number,
): WriteGradients {
  const { kernel, outputs } = objective;
  if (kernel === undefined) return (rows, k) => objective.gradients(scores, rows, k, pairs);
  const column = (value: (row: number) => number): Float64Array => {
    const values = kernels.floats(rowCount);
    for (let row = 0; row < rowCount; row++) values[row] = value(row);
    return values;
  };
  const targets = column(kernel.target);
  const weights = kernel.weight && column(kernel.weight);
  const { loss } = kernel;
  if (loss !== 'softmax')
    return (rows) => kernels.gradients(loss, scores, targets, weights, { rows, begin: 0, end: rows.length }, pairs);
  const probabilities = kernels.floats(outputs * place.length);
  return (rows, k) => {
    const range = { rows, begin: 0, end: rows.length };
    // All classes of a round start from the same scores.
    if (k === 0) kernels.softmax(scores, outputs, range, probabilities);
    kernels.classGradients(probabilities, k, outputs, targets, weights, range, pairs);
  };
}
