import { encodeModel, GraphBuilder, servable } from '@malachite/onnx';
import { describe, expect, it } from 'vitest';
import { compileKernels } from '../../../scripts/build-kernels.ts';
import { Batch } from '../../model/batch.ts';
import { loadModel } from '../../model/load-model.ts';
import { kernelsBase64 } from '../kernels-binary.ts';
import { compile } from '../program.ts';

it('the compiled kernels are what their source gives', async () => {
  expect(Buffer.from(await compileKernels()).toString('base64')).toBe(kernelsBase64);
});

/** Three trees of two splits over two features, all nodes of one mode. */
function stumps(mode: string, tracks: 0 | 1): Uint8Array {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 2]);
  const trees = [0, 1, 2];
  const repeat = <T>(list: readonly T[]): T[] => trees.flatMap(() => [...list]);
  const y = graph.node(
    'TreeEnsembleRegressor',
    [x],
    {
      n_targets: 1,
      nodes_treeids: { ints: trees.flatMap((tree) => Array<number>(5).fill(tree)) },
      nodes_nodeids: { ints: repeat([0, 1, 2, 3, 4]) },
      nodes_featureids: { ints: repeat([0, 1, 0, 0, 0]) },
      nodes_modes: repeat([mode, mode, 'LEAF', 'LEAF', 'LEAF']),
      nodes_values: { floats: trees.flatMap((tree) => [tree * 0.1, -1 + tree, 0, 0, 0]) },
      nodes_truenodeids: { ints: repeat([1, 3, 0, 0, 0]) },
      nodes_falsenodeids: { ints: repeat([2, 4, 0, 0, 0]) },
      nodes_missing_value_tracks_true: { ints: repeat([tracks, tracks, 0, 0, 0]) },
      target_treeids: { ints: trees.flatMap((tree) => [tree, tree, tree]) },
      target_nodeids: { ints: repeat([2, 3, 4]) },
      target_ids: { ints: repeat([0, 0, 0]) },
      target_weights: { floats: trees.flatMap((tree) => [1 + tree, 10 * tree + 0.25, -100 * tree - 3]) },
    },
    { domain: 'ai.onnx.ml' },
  );
  graph.output(y, 'y', 'float', [null, 1]);
  return encodeModel(graph.toModel({ graphName: 'stumps', producerName: 'malachite', producerVersion: '0', mlOpset: 1 }));
}

describe.each(['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE'])('nodes of mode %s', (mode) => {
  it.each([0, 1] as const)(
    'go where the runtime goes, at the thresholds and beside them; a missing value tracks true: %i',
    async (tracks) => {
      const bytes = stumps(mode, tracks);
      const found = servable(bytes);
      const model = await loadModel(bytes, { compiled: false });
      const single = Math.fround(0.1);
      const values = [
        -Infinity,
        -2,
        -1,
        -(2 ** -149),
        0,
        2 ** -149,
        single,
        single + 2 ** -27,
        single - 2 ** -27,
        0.2,
        1,
        2,
        Infinity,
      ];
      const whole = values.flatMap((a) => values.map((b) => [a, b]));
      const missing = [...values.map((a) => [a, Number.NaN]), ...values.map((b) => [Number.NaN, b]), [Number.NaN, Number.NaN]];
      for (const lists of [whole, [...whole, ...missing]]) {
        const batch = new Batch(found.signature);
        batch.append({ kind: 'matrix', lists });
        const expected = await model.run(batch);
        expect(compile(found).run(batch, 0, lists.length)?.values).toEqual(expected.values);
        expect(new Set(expected.values).size).toBeGreaterThan(4);
      }
      await model.close();
    },
  );
});

/** A generator of the same numbers every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A forest of 11 trees that have grown at random to so many leaves, over 5 features, with two targets. */
function forest(leaves: number): Uint8Array {
  const random = numbers(leaves);
  const nodes = { trees: [] as number[], ids: [] as number[], features: [] as number[], values: [] as number[] };
  const children = { yes: [] as number[], no: [] as number[], missing: [] as number[], modes: [] as string[] };
  const target = { trees: [] as number[], ids: [] as number[], nodes: [] as number[], weights: [] as number[] };
  for (let tree = 0; tree < 11; tree++) {
    const grown = [{ yes: 0, no: 0 }];
    const open = [0];
    while (open.length < leaves) {
      const [node] = open.splice(Math.floor(random() * open.length), 1) as [number];
      const [yes, no] = [grown.length, grown.length + 1];
      grown[node] = { yes, no };
      grown.push({ yes: 0, no: 0 }, { yes: 0, no: 0 });
      open.push(yes, no);
    }
    for (const [id, { yes, no }] of grown.entries()) {
      nodes.trees.push(tree);
      nodes.ids.push(id);
      nodes.features.push(Math.floor(random() * 5));
      nodes.values.push(Math.round(random() * 20) / 4 - 2.5);
      children.yes.push(yes);
      children.no.push(no);
      children.missing.push(random() < 0.5 ? 1 : 0);
      children.modes.push(yes === 0 ? 'LEAF' : 'BRANCH_LT');
      if (yes !== 0) continue;
      for (const k of [0, 1]) {
        target.trees.push(tree);
        target.nodes.push(id);
        target.ids.push(k);
        target.weights.push(random() * 2 - 1);
      }
    }
  }
  const graph = new GraphBuilder();
  const attributes = {
    n_targets: 2,
    nodes_treeids: { ints: nodes.trees },
    nodes_nodeids: { ints: nodes.ids },
    nodes_featureids: { ints: nodes.features },
    nodes_values: { floats: nodes.values },
    nodes_modes: children.modes,
    nodes_truenodeids: { ints: children.yes },
    nodes_falsenodeids: { ints: children.no },
    nodes_missing_value_tracks_true: { ints: children.missing },
    target_treeids: { ints: target.trees },
    target_nodeids: { ints: target.nodes },
    target_ids: { ints: target.ids },
    target_weights: { floats: target.weights },
  };
  const y = graph.node('TreeEnsembleRegressor', [graph.input('x', 'float', [null, 5])], attributes, { domain: 'ai.onnx.ml' });
  graph.output(y, 'y', 'float', [null, 2]);
  return encodeModel(graph.toModel({ graphName: 'forest', producerName: 'malachite', producerVersion: '0', mlOpset: 1 }));
}

// Up to 32 leaves have their bits in one word, up to 64 in two; beyond, and a row alone, trees are walked.
it.each([2, 31, 32, 33, 64, 65, 300])(
  'trees of %i leaves: the runtime’s sums to the bit, missing values included',
  async (leaves) => {
    const bytes = forest(leaves);
    const found = servable(bytes);
    const program = compile(found);
    const reference = await loadModel(bytes, { compiled: false });
    const random = numbers(7);
    const lists = Array.from({ length: 150 }, (_, row) =>
      Array.from({ length: 5 }, () => (row % 3 === 2 && random() < 0.3 ? Number.NaN : Math.round(random() * 24) / 4 - 3)),
    );
    const batch = new Batch(found.signature);
    batch.append({ kind: 'matrix', lists });
    const { values } = await reference.run(batch);
    expect(program.run(batch, 0, batch.rows)?.values).toEqual(values);
    for (const size of [1, 3, 6, 11]) {
      for (let at = 0; at + size <= batch.rows; at += size)
        expect(program.run(batch, at, at + size)?.values).toEqual(values?.slice(at * 2, (at + size) * 2));
    }
    await reference.close();
  },
);
