/** Rows that the graph itself refuses: the caller's to change, whatever number of rows a run must have. */
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { expect, it } from 'vitest';
import { loadModel } from './load-model.ts';

/** Looks a city up in a list of four. @param rows that a run must have; null is any number */
function lookup(rows: number | null): Uint8Array {
  const graph = new GraphBuilder();
  const list = graph.constant(new Float32Array([10, 11, 12, 13]));
  graph.output(graph.node('Gather', [list, graph.input('city', 'int64', [rows, 1])]), 'y', 'float', [rows, 1]);
  return encodeModel(graph.toModel({ graphName: 'lookup', producerName: 'test', producerVersion: '1' }));
}

it.each([
  [null, /^Row 2: the model cannot take it/],
  [1, /^Row 2: the model cannot take it/],
  [2, /^One of rows 2 to 3: the model cannot take it/],
])('in runs of %s rows', async (rows, sentence) => {
  const model = await loadModel(lookup(rows));
  const { values } = await model.score({ kind: 'columns', columns: new Map([['city', [3, 0, 1]]]) });
  expect([...(values ?? [])]).toEqual([13, 10, 11]);
  const refused = model.score({ kind: 'columns', columns: new Map([['city', [3, 0, 99]]]) });
  await expect(refused).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringMatching(sentence) });
  await model.close();
});
