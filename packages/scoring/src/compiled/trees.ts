/** A tree ensemble laid out for the WebAssembly kernel (`assembly/trees.ts` says how a node looks). */
import type { Node } from './node.ts';
import { BLOCK } from './slot.ts';
import { treesBase64 } from './trees-binary.ts';
import { Unsupported } from './unsupported.ts';

export interface TreeSums {
  /**
   * Sums the leaves that each row falls into.
   *
   * @param rows `[count, width]`, at most `BLOCK` rows
   * @returns `[count, targets]`, valid until the next call
   */
  sum(rows: Float32Array, count: number): Float32Array;
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  sumLeaves(rows: number, count: number, width: number, roots: number, trees: number, out: number, targets: number): void;
}

const NODE_BYTES = 16;
const LEAF = 2;
const PAGE = 65536;
const kernelModule = new WebAssembly.Module(Buffer.from(treesBase64, 'base64'));

/**
 * @param weights which attributes hold the leaves' values: `class` or `target`
 * @param targets values a leaf adds to; ids beyond are refused
 * @param width features a row
 * @throws Unsupported
 */
export function treeSums(node: Node, weights: 'class' | 'target', targets: number, width: number): TreeSums {
  const { words, trees, valuesEnd } = layOut(readNodes(node), readLeaves(node, weights), targets, width);
  const rowsAt = valuesEnd;
  const outAt = rowsAt + BLOCK * width * 4;
  const { sumLeaves, memory } = new WebAssembly.Instance(kernelModule, {}).exports as unknown as Kernel;
  memory.grow(Math.ceil((outAt + BLOCK * targets * 4) / PAGE));
  new Uint32Array(memory.buffer).set(words);
  const into = new Float32Array(memory.buffer, rowsAt, BLOCK * width);
  const out = new Float32Array(memory.buffer, outAt, BLOCK * targets);
  return {
    sum(rows, count) {
      for (let i = 0; i < count * width; i++) into[i] = rows[i] as number;
      out.fill(0, 0, count * targets);
      sumLeaves(rowsAt, count, width, 0, trees, outAt, targets);
      return out;
    },
  };
}

/** The nodes as lists, and where a node is in them. */
interface Nodes {
  readonly trees: readonly number[];
  readonly modes: readonly string[];
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly yes: readonly number[];
  readonly no: readonly number[];
  readonly missing: readonly number[];
  at(tree: number, id: number): number;
}

interface Leaves {
  readonly trees: readonly number[];
  readonly nodes: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

function readNodes(node: Node): Nodes {
  const trees = node.integers('nodes_treeids');
  const ids = node.integers('nodes_nodeids');
  const spread = ids.reduce((most, id) => Math.max(most, id), 0) + 1;
  const place = new Map(ids.map((id, i) => [(trees[i] as number) * spread + id, i]));
  const lists = {
    modes: node.texts('nodes_modes'),
    features: node.integers('nodes_featureids'),
    thresholds: node.floats('nodes_values'),
    yes: node.integers('nodes_truenodeids'),
    no: node.integers('nodes_falsenodeids'),
  };
  if (Object.values(lists).some((list) => list.length !== trees.length)) throw new Unsupported('trees in double precision');
  return {
    trees,
    ...lists,
    missing: node.integers('nodes_missing_value_tracks_true'),
    at(tree, id) {
      const found = place.get(tree * spread + id);
      if (found === undefined) throw new Unsupported('a tree with a missing node');
      return found;
    },
  };
}

function readLeaves(node: Node, weights: 'class' | 'target'): Leaves {
  return {
    trees: node.integers(`${weights}_treeids`),
    nodes: node.integers(`${weights}_nodeids`),
    targets: node.integers(`${weights}_ids`),
    weights: node.floats(`${weights}_weights`),
  };
}

/** Roots, nodes and the values of the leaves, one after the other, as the kernel's memory begins. */
function layOut(
  nodes: Nodes,
  leaves: Leaves,
  targets: number,
  width: number,
): { words: Uint32Array; trees: number; valuesEnd: number } {
  const count = nodes.trees.length;
  // Roots in the order of their trees: where the list begins a new tree.
  const roots = nodes.trees.flatMap((tree, i) => (i === 0 || nodes.trees[i - 1] !== tree ? [i] : []));
  if (new Set(roots.map((i) => nodes.trees[i])).size !== roots.length) throw new Unsupported('trees whose nodes are mixed');
  const trees = Math.ceil(roots.length / 4) * 4;
  const nodesAt = trees * 4;
  // One node more: the leaf that is the whole of the trees that fill up the last group of four, and adds nothing.
  const valuesAt = nodesAt + (count + 1) * NODE_BYTES;
  const valuesEnd = valuesAt + (count + 1) * targets * 4;
  const words = new Uint32Array(valuesEnd / 4);
  const floats = new Float32Array(words.buffer);
  const address = (i: number): number => nodesAt + i * NODE_BYTES;

  for (let t = 0; t < trees; t++) words[t] = address(roots[t] ?? count);
  for (let i = 0; i <= count; i++) {
    const word = address(i) / 4;
    if (i === count || nodes.modes[i] === 'LEAF') {
      words.set([LEAF, valuesAt + i * targets * 4, address(i), address(i)], word);
      continue;
    }
    const [tree, feature] = [nodes.trees[i] as number, nodes.features[i] as number];
    const { threshold, swapped } = branch(nodes.modes[i] as string, nodes.thresholds[i] as number);
    const yes = address(nodes.at(tree, nodes.yes[i] as number));
    const no = address(nodes.at(tree, nodes.no[i] as number));
    if (feature >= width) throw new Unsupported('a tree that asks for more features than there are');
    // A missing value takes the false child unless it tracks the true one.
    const toFirst = (nodes.missing[i] === 1) !== swapped;
    words.set([feature * 4 + (toFirst ? 1 : 0), 0, swapped ? no : yes, swapped ? yes : no], word);
    floats[word + 1] = threshold;
  }
  for (const [i, weight] of leaves.weights.entries()) {
    const target = leaves.targets[i] as number;
    if (target >= targets) throw new Unsupported('a leaf with an unknown class');
    const leaf = nodes.at(leaves.trees[i] as number, leaves.nodes[i] as number);
    const value = valuesAt / 4 + leaf * targets + target;
    floats[value] = (floats[value] as number) + weight;
  }
  return { words, trees, valuesEnd };
}

/** Every comparison as "first child when <=": `x < t` is `x <= t'` for the next smaller float, `x > t` the same with the children swapped. */
function branch(mode: string, threshold: number): { threshold: number; swapped: boolean } {
  switch (mode) {
    case 'BRANCH_LEQ':
      return { threshold, swapped: false };
    case 'BRANCH_LT':
      return { threshold: below(threshold), swapped: false };
    case 'BRANCH_GT':
      return { threshold, swapped: true };
    case 'BRANCH_GTE':
      return { threshold: below(threshold), swapped: true };
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
