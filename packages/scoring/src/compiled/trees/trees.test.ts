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
