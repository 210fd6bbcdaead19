import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { decodeModel, elementType, encodeModel, GraphBuilder, type ModelProto } from './index.ts';

const named = { graphName: 'test', producerName: 'malachite', producerVersion: '0' };

/** Builds y = (x * 2 + 1), the label "low" or "high" by a tree, over a string category one-hot by ai.onnx.ml. */
function sample(): ModelProto {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  const colour = graph.input('colour', 'string', [null, 1]);
  const doubled = graph.node('Mul', [x, graph.constant(new Float32Array([2]), [1])]);
  const shifted = graph.node('Add', [doubled, graph.constant(new Float32Array([1]), [1])]);
  const code = graph.node(
    'LabelEncoder',
    [colour],
    { keys_strings: ['red', 'green'], values_floats: [10, 20], default_float: -1 },
    { domain: 'ai.onnx.ml' },
  );
  graph.output(graph.node('Concat', [shifted, code], { axis: 1 }), 'features', 'float', [null, 2]);
  return graph.toModel({ ...named, docString: 'a doc', metadata: { owner: 'tests' } });
}

async function run(model: ModelProto, feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await ort.InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1 });
  return await session.run(feeds);
}

describe('a built graph', () => {
  it('runs in the runtime with a free batch size, floats and strings', async () => {
    const { features } = await run(sample(), {
      x: new ort.Tensor('float32', [1, 2, 3], [3, 1]),
      colour: new ort.Tensor('string', ['red', 'blue', 'green'], [3, 1]),
    });
    expect(Array.from(features?.data as Float32Array)).toEqual([3, 10, 5, -1, 7, 20]);
  });

  it('keeps its words, opsets and types through bytes', () => {
    const read = decodeModel(encodeModel(sample()));
    expect(read.irVersion).toBe(8);
    expect(read.docString).toBe('a doc');
    expect(read.metadataProps.map(({ key, value }) => [key, value])).toEqual([['owner', 'tests']]);
    expect(read.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 17],
      ['ai.onnx.ml', 3],
    ]);
    expect(read.graph?.input.map((input) => input.type?.tensorType?.elemType)).toEqual([elementType.float, elementType.string]);
  });

  it('includes other graphs as members and wires them', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float', [null, 1]);
    const colour = graph.input('colour', 'string', [null, 1]);
    const wires = new Map([
      ['x', x],
      ['colour', colour],
    ]);
    const first = graph.include(sample(), 'first/', wires).get('features') as string;
    const second = graph.include(sample(), 'second/', wires).get('features') as string;
    graph.output(graph.node('Sum', [first, second]), 'both', 'float', [null, 2]);
    const { both } = await run(graph.toModel(named), {
      x: new ort.Tensor('float32', [1], [1, 1]),
      colour: new ort.Tensor('string', ['green'], [1, 1]),
    });
    expect(Array.from(both?.data as Float32Array)).toEqual([6, 40]);
  });

  it('tells integers from floats by the attribute, and keeps 64-bit integers whole', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'int64', [null, 1]);
    const smallest = -(2n ** 63n);
    const encoded = graph.node(
      'LabelEncoder',
      [x],
      { keys_int64s: new BigInt64Array([smallest, 2n ** 53n + 1n]), values_floats: [0.5, 2], default_float: 9 },
      { domain: 'ai.onnx.ml' },
    );
    graph.output(encoded, 'y', 'float', [null, 1]);
    const model = decodeModel(encodeModel(graph.toModel(named)));
    expect(model.graph?.node[0]?.attribute[0]?.ints).toEqual([smallest, 2n ** 53n + 1n]);
    const { y } = await run(model, { x: new ort.Tensor('int64', [smallest, 2n ** 53n + 1n, 2n ** 53n], [3, 1]) });
    expect(Array.from(y?.data as Float32Array)).toEqual([0.5, 2, 9]);
  });

  it('refuses what would not run: unknown values, names taken twice, shapes that do not hold, fractions as integers', () => {
    const graph = new GraphBuilder();
    graph.input('x', 'float', [null, 1]);
    expect(() => graph.node('Add', ['x', 'nothing'])).toThrow(/"nothing"/);
    expect(() => graph.input('x', 'float', [1])).toThrow(/already/);
    expect(() => graph.constant(new Float32Array(3), [2, 2])).toThrow(/3 values but shape/);
    expect(() => graph.node('Concat', ['x'], { axis: 0.5 })).toThrow(/takes integers/);
    expect(() => graph.include(sample(), 'm/', new Map([['x', 'x']]))).toThrow(/"colour".*not wired/);
  });
});
