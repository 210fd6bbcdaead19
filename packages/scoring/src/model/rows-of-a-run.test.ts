/** Graphs that refuse rows, or take a fixed number of them: a caller gets the answer to each of its rows, or the row to change. */
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

const cities = (...city: number[]) => ({ kind: 'columns', columns: new Map([['city', city]]) }) as const;

it.each([null, 1, 2, 5])('in runs of %s rows', async (rows) => {
  const model = await loadModel(lookup(rows));
  const { values } = await model.score(cities(3, 0, 1));
  expect([...(values ?? [])]).toEqual([13, 10, 11]);
  const message = expect.stringMatching(/^Row 2: the model cannot take it/);
  await expect(model.score(cities(3, 0, 99))).rejects.toMatchObject({ code: 'InvalidInput', message });
  await model.close();
});

it.each([null, 1, 2, 5])('of one caller are no other’s, in runs of %s rows', async (rows) => {
  const model = await loadModel(lookup(rows));
  const batch = model.batch();
  for (const each of [cities(2, 1, 3), cities(99), cities(0, 3, 1)]) batch.append(each);
  expect([...((await model.run(batch, 0, 3)).values ?? [])]).toEqual([12, 11, 13]);
  const message = expect.stringMatching(/^Row 0: the model cannot take it/);
  await expect(model.run(batch, 3, 4)).rejects.toMatchObject({ code: 'InvalidInput', message });
  expect([...((await model.run(batch, 4, 7)).values ?? [])]).toEqual([10, 13, 11]);
  expect([...((await model.run(batch, 5, 6)).values ?? [])]).toEqual([13]);
  await model.close();
});

it('a matrix of any width, in runs of three rows, is filled up', async () => {
  const graph = new GraphBuilder();
  const columns = graph.constant(new BigInt64Array([1n]), [1]);
  const sums = graph.node('ReduceSum', [graph.input('x', 'float', [3, null]), columns], { keepdims: 1 });
  graph.output(sums, 'y', 'float', [3, 1]);
  const bytes = encodeModel(graph.toModel({ graphName: 'sums', producerName: 'test', producerVersion: '1' }));
  const model = await loadModel(bytes);
  for (const lists of [[[1, 2]], [[1, 2, 3]], [[1], [2], [3], [4]]]) {
    const { values } = await model.score({ kind: 'lists', lists });
    expect([...(values ?? [])]).toEqual(lists.map((list) => list.reduce((sum, value) => sum + value)));
  }
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
