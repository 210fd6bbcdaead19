/**
 * A sum of trees as an ONNX TreeEnsembleRegressor: boosting's raw margins, a forest's averages.
 *
 * ai.onnx.ml 3 has no set test, so every distinct (category feature, set) that the trees ask for becomes one 0/1 column, looked
 * up by code in a constant table, and the tree tests `indicator > 0.5`.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures } from '../../featurization/features.ts';
import { leftCodes, type Tree } from './tree.ts';

/** `start[k]` + the values of trees `k`, `k + outputs`, ...; or of every tree, where a leaf has a number an output. */
export type TreeSum = { readonly outputs: number; readonly start: Float64Array; readonly trees: readonly Tree[] };

/**
 * Adds the ensemble to the graph.
 * @param categorySizes known categories of each category feature.
 * @returns float [n, outputs].
 */
export function emitTrees(
  model: TreeSum,
  numericCount: number,
  categorySizes: readonly number[],
  graph: GraphBuilder,
  features: EmittedFeatures,
): string {
  const sets = collectSets(model.trees, numericCount, categorySizes.length);
  const indicators = sets.flatMap((ofFeature, c) =>
    emitIndicators(graph, features.categorical[c] as string, categorySizes[c] as number, ofFeature),
  );
  const parts = features.numeric === undefined ? [] : [features.numeric];
  if (indicators.length > 0) parts.push(flatten(graph, indicators));
  // Trees that ask for nothing still need rows to answer: any category's codes say how many there are.
  if (parts.length === 0) parts.push(graph.node('Cast', [features.categorical[0] as string], { to: 1 }));
  const matrix = parts.length === 1 ? (parts[0] as string) : graph.node('Concat', parts, { axis: 1 });
  return graph.node('TreeEnsembleRegressor', [matrix], treeAttributes(model, numericCount, sets), { domain: 'ai.onnx.ml' });
}

/** Distinct sets of one category feature: the set's codes joined -> its number among all indicators. */
type FeatureSets = ReadonlyMap<string, number>;

const keyOf = (codes: Int32Array): string => codes.join(',');

function collectSets(trees: readonly Tree[], numericCount: number, categoricalCount: number): FeatureSets[] {
  const keys = Array.from({ length: categoricalCount }, () => new Set<string>());
  for (const tree of trees) {
    tree.feature.forEach((feature, node) => {
      if (feature >= numericCount) (keys[feature - numericCount] as Set<string>).add(keyOf(leftCodes(tree, node)));
    });
  }
  let next = 0;
  return keys.map((ofFeature) => new Map([...ofFeature].map((key) => [key, next++])));
}

/** float [n, 1, sets]: is the code in each of the feature's sets? Nothing when no tree asks. */
function emitIndicators(graph: GraphBuilder, codes: string, categories: number, sets: FeatureSets): string[] {
  if (sets.size === 0) return [];
  const table = new Float32Array((categories + 1) * sets.size);
  [...sets.keys()].forEach((key, s) => {
    for (const code of key.split(',')) table[Number(code) * sets.size + s] = 1;
  });
  return [graph.node('Gather', [graph.constant(table, [categories + 1, sets.size]), codes], { axis: 0 })];
}

/** float [n, all sets] from the [n, 1, sets] of each feature. */
function flatten(graph: GraphBuilder, indicators: readonly string[]): string {
  const joined = indicators.length === 1 ? (indicators[0] as string) : graph.node('Concat', indicators, { axis: 2 });
  return graph.node('Squeeze', [joined, graph.constant(BigInt64Array.of(1n), [1])]);
}

function treeAttributes(model: TreeSum, numericCount: number, sets: readonly FeatureSets[]) {
  const nodes = model.trees.reduce((count, tree) => count + 2 * tree.leafCount - 1, 0);
  const ids = () => new Int32Array(nodes);
  const [treeIds, nodeIds, featureIds, trueIds, falseIds, missingTrue] = [ids(), ids(), ids(), ids(), ids(), ids()];
  const values = new Float32Array(nodes);
  const modes: string[] = [];
  const [leafTrees, leafNodes, leafTargets, leafWeights]: [number[], number[], number[], number[]] = [[], [], [], []];
  let at = 0;
  model.trees.forEach((tree, t) => {
    const inner = tree.leafCount - 1;
    // Inner nodes keep their number, leaf l is node inner + l.
    const idOf = (child: number) => (child >= 0 ? child : inner + ~child);
    for (let node = 0; node < inner; node++, at++) {
      const feature = tree.feature[node] as number;
      const isSet = feature >= numericCount;
      treeIds[at] = t;
      nodeIds[at] = node;
      featureIds[at] = isSet
        ? numericCount + (sets[feature - numericCount]?.get(keyOf(leftCodes(tree, node))) as number)
        : feature;
      values[at] = isSet ? 0.5 : (tree.threshold[node] as number);
      trueIds[at] = idOf(tree.left[node] as number);
      falseIds[at] = idOf(tree.right[node] as number);
      missingTrue[at] = isSet ? 0 : (tree.missingLeft[node] as number);
      modes.push(isSet ? 'BRANCH_GT' : 'BRANCH_LEQ');
    }
    const width = tree.leafValue.length / tree.leafCount;
    for (let leaf = 0; leaf < tree.leafCount; leaf++, at++) {
      treeIds[at] = t;
      nodeIds[at] = inner + leaf;
      modes.push('LEAF');
      // Of many classes most have no share in a leaf: zeros are left out, but for the first, for a leaf must have a number.
      for (let k = 0; k < width; k++) {
        const value = tree.leafValue[leaf * width + k] as number;
        if (value === 0 && k > 0) continue;
        leafTrees.push(t);
        leafNodes.push(inner + leaf);
        leafTargets.push(width === 1 ? t % model.outputs : k);
        leafWeights.push(value);
      }
    }
  });
  return {
    n_targets: model.outputs,
    aggregate_function: 'SUM',
    post_transform: 'NONE',
    base_values: Float32Array.from(model.start),
    nodes_treeids: treeIds,
    nodes_nodeids: nodeIds,
    nodes_featureids: featureIds,
    nodes_values: values,
    nodes_modes: modes,
    nodes_truenodeids: trueIds,
    nodes_falsenodeids: falseIds,
    nodes_missing_value_tracks_true: missingTrue,
    target_treeids: Int32Array.from(leafTrees),
    target_nodeids: Int32Array.from(leafNodes),
    target_ids: Int32Array.from(leafTargets),
    target_weights: Float32Array.from(leafWeights),
  };
}
