/** Graphs as our own trainer and other exporters write them, against ONNX Runtime on generated rows. */
import { encodeModel, GraphBuilder, servable } from '@malachite/onnx';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../model/load-model.ts';
import { compile } from '../program.ts';
import { largestDifference, probeBatch } from '../prove.ts';
import { Unsupported } from '../unsupported.ts';

const named = { graphName: 'test', producerName: 'malachite', producerVersion: '0' };
const ml = { domain: 'ai.onnx.ml' } as const;
const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const integers = (...values: bigint[]): BigInt64Array => BigInt64Array.from(values);

/** Builds `y` of that many columns from an integer, a float and a text column. */
function model(columns: number, build: (graph: GraphBuilder, count: string, size: string, colour: string) => string): Uint8Array {
  const graph = new GraphBuilder();
  const inputs = [
    graph.input('count', 'int64', [null, 1]),
    graph.input('size', 'float', [null, 1]),
    graph.input('colour', 'string', [null, 1]),
  ] as const;
  graph.output(build(graph, ...inputs), 'y', 'float', [null, columns]);
  return encodeModel(graph.toModel(named));
}

async function differenceFromRuntime(bytes: Uint8Array): Promise<number> {
  const reference = await loadModel(bytes, { compiled: false });
  const found = servable(bytes);
  const difference = await largestDifference(compile(found), probeBatch(found.signature), reference.run);
  await reference.close();
  return difference;
}

const graphs: Record<string, Uint8Array> = {
  'categories looked up in a table of codes, side by side along the last axis': model(5, (graph, _count, size, colour) => {
    const code = graph.node(
      'LabelEncoder',
      [colour],
      { keys_strings: ['0', 'True', '#'], values_int64s: [1, 2, 3], default_int64: 0 },
      ml,
    );
    const pairs = graph.node('Gather', [graph.constant(floats(0, 0, 1, 2, 3, 4, 5, 6), [4, 2]), code], { axis: 0 });
    const both = graph.node('Squeeze', [graph.node('Concat', [pairs, pairs], { axis: 2 }), graph.constant(integers(1n), [1])]);
    const limited = graph.node('Clip', [size, graph.constant(floats(-1), []), graph.constant(floats(2.5), [])]);
    return graph.node('Concat', [limited, both], { axis: 1 });
  }),
  'a missing integer becomes NaN, and NaN a mean': model(2, (graph, count, size) => {
    const isMissing = graph.node('Equal', [count, graph.constant(integers(-(2n ** 63n)), [1])]);
    const number = graph.node('Where', [
      isMissing,
      graph.constant(floats(Number.NaN), [1]),
      graph.node('Cast', [count], { to: 1 }),
    ]);
    const both = graph.node('Concat', [number, size], { axis: 1 });
    const mean = graph.constant(floats(3.5, -0.25), [2]);
    return graph.node('Where', [graph.node('IsNaN', [both]), mean, both]);
  }),
  'arithmetic, a softmax and a part of its columns': model(2, (graph, count, size) => {
    const small = graph.node('Div', [graph.node('Cast', [count], { to: 1 }), graph.constant(floats(3e4), [1])]);
    const limited = graph.node('Clip', [size, graph.constant(floats(-5), []), graph.constant(floats(5), [])]);
    const scores = graph.node('Concat', [small, limited, graph.node('Relu', [limited]), graph.node('Sigmoid', [small])], {
      axis: 1,
    });
    const bounded = graph.node('Clip', [scores, graph.constant(floats(-20), []), graph.constant(floats(20), [])]);
    const shares = graph.node('Softmax', [bounded], { axis: 1 });
    return graph.node('Slice', [
      shares,
      graph.constant(integers(1n), [1]),
      graph.constant(integers(3n), [1]),
      graph.constant(integers(1n), [1]),
    ]);
  }),
  'each operator of two numbers and of one, a column each': model(15, (graph, count, size) => {
    const a = graph.node('Div', [graph.node('Cast', [count], { to: 1 }), graph.constant(floats(3e4), [1])]);
    const b = graph.node('Clip', [size, graph.constant(floats(-5), []), graph.constant(floats(5), [])]);
    const bounded = graph.node('Clip', [a, graph.constant(floats(-5), []), graph.constant(floats(5), [])]);
    const positive = graph.node('Add', [graph.node('Abs', [b]), graph.constant(floats(0.5), [1])]);
    const pairs = ['Add', 'Sub', 'Mul', 'Sum', 'Max', 'Min'].map((operator) => graph.node(operator, [bounded, b]));
    const ones = ['Abs', 'Neg', 'Exp', 'Relu', 'Sigmoid'].map((operator) => graph.node(operator, [b]));
    const roots = ['Sqrt', 'Log'].map((operator) => graph.node(operator, [positive]));
    const quotient = graph.node('Div', [b, positive]);
    const isBetween = graph.node('And', [
      graph.node('LessOrEqual', [b, positive]),
      graph.node('GreaterOrEqual', [b, graph.node('Neg', [positive])]),
    ]);
    return graph.node('Concat', [...pairs, ...ones, ...roots, quotient, graph.node('Cast', [isBetween], { to: 1 })], { axis: 1 });
  }),
  'a network in double precision: a product, looked-up rows, a layer on top': model(2, (graph, count, size, colour) => {
    const code = graph.node('LabelEncoder', [colour], { keys_strings: ['0', '#'], values_int64s: [1, 2], default_int64: 0 }, ml);
    const table = graph.constant(Float64Array.of(0, 0, 1 / 3, -2e-9, 1e5 + 1e-7, 4), [3, 2]);
    const looked = graph.node('Squeeze', [graph.node('Gather', [table, code], { axis: 0 }), graph.constant(integers(1n), [1])]);
    const limited = graph.node('Clip', [size, graph.constant(floats(-5), []), graph.constant(floats(5), [])]);
    const whole = graph.node('Div', [graph.node('Cast', [count], { to: 11 }), graph.constant(Float64Array.of(1e6), [1])]);
    const both = graph.node('Concat', [graph.node('Cast', [limited], { to: 11 }), whole], { axis: 1 });
    const product = graph.node('MatMul', [both, graph.constant(Float64Array.of(0.1, -1 / 7, 1e-3, 2), [2, 2])]);
    const sum = graph.node('Sum', [graph.constant(Float64Array.of(-1e5, 0.5), [1, 2]), product, looked]);
    // Large weights that nearly cancel each other: in single precision nothing would be left of the sums.
    const twice = graph.node('Concat', [sum, sum], { axis: 1 });
    const weights = graph.constant(Float64Array.of(1e7 + 0.5, 0, 0, 3e6 + 1, -1e7, 0, 0, -3e6), [4, 2]);
    const layer = graph.node('MatMul', [graph.node('Relu', [twice]), weights]);
    const tops = ['Sigmoid', 'Abs'].map((operator) => graph.node('Cast', [graph.node(operator, [layer])], { to: 1 }));
    return graph.node('Mul', [tops[0] as string, graph.node('Clip', [tops[1] as string, '', graph.constant(floats(9), [])])]);
  }),
  'whole numbers divided and compared': model(2, (graph, count) => {
    const halved = graph.node('Div', [count, graph.constant(integers(7n), [1])]);
    const isLarge = graph.node('Greater', [halved, graph.constant(integers(2n), [1])]);
    const either = graph.node('Or', [isLarge, graph.node('Less', [count, graph.constant(integers(0n), [1])])]);
    const parts = [graph.node('Cast', [graph.node('Not', [either])], { to: 1 }), graph.node('Cast', [isLarge], { to: 1 })];
    return graph.node('Concat', parts, { axis: 1 });
  }),
};

