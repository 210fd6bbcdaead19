import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeModel,
  elementType,
  embedSignature,
  encodeModel,
  GraphBuilder,
  type ModelProto,
  makeAttribute,
  servable,
} from './index.ts';

const shared = new URL('../../../../shared/models/', import.meta.url);
const withExports = it.skipIf(!existsSync(shared));
const named = { graphName: 'test', producerName: 'malachite', producerVersion: '0' };

/** What each of the engine's exports answers, as its own recordings say. */
function engineModels(): { name: string; classes: (string | number | boolean)[] | null; task: string; batch: boolean }[] {
  const index = new URL('engine/index.json', shared);
  if (!existsSync(index)) return [];
  const entries = JSON.parse(readFileSync(index, 'utf8')) as { name: string; task: string; batch: boolean }[];
  return entries
    .filter(({ name }) => existsSync(new URL(`engine/${name}/model.onnx`, shared)))
    .map(({ name, task, batch }) => {
      const expected = JSON.parse(readFileSync(new URL(`engine/${name}/expected.json`, shared), 'utf8'));
      return { name, task, batch, classes: expected.classes };
    });
}

/** A linear classifier over [n, 2] whose probabilities leave through a ZipMap, as scikit-learn's exporter writes it. */
function zipMapped(): ModelProto {
  const graph = new GraphBuilder();
  const x = graph.input('X', 'float', [null, 2]);
  const [label, scores] = graph.nodes(
    'LinearClassifier',
    [x],
    {
      coefficients: [1, 0, 0, 1],
      intercepts: [0, 0],
      classlabels_strings: ['cat', 'dog'],
      multi_class: 0,
      post_transform: 'SOFTMAX',
    },
    { domain: 'ai.onnx.ml', outputs: 2 },
  ) as [string, string];
  const maps = graph.node('ZipMap', [scores], { classlabels_strings: ['cat', 'dog'] }, { domain: 'ai.onnx.ml' });
  graph.output(label, 'output_label', 'string', [null]);
  graph.output(maps, 'output_probability', 'float', [null, 2]);
  const model = graph.toModel(named);
  const nodes = model.graph?.node ?? [];
  // The builder names outputs through Identity; ZipMap must be the one that makes the output, of a sequence type.
  const zipMap = nodes.find(({ opType }) => opType === 'ZipMap');
  const through = nodes.findIndex(({ name }) => name === 'output_output_probability');
  nodes.splice(through, 1);
  if (zipMap !== undefined) zipMap.output = ['output_probability'];
  const output = model.graph?.output[1];
  const mapType = { keyType: elementType.string, valueType: { tensorType: { elemType: elementType.float } } };
  if (output !== undefined) output.type = { sequenceType: { elemType: { mapType } } };
  return decodeModel(encodeModel(model));
}

