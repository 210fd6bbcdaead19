/** The soft-voting ensemble: members' predictions averaged by weight, exported as one model with every member in it. */
import { decodeModel } from '@malachite/onnx';
import type { RawColumn } from '../featurization/raw-inputs.ts';
import type { Target } from '../learners/learner.ts';
import { exportModel } from '../pipeline/export.ts';

export type VotingMember = {
  readonly onnx: Uint8Array;
  readonly weight: number;
};

/**
 * One model over the raw columns that its members read.
 * @param columns Every raw column of the table.
 * @param members Weights should sum to 1.
 */
export function exportVotingEnsemble(
  columns: readonly RawColumn[],
  members: readonly VotingMember[],
  target: Target,
): Uint8Array {
  const models = members.map(({ onnx }) => decodeModel(onnx));
  const used = new Set(models.flatMap((model) => model.graph?.input.map((input) => input.name) ?? []));
  const output = target.task === 'classification' ? 'probabilities' : 'variable';
  return exportModel({
    task: target.task,
    classes: target.task === 'classification' ? target.classes : [],
    columns: columns.filter((column) => used.has(column.onnxName)),
    emit(graph, inputs) {
      const weighted = models.map((model, index) => {
        const wiring = new Map(
          columns
            .filter(({ onnxName }) => model.graph?.input.some((input) => input.name === onnxName))
            .map(({ name, onnxName }) => [onnxName, inputs.get(name) as string]),
        );
        const prediction = graph.include(model, `member_${index}_`, wiring).get(output) as string;
        return graph.node('Mul', [prediction, graph.constant(Float32Array.of((members[index] as VotingMember).weight), [1])]);
      });
      const mean = weighted.length === 1 ? (weighted[0] as string) : graph.node('Sum', weighted);
      return target.task === 'classification' ? { probabilities: mean } : { value: mean };
    },
  });
}
