/**
 * Leaf-wise growth of one tree (Shi 2007; LightGBM): always split the leaf with the largest gain, build the histogram of
 * the smaller child from its rows, and get the larger one's by subtraction from the parent.
 */

import { bestSplit } from './best-split.ts';
import type { BinnedTable, CategoricalBins, NumericBins } from './binning.ts';
import type { RowRange } from './kernels.ts';
import type { BoostingParams } from './params.ts';
import { leafValue, type Split } from './split.ts';
import type { Tree } from './tree.ts';
import type { Workspace } from './workspace.ts';

/** The tree, with the walk over bins for rows of the training table, and the rows of every leaf. */
export type GrownTree = {
  readonly tree: Tree;
  /** One 0/1 a bin, for each inner node. */
  readonly goesLeft: readonly Uint8Array[];
  /** Leaf `l` holds `rows[leafBegin[l] .. leafBegin[l] + leafRows[l])`. */
  readonly rows: Int32Array;
  readonly leafBegin: Int32Array;
  readonly leafRows: Int32Array;
};

type Leaf = {
  readonly begin: number;
  readonly count: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly depth: number;
  readonly value: number;
  /** The inner node above, and whether this leaf is its left child; -1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
  /** The features a split is sought on; once sought, those that some split is worth on. */
  features: Int32Array;
  histogram: Float64Array | undefined;
  split: Split | undefined;
};

/**
 * Grows one tree from the gradient pairs in the workspace.
 * @param rows those of the tree, from the lowest, in the memory of the kernels; they are reordered leaf by leaf.
 * @param ascending whether each of them is above the one before it.
 * @param features the features the tree may use.
 */
export function growTree(
  table: BinnedTable,
  rows: Int32Array,
  ascending: boolean,
  features: Int32Array,
  params: BoostingParams,
  workspace: Workspace,
): GrownTree {
  const { kernels, layout, columns, rowBins, pairs, scratch, spare } = workspace;
  const nodes: { split: Split; left: number; right: number }[] = [];

  const rangeOf = ({ begin, count }: Leaf): RowRange => ({ rows, begin, end: begin + count });
  const histogramOf = (leaf: Leaf): Float64Array => {
    const histogram = spare.pop() ?? kernels.floats(2 * workspace.totalBins);
    kernels.buildHistograms(layout, leaf.features, rowBins, rangeOf(leaf), ascending, pairs, histogram);
    return histogram;
  };
  const findSplit = (leaf: Leaf): void => {
    const found = bestSplit(table.features, workspace, leaf.histogram as Float64Array, leaf.features, leaf, params);
    leaf.split = found.split;
    leaf.features = found.splittable;
    if (leaf.split === undefined) release(leaf);
  };
  const release = (leaf: Leaf): void => {
    if (leaf.histogram !== undefined) spare.push(leaf.histogram);
    leaf.histogram = undefined;
  };
  const canSplit = (leaf: Leaf): boolean =>
    (params.max_depth <= 0 || leaf.depth < params.max_depth) && leaf.count >= 2 * params.min_data_in_leaf && leaf.count > 1;

  const sums = kernels.sumPairs(pairs, { rows, begin: 0, end: rows.length });
  const leaves: Leaf[] = [rootLeaf(sums, rows.length, features, params)];
  const root = leaves[0] as Leaf;
  if (canSplit(root)) {
    root.histogram = histogramOf(root);
    findSplit(root);
  }

  while (leaves.length < params.num_leaves) {
    const at = mostPromising(leaves);
    if (at < 0) break;
    const parent = leaves[at] as Leaf;
    const split = parent.split as Split;
    const leftCount = kernels.partition(columns[split.feature] as Uint8Array, rangeOf(parent), split.goesLeft, scratch);
    const node = nodes.length;
    nodes.push({ split, left: 0, right: 0 });
    if (parent.parent >= 0) (nodes[parent.parent] as { left: number; right: number })[parent.isLeft ? 'left' : 'right'] = node;
    const [left, right] = children(parent, split, leftCount, node, params);
    leaves[at] = left;
    leaves.push(right);

    const full = leaves.length >= params.num_leaves;
    const wanted = full ? [] : [left, right].filter(canSplit);
    if (wanted.length === 0) {
      release(parent);
      continue;
    }
    const [small, large] = left.count <= right.count ? [left, right] : [right, left];
    small.histogram = histogramOf(small);
    large.histogram = parent.histogram as Float64Array;
    parent.histogram = undefined;
    kernels.subtractHistograms(layout, parent.features, large.histogram, small.histogram);
    for (const leaf of [left, right]) {
      if (wanted.includes(leaf)) findSplit(leaf);
      else release(leaf);
    }
  }
  for (const leaf of leaves) release(leaf);
  leaves.forEach((leaf, i) => {
    if (leaf.parent >= 0) (nodes[leaf.parent] as { left: number; right: number })[leaf.isLeft ? 'left' : 'right'] = ~i;
  });
  return {
    tree: asTree(table, nodes, leaves),
    goesLeft: nodes.map(({ split }) => split.goesLeft),
    rows,
    leafBegin: Int32Array.from(leaves, (leaf) => leaf.begin),
    leafRows: Int32Array.from(leaves, (leaf) => leaf.count),
  };
}