describe('servable', () => {
  it('turns a ZipMap output into a tensor and keeps its labels', () => {
    const { signature, rewritten, model } = servable(encodeModel(zipMapped()));
    expect(rewritten).toEqual(['Output "output_probability" was a list of maps (ZipMap); it is a float tensor [n, 2] now.']);
    expect(model.graph?.node.map(({ opType }) => opType)).not.toContain('ZipMap');
    expect(signature.classes).toEqual(['cat', 'dog']);
    expect(signature.outputs.map(({ name, role, dims }) => ({ name, role, dims }))).toEqual([
      { name: 'output_label', role: 'label', dims: [null] },
      { name: 'output_probability', role: 'probabilities', dims: [null, 2] },
    ]);
    expect(signature.inputs[0]?.columns.map(({ name }) => name)).toEqual(['X_0', 'X_1']);
  });

  it('lays a list of tensors side by side, brings rows to the front, and lets 16-bit floats be written as numbers', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float', [null, 2]);
    const stacked = graph.node('Unsqueeze', [x, graph.constant(new BigInt64Array([0n]))]);
    graph.output(graph.node('Concat', [stacked, stacked, stacked], { axis: 0 }), 'three', 'float', [3, null, 2]);
    graph.output(graph.node('SequenceConstruct', [x, x]), 'both', 'float', [null, 2]);
    graph.output(x, 'half', 'float', [null, 2]);
    const model = decodeModel(encodeModel(graph.toModel(named)));
    const nodes = model.graph?.node ?? [];
    // The builder knows no lists and no 16-bit floats: they are declared by hand.
    const [, both, half] = model.graph?.output ?? [];
    const list = nodes.find(({ opType }) => opType === 'SequenceConstruct');
    if (list === undefined || both === undefined || half === undefined) throw new Error('The graph lacks what it was built of.');
    nodes.splice(
      nodes.findIndex(({ output }) => output[0] === 'both'),
      1,
    );
    list.output = ['both'];
    both.type = { sequenceType: { elemType: { tensorType: { elemType: elementType.float } } } };
    Object.assign(half.type?.tensorType ?? {}, { elemType: elementType.float16 });
    Object.assign(nodes.find(({ output }) => output[0] === 'half') ?? {}, {
      opType: 'Cast',
      attribute: [makeAttribute('to', elementType.float16)],
    });
    const { rewritten, signature, model: changed } = servable(encodeModel(model));
    expect(rewritten).toEqual([
      'Output "both" was a list of 2 tensors; they are side by side in one now.',
      'Output "three" had its rows in the second dimension; they are in the first now.',
      'Output "half" gave 16-bit floats; it gives floats now.',
    ]);
    expect(signature.outputs.map(({ name, elementType, dims }) => [name, elementType, dims])).toEqual([
      ['three', 'float', [null, 3, 2]],
      ['both', 'float', [null, null]],
      ['half', 'float', [null, 2]],
    ]);
    expect(changed.graph?.node.map(({ opType }) => opType)).toContain('Transpose');
  });

  it('knows how wide a matrix of free width must be at least', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float', [null, null]);
    graph.output(graph.node('MatMul', [x, graph.constant(new Float32Array(5), [5, 1])]), 'y', 'float', [null, 1]);
    expect(servable(encodeModel(graph.toModel(named))).signature.inputs[0]).toMatchObject({ columns: [], leastWidth: 5 });
  });

  it('hands back the very bytes when there is nothing to rewrite', () => {
    const graph = new GraphBuilder();
    graph.output(graph.input('x', 'float', [null, 1]), 'y', 'float', [null, 1]);
    const bytes = encodeModel(graph.toModel(named));
    expect(servable(bytes).bytes).toBe(bytes);
    expect(servable(bytes).signature.task).toBe('regression');
  });

  it('reads the raw column names, categories and classes that our own exports carry', () => {
    const graph = new GraphBuilder();
    graph.output(graph.input('emp_var_rate', 'float', [null, 1]), 'variable', 'float', [null, 1]);
    const column = { name: 'emp.var.rate', input: 'emp_var_rate', type: 'number' as const, example: 1.1 };
    const metadata = embedSignature({ task: 'regression', target: 'y', columns: [column] });
    const { signature } = servable(encodeModel(graph.toModel({ ...named, metadata })));
    expect(signature.target).toBe('y');
    expect(signature.inputs[0]?.columns).toEqual([{ name: 'emp.var.rate', type: 'number', nullable: true, example: 1.1 }]);
    expect(signature.inputs[0]?.missingText).toBe('');
  });

  withExports('knows task, classes and batch of the exports that Azure AutoML made', () => {
    const seen = engineModels();
    expect(seen.length).toBeGreaterThan(20);
    for (const { name, task, classes, batch } of seen) {
      const { signature } = servable(readFileSync(new URL(`engine/${name}/model.onnx`, shared)));
      expect({ name, task: signature.task, batch: signature.batch === null }).toEqual({ name, task, batch });
      const spelled = classes?.map((label) => (typeof label === 'boolean' ? (label ? 'True' : 'False') : label));
      expect({ name, classes: signature.classes }).toEqual({ name, classes: spelled ?? undefined });
      expect(signature.autoML?.AutoMLSDKVer).toBe('1.62.0');
    }
  });

  withExports('knows dates, which the graph wants spelled in full, and integers that may be missing', () => {
    const { signature } = servable(readFileSync(new URL('engine/mixed_votingensemble/model.onnx', shared)));
    const input = (name: string) => signature.inputs.find((candidate) => candidate.name === name);
    expect(input('signup')).toMatchObject({ fullDates: true, columns: [{ type: 'date', example: '2021-03-01 12:38:28' }] });
    expect(input('comment')).toMatchObject({ fullDates: false, columns: [{ name: 'comment', type: 'string', nullable: true }] });
    expect([input('age')?.columns[0]?.nullable, input('visits')?.columns[0]?.nullable]).toEqual([true, false]);
  });

  it('knows the categories of a matrix’s columns, where the graph takes them out one by one', () => {
    const graph = new GraphBuilder();
    const x = graph.input('X', 'string', [null, 3]);
    const taken = (column: number, categories: string[]): string => {
      const texts = graph.node('Gather', [x, graph.constant(new BigInt64Array([BigInt(column)]), [1])], { axis: 1 });
      return graph.node('OneHotEncoder', [texts], { cats_strings: categories, zeros: 0 }, { domain: 'ai.onnx.ml' });
    };
    const both = graph.node('Concat', [taken(0, ['a', 'b']), taken(2, ['x', 'y', 'z'])], { axis: -1 });
    graph.output(both, 'y', 'float', [null, null]);
    const [input] = servable(encodeModel(graph.toModel(named))).signature.inputs;
    expect(input?.columns).toEqual([
      { name: 'X_0', type: 'string', nullable: true, categories: ['a', 'b'], example: 'a' },
      { name: 'X_1', type: 'string', nullable: true },
      { name: 'X_2', type: 'string', nullable: true, categories: ['x', 'y', 'z'], example: 'x' },
    ]);
  });

  it('lays a list of vectors side by side, and does not take a free width beside other inputs', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float', [null]);
    graph.output(graph.node('SequenceConstruct', [x, x]), 'y', 'float', [null]);
    const model = graph.toModel(named);
    // The builder names outputs through Identity; the list must be made by the output's own node.
    const list = model.graph?.node.shift();
    Object.assign(model.graph?.node[0] ?? {}, { ...list, output: ['y'] });
    const [output] = model.graph?.output ?? [];
    const tensorType = output?.type?.tensorType;
    Object.assign(output ?? {}, { type: { sequenceType: { elemType: { tensorType } } } });
    const { model: served, rewritten } = servable(encodeModel(model));
    expect(served.graph?.node.map(({ opType }) => opType)).toEqual(['Flatten', 'Flatten', 'Concat']);
    expect(rewritten).toEqual(['Output "y" was a list of 2 tensors; they are side by side in one now.']);

    const open = new GraphBuilder();
    const wide = open.node('ReduceSum', [open.input('wide', 'float', [null, null])]);
    open.output(open.node('Add', [wide, open.input('z', 'float', [null, 1])]), 'y', 'float', [null, 1]);
    expect(() => servable(encodeModel(open.toModel(named)))).toThrow(
      '"wide" is a tensor [n, n] of free width beside other inputs',
    );
  });

  withExports('knows the classes of the 2020 voting ensemble, behind an old LabelEncoder', () => {
    const { signature } = servable(readFileSync(new URL('bankmarketing_votingensemble.onnx', shared)));
    expect(signature.classes).toEqual(['no', 'yes']);
    expect(signature.autoML?.AutoMLSDKVer).toBe('1.18.0');
    expect(signature.inputs.map(({ name }) => name)).toContain('emp_var_rate');
    const column = (name: string) => signature.inputs.find((input) => input.name === name)?.columns[0];
    expect(column('marital')).toMatchObject({ type: 'string', categories: ['divorced', 'married', 'single', 'unknown'] });
    expect(column('age')).toMatchObject({ type: 'integer', example: 40, nullable: false });
  });
});

