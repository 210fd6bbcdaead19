import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { expect, it, onTestFinished } from 'vitest';
import { answeringModel } from '../answering-model.ts';
import { loadModel, type ScoringModel } from './load-model.ts';

/** Adds up a row of a tensor. @param dims with the rows, null is any */
async function sum(dims: (number | null)[]): Promise<ScoringModel> {
  const graph = new GraphBuilder();
  const flat = graph.node('Flatten', [graph.input('image', 'float', dims)], { axis: 1 });
  graph.output(graph.node('ReduceSum', [flat, graph.constant(new BigInt64Array([1n]), [1])], { keepdims: 1 }), 'y', 'float', [
    null,
    1,
  ]);
  const model = await loadModel(encodeModel(graph.toModel({ graphName: 'test', producerName: 'test', producerVersion: '1' })));
  onTestFinished(() => model.close());
  return model;
}

async function asked(model: ScoringModel, route: '/score' | '/infer', body: object): Promise<unknown> {
  const call = { route, body: Buffer.from(JSON.stringify(body)), contentType: 'application/json', named: 'm' };
  const { body: text } = await answeringModel(model).answer(call);
  return JSON.parse(String(text));
}

const rows = [
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  [
    [1, 1, 1],
    [1, 1, 1],
  ],
];

it.each([[[null, 2, 3]], [[null, null, 3]], [[null, null, null]]])(
  'rows of a tensor %j as lists in lists, and by shape',
  async (dims) => {
    const model = await sum(dims);
    expect(await asked(model, '/score', { input_data: rows })).toEqual([21, 6]);
    const input = { name: 'image', datatype: 'FP32', shape: [2, 2, 3], data: rows.flat(2) };
    expect(await asked(model, '/infer', { inputs: [input] })).toMatchObject({ outputs: [{ data: [21, 6] }] });
  },
);

it('rows as one list, where that says all', async () => {
  expect(await asked(await sum([null, 2, 3]), '/score', { input_data: rows.map((row) => row.flat()) })).toEqual([21, 6]);
  expect(await asked(await sum([null, null, 3]), '/score', { input_data: rows.map((row) => row.flat()) })).toEqual([21, 6]);
});

it.each([
  [
    [null, 2, 3],
    [
      [
        [1, 2, 3],
        [4, 5],
      ],
    ],
    'Row 0 is lists that differ in length, or none; expected a tensor [2, 3], as lists in lists.',
  ],
  [
    [null, 2, 3],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    'Row 0 is [3, 2]; expected a tensor [2, 3]',
  ],
  [[null, null, 3], [[1, 2, 3, 4]], 'Row 0 is 4 values; expected a tensor [any, 3]'],
  [[null, null, null], [[1, 2]], 'Row 0 is 2 values; expected a tensor [any, any]'],
  [
    [null, null, 3],
    [
      [[1, 2, 3]],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    'Row 1 has 2 x 3 values, expected 1 x 3.',
  ],
])('%j does not take %j', async (dims, data, sentence) => {
  const refused = asked(await sum(dims), '/score', { input_data: data });
  await expect(refused).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringContaining(sentence) });
});