/** The first leaf with the largest gain; -1 when none can be split. */
function mostPromising(leaves: readonly Leaf[]): number {
  let best = -1;
  let bestGain = 0;
  for (let i = 0; i < leaves.length; i++) {
    const gain = leaves[i]?.split?.gain ?? 0;
    if (gain > bestGain) {
      best = i;
      bestGain = gain;
    }
  }
  return best;
}

function rootLeaf(
  [gradient, hessian]: readonly [number, number],
  count: number,
  features: Int32Array,
  params: BoostingParams,
): Leaf {
  const value = leafValue(gradient, hessian, params.lambda_l1, params.lambda_l2);
  return {
    begin: 0,
    count,
    gradient,
    hessian,
    depth: 0,
    value,
    parent: -1,
    isLeft: false,
    features,
    histogram: undefined,
    split: undefined,
  };
}

function children(parent: Leaf, split: Split, leftCount: number, node: number, params: BoostingParams): [Leaf, Leaf] {
  const child = (isLeft: boolean): Leaf => {
    const gradient = isLeft ? split.leftGradient : split.rightGradient;
    const hessian = isLeft ? split.leftHessian : split.rightHessian;
    return {
      begin: isLeft ? parent.begin : parent.begin + leftCount,
      count: isLeft ? leftCount : parent.count - leftCount,
      gradient,
      hessian,
      depth: parent.depth + 1,
      value: leafValue(gradient, hessian, params.lambda_l1, split.lambdaL2),
      parent: node,
      isLeft,
      features: parent.features,
      histogram: undefined,
      split: undefined,
    };
  };
  return [child(true), child(false)];
}

/** The tree in terms of values and category codes; leaf values are shrunk by the learning rate later. */
function asTree(
  table: BinnedTable,
  nodes: readonly { split: Split; left: number; right: number }[],
  leaves: readonly Leaf[],
): Tree {
  const count = nodes.length;
  const tree = {
    leafCount: leaves.length,
    feature: new Int32Array(count),
    threshold: new Float32Array(count),
    missingLeft: new Uint8Array(count),
    left: new Int32Array(count),
    right: new Int32Array(count),
    gain: new Float64Array(count),
    leafValue: new Float64Array(leaves.length),
  };
  const setBegin = new Int32Array(count + 1);
  const setCodes: number[] = [];
  for (let node = 0; node < count; node++) {
    const { split, left, right } = nodes[node] as { split: Split; left: number; right: number };
    const bins = table.features[split.feature] as NumericBins | CategoricalBins;
    tree.feature[node] = split.feature;
    tree.missingLeft[node] = split.missingLeft ? 1 : 0;
    tree.left[node] = left;
    tree.right[node] = right;
    tree.gain[node] = split.gain;
    if (bins.kind === 'numeric') tree.threshold[node] = bins.upperBounds[split.lastLeftBin] as number;
    else setCodes.push(...bins.codeOfBin.filter((_, bin) => split.goesLeft[bin] === 1).sort());
    setBegin[node + 1] = setCodes.length;
  }
  for (let leaf = 0; leaf < leaves.length; leaf++) tree.leafValue[leaf] = (leaves[leaf] as Leaf).value;
  return { ...tree, setBegin, setCodes: Int32Array.from(setCodes) };
}
