/** A tree ensemble as ONNX has it, read into lists: one place a node, every comparison of one kind. */
import type { Node } from '../node.ts';
import type { FloatSlot } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';

export interface Ensemble {
  /** The place of each tree's root, in the order in which the trees are added up. */
  readonly roots: readonly number[];
  /** The node for a value <= the threshold, a node; -1 for a leaf. */
  readonly first: Int32Array;
  /** The node for any other value, a missing one included. */
  readonly second: Int32Array;
  readonly thresholds: Float32Array;
  /** Where the column that a node asks about begins among the heap's floats. */
  readonly columns: Int32Array;
  /** 1 where a missing value goes to the first node all the same. */
  readonly missingToFirst: Uint8Array;
  /** The number of a node's values; -1 for a branch. */
  readonly leaves: Int32Array;
  /** `targets` a leaf. */
  readonly values: Float32Array;
  readonly targets: number;
}

/**
 * @param weights which attributes hold the leaves' values: `class` or `target`
 * @param targets values a leaf adds to
 * @throws Unsupported for what is no forest, for ids of targets beyond, and for nodes that compare otherwise
 */
export function readEnsemble(node: Node, weights: 'class' | 'target', targets: number, features: FloatSlot): Ensemble {
  const trees = node.integers('nodes_treeids');
  const find = finder(trees, node.integers('nodes_nodeids'));
  const given = {
    modes: node.texts('nodes_modes'),
    features: node.integers('nodes_featureids'),
    thresholds: node.floats('nodes_values'),
    yes: node.integers('nodes_truenodeids'),
    no: node.integers('nodes_falsenodeids'),
  };
  if (Object.values(given).some((list) => list.length !== trees.length)) throw new Unsupported('trees in double precision');
  const tracksTrue = node.integers('nodes_missing_value_tracks_true');
  const lists = {
    first: new Int32Array(trees.length).fill(-1),
    second: new Int32Array(trees.length).fill(-1),
    thresholds: new Float32Array(trees.length),
    columns: new Int32Array(trees.length),
    missingToFirst: new Uint8Array(trees.length),
    leaves: new Int32Array(trees.length).fill(-1),
  };
  let leafCount = 0;
  for (const [i, mode] of given.modes.entries()) {
    if (mode === 'LEAF') {
      lists.leaves[i] = leafCount++;
      continue;
    }
    const tree = trees[i] as number;
    const { threshold, isSwapped } = branch(mode, given.thresholds[i] as number);
    const column = features.columns[given.features[i] as number];
    if (column === undefined) throw new Unsupported('a tree that asks for more features than there are');
    const [yes, no] = [find(tree, given.yes[i] as number), find(tree, given.no[i] as number)];
    lists.first[i] = isSwapped ? no : yes;
    lists.second[i] = isSwapped ? yes : no;
    lists.thresholds[i] = threshold;
    lists.columns[i] = column;
    // A missing value takes the false child unless it tracks the true one.
    lists.missingToFirst[i] = (tracksTrue[i] === 1) !== isSwapped ? 1 : 0;
  }
  const values = new Float32Array(leafCount * targets);
  const [inTrees, atNodes, ids] = ['treeids', 'nodeids', 'ids'].map((name) => node.integers(`${weights}_${name}`));
  for (const [i, weight] of node.floats(`${weights}_weights`).entries()) {
    const target = ids?.[i] as number;
    const leaf = lists.leaves[find(inTrees?.[i] as number, atNodes?.[i] as number)] as number;
    if (target >= targets || leaf === -1) throw new Unsupported('a leaf with an unknown class');
    values[leaf * targets + target] = (values[leaf * targets + target] as number) + weight;
  }
  return { roots: rootsOf(trees, lists.first, lists.second), ...lists, values, targets };
}

/** Whether some node sends missing values to its first child. */
export function tracksMissing({ missingToFirst }: Ensemble): boolean {
  return missingToFirst.includes(1);
}

/** The columns that some node asks about. */
export function askedColumns({ columns, leaves }: Ensemble): number[] {
  return [...new Set(columns.filter((_, i) => leaves[i] === -1))];
}

/** @returns the place of a tree's node in the lists */
function finder(trees: readonly number[], ids: readonly number[]): (tree: number, id: number) => number {
  const spread = ids.reduce((most, id) => Math.max(most, id), 0) + 1;
  const places = new Map(ids.map((id, i) => [(trees[i] as number) * spread + id, i]));
  return (tree, id) => {
    const found = places.get(tree * spread + id);
    if (found === undefined) throw new Unsupported('a tree with a missing node');
    return found;
  };
}

/** A tree begins where the list comes to it. @throws Unsupported when some node has two parents: then a walk might never end */
function rootsOf(trees: readonly number[], ...children: readonly Int32Array[]): number[] {
  const roots = trees.flatMap((tree, i) => (i === 0 || trees[i - 1] !== tree ? [i] : []));
  if (new Set(roots.map((i) => trees[i])).size !== roots.length) throw new Unsupported('trees whose nodes are mixed');
  const hasParent = new Uint8Array(trees.length);
  for (const root of roots) hasParent[root] = 1;
  for (const list of children) {
    for (const child of list) {
      if (child === -1) continue;
      if (hasParent[child] === 1) throw new Unsupported('trees whose branches meet');
      hasParent[child] = 1;
    }
  }
  return roots;
}

/** Every comparison as "first child when <=": `x < t` is `x <= t'` for the next smaller float, `x > t` the same with the children swapped. */
function branch(mode: string, threshold: number): { threshold: number; isSwapped: boolean } {
  switch (mode) {
    case 'BRANCH_LEQ':
      return { threshold, isSwapped: false };
    case 'BRANCH_LT':
      return { threshold: below(threshold), isSwapped: false };
    case 'BRANCH_GT':
      return { threshold, isSwapped: true };
    case 'BRANCH_GTE':
      return { threshold: below(threshold), isSwapped: true };
    default:
      throw new Unsupported(`tree nodes of mode ${mode}`);
  }
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The next smaller single-precision number. */
function below(value: number): number {
  float[0] = value;
  if (float[0] === 0) return -(2 ** -149);
  if (float[0] === -Infinity || Number.isNaN(value)) throw new Unsupported('a threshold below all numbers');
  bits[0] = (bits[0] as number) + (float[0] > 0 ? -1 : 1);
  return float[0];
}
