/** Small ONNX models, made in place, for tests. */
import type { Workspace } from '@malachite/core';
import { encodeModel, GraphBuilder } from '@malachite/onnx';

/** A regressor that adds a number to column `x`, so that an answer tells which model gave it. */
export function adder(amount: number): Uint8Array {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  graph.output(graph.node('Add', [x, graph.constant(new Float32Array([amount]), [1])]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel({ graphName: 'adder', producerName: 'test', producerVersion: '1' }));
}

/** Registers one file as the next version of a model; answers the reference to it. */
export async function register(workspace: Workspace, name: string, bytes: Uint8Array, path = 'model.onnx'): Promise<string> {
  const { sha256 } = await workspace.datastore.put(streamOf(bytes));
  const model = await workspace.models.create({ name, files: [{ path, sha256 }] });
  return `azureml:${model.name}:${model.version}`;
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