describe('a file that cannot be served', () => {
  const sound = encodeModel(zipMapped());
  /** A graph in an attribute of a node of a graph, and so on: fields 7 (graph), 1 (node), 5 (attribute), 6 (g). */
  const nested = (depth: number): Uint8Array => {
    const heads: Buffer[] = [];
    let size = 0;
    for (let level = 0; level < depth * 3; level++) {
      const tag = [0x32, 0x2a, 0x0a][level % 3] as number;
      const length = varint(size);
      heads.push(Buffer.from([tag, ...length]));
      size += 1 + length.length;
    }
    return Buffer.concat([Buffer.from([0x08, 8, 0x3a, ...varint(size)]), ...heads.reverse()]);
  };
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
  const broken = (change: (model: ModelProto) => void): Uint8Array => {
    const model = decodeModel(sound);
    change(model);
    return encodeModel(model);
  };

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /empty/],
    ['text', Buffer.from('hello, I am a text file\n'.repeat(40)), /text file.*It begins with "hello, I am a text file"\.$/],
    ['text in Greek', Buffer.from('α'.repeat(500)), /text file, not an ONNX file/],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html>'), /web page/],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip archive/],
    ['a Keras file', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /Keras/],
    ['bytes of no known kind', Buffer.from([0xff, 0xfe, 0xfd, 7, 7, 7]), /not an ONNX file: its 6 bytes are no protocol buffer/],
    ['a safetensors file', Buffer.from('\x10\0\0\0\0\0\0\0{"w": {}}', 'latin1'), /safetensors/],
    ['graphs in graphs without end', nested(20_000), /too deeply/],
    [
      'a row of a thousand million values',
      broken((model) => {
        const size = model.graph?.input[0]?.type?.tensorType?.shape?.dim[1];
        Object.assign(size ?? {}, { dimValue: 1e9 });
      }),
      /more than 1000000 values a run/,
    ],
    ['a zip archive', Buffer.from('PK\u0003\u0004rest of it'), /zip archive/],
    ['a pickle', Buffer.from([0x80, 4, 0x95, 1, 2, 3]), /pickle/],
    ['half a file', sound.subarray(0, sound.length >> 1), /cut off/],
    ['a model without a graph', broken((model) => delete model.graph), /no graph/],
    [
      'a dangling input',
      broken((model) => model.graph?.node[0]?.input.splice(0, 1, 'nowhere')),
      /"nowhere", which nothing before it makes/,
    ],
    ['a name made twice', broken((model) => model.graph?.node.push({ ...model.graph.node[0]!, name: 'again' })), /defined twice/],
    [
      'data in another file',
      broken((model) => {
        const entry = { key: 'location', value: '../../etc/passwd' };
        model.graph?.initializer.push({
          name: 'far',
          dims: [1],
          dataType: elementType.float,
          dataLocation: 1,
          externalData: [entry],
          floatData: [],
          int32Data: [],
          int64Data: [],
          uint64Data: [],
          doubleData: [],
          stringData: [],
        });
      }),
      /another file \("\.\.\/\.\.\/etc\/passwd"\)/,
    ],
    [
      'a custom operator',
      broken(
        (model) =>
          Object.assign(model.graph?.node[0] ?? {}, { domain: 'my.ops' }) &&
          model.opsetImport.push({ domain: 'my.ops', version: 1 }),
      ),
      /custom operator/,
    ],
  ])('is refused with a sentence: %s', (_, bytes, sentence) => {
    expect(() => servable(bytes)).toThrow(sentence);
  });
});
