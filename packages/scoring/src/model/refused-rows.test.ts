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

it.each([
  ['one number for all rows', 'ReduceSum', { keepdims: 0 }, 'is a tensor [] for 320 rows: it does not answer each row'],
  ['the rows twice', 'Concat', { axis: 0 }, 'is a tensor [640, 2] for 320 rows: it does not answer each row'],
])('a model that answers %s is refused while it is loaded', async (_, operator, attributes, sentence) => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 2]);
  graph.output(graph.node(operator, operator === 'Concat' ? [x, x] : [x], attributes), 'y', 'float', [null, null]);
  const bytes = encodeModel(graph.toModel({ graphName: 'test', producerName: 'test', producerVersion: '1' }));
  await expect(loadModel(bytes)).rejects.toMatchObject({ code: 'NotSupported', message: expect.stringContaining(sentence) });
});
