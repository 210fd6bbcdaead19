/** An ensemble as one ONNX model with every member in it. */
import { decodeModel, type GraphBuilder } from '@malachite/onnx';
import type { RawColumn } from '../featurization/raw-inputs.ts';
import type { Target } from '../learners/learner.ts';
import { exportModel } from '../pipeline/index.ts';

/** Joins the members' predictions in the graph (float [n, classes] or [n, 1] each) into one of the same shape. */
export type Combine = (graph: GraphBuilder, predictions: readonly string[]) => string;

/**
 * One model over the raw columns that its members read.
 * @param columns Every raw column of the table.
 * @param members Exported models of the same problem.
 */
export function exportEnsemble(
  columns: readonly RawColumn[],
  members: readonly Uint8Array[],
  target: Target,
  combine: Combine,
): Uint8Array {
  const models = members.map(decodeModel);
  const inputsOf = models.map((model) => new Set(model.graph?.input.map((input) => input.name)));
  const output = target.task === 'classification' ? 'probabilities' : 'variable';
  return exportModel({
    task: target.task,
    classes: target.task === 'classification' ? target.classes : [],
    columns: columns.filter((column) => inputsOf.some((inputs) => inputs.has(column.onnxName))),
    emit(graph, inputs) {
      const predictions = models.map((model, index) => {
        const read = columns.filter((column) => inputsOf[index]?.has(column.onnxName));
        const wiring = new Map(read.map(({ name, onnxName }) => [onnxName, inputs.get(name) as string]));
        return graph.include(model, `member_${index}_`, wiring).get(output) as string;
      });
      const joined = combine(graph, predictions);
      return target.task === 'classification' ? { probabilities: joined } : { value: joined };
    },
  });
}

/** The weighted mean of the predictions. Weights should sum to 1. */
export function weightedSum(weights: readonly number[]): Combine {
  return (graph, predictions) => {
    const parts = predictions.map((prediction, member) =>
      graph.node('Mul', [prediction, graph.constant(Float32Array.of(weights[member] as number), [1])]),
    );
    return parts.length === 1 ? (parts[0] as string) : graph.node('Sum', parts);
  };
}