describe('compiled as the runtime evaluates it', () => {
  it.each(Object.entries(graphs))('%s', async (_name, bytes) => {
    expect(await differenceFromRuntime(bytes)).toBeLessThan(1e-6);
  });
});

describe('not compiled', () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      'what is computed across rows',
      model(1, (graph, _count, size) => graph.node('Concat', [size, size], { axis: 0 })),
      /Concat of rows/,
    ],
    ['an operator that is not in the list', model(1, (graph, _count, size) => graph.node('Erf', [size])), /operator Erf/],
    [
      'sums of columns in double precision',
      model(1, (graph, _count, size) =>
        graph.node('Cast', [graph.node('ReduceSum', [graph.node('Cast', [size], { to: 11 }), graph.constant(integers(1n))])], {
          to: 1,
        }),
      ),
      /double values where floats belong/,
    ],
  ])('%s', (_name, bytes, why) => {
    expect(() => compile(servable(bytes))).toThrow(Unsupported);
    expect(() => compile(servable(bytes))).toThrow(why);
  });

  it('a program that answers otherwise than the runtime is refused', async () => {
    const [right, wrong] = [1, 1.001].map((factor) =>
      model(1, (graph, _count, size) => graph.node('Mul', [size, graph.constant(floats(factor), [1])])),
    );
    const reference = await loadModel(right as Uint8Array, { compiled: false });
    const other = servable(wrong as Uint8Array);
    await expect(largestDifference(compile(other), probeBatch(other.signature), reference.run)).rejects.toThrow(/difference of/);
    await reference.close();
  });
});
