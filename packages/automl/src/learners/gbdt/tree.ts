/**
 * One decision tree as plain arrays, and the walks over it.
 *
 * Inner nodes are numbered 0 .. leafCount - 2, the root is 0. A child >= 0 is an inner node, a child < 0 is leaf `~child`.
 * Leaf values are float32 numbers, as the exported ONNX tree holds them.
 */
import type { FeatureMatrix } from '../../featurization/features.ts';

export type Tree = {
  readonly leafCount: number;
  readonly feature: Int32Array;
  /** Number features: `value <= threshold` goes left. */
  readonly threshold: Float32Array;
  /** Number features: 1 when a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** Category features: the codes that go left are `setCodes[setBegin[node] .. setBegin[node + 1])`, ascending. */
  readonly setBegin: Int32Array;
  readonly setCodes: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** How much the split lowered the loss. */
  readonly gain: Float64Array;
  /** One number a leaf; in a forest one an output, row-major leaves x outputs. */
  readonly leafValue: Float64Array;
};

/** A tree without a split that adds 0. */
export const singleLeaf: Tree = {
  leafCount: 1,
  feature: new Int32Array(0),
  threshold: new Float32Array(0),
  missingLeft: new Uint8Array(0),
  setBegin: new Int32Array(1),
  setCodes: new Int32Array(0),
  left: new Int32Array(0),
  right: new Int32Array(0),
  gain: new Float64Array(0),
  leafValue: new Float64Array(1),
};

/** The category codes that go left at `node`. */
export function leftCodes(tree: Tree, node: number): Int32Array {
  return tree.setCodes.subarray(tree.setBegin[node], tree.setBegin[node + 1]);
}

/** Writes the number of the leaf that each row falls into. */
export function leavesOfRows(tree: Tree, matrix: FeatureMatrix, leaves: Int32Array): void {
  const { feature, threshold, missingLeft, left, right } = tree;
  if (tree.leafCount === 1) {
    leaves.fill(0);
    return;
  }
  const numbers = matrix.numeric.length;
  const values = matrix.numeric.map((column) => column.values);
  const codes = matrix.categorical.map((column) => column.codes);
  const members = membership(tree, matrix);
  for (let row = 0; row < matrix.rowCount; row++) {
    let node = 0;
    while (node >= 0) {
      const j = feature[node] as number;
      let goesLeft: boolean;
      if (j < numbers) {
        const value = (values[j] as Float32Array)[row] as number;
        goesLeft = value <= (threshold[node] as number) || (missingLeft[node] === 1 && Number.isNaN(value));
      } else {
        const code = (codes[j - numbers] as Int32Array)[row] as number;
        goesLeft = (members[node] as Uint8Array)[code] === 1;
      }
      node = (goesLeft ? left[node] : right[node]) as number;
    }
    leaves[row] = ~node;
  }
}

/** Adds the tree's value for every row to `scores[row * stride + offset]`; a tree with one number a leaf. */
export function addTreeValues(tree: Tree, matrix: FeatureMatrix, scores: Float64Array, stride: number, offset: number): void {
  const leaves = new Int32Array(matrix.rowCount);
  leavesOfRows(tree, matrix, leaves);
  for (let row = 0, at = offset; row < leaves.length; row++, at += stride)
    scores[at] = (scores[at] as number) + (tree.leafValue[leaves[row] as number] as number);
}

/** One 0/1 a category code for each category split: is the code in the set that goes left? */
function membership(tree: Tree, matrix: FeatureMatrix): (Uint8Array | undefined)[] {
  return Array.from(tree.feature, (feature, node) => {
    const category = matrix.categorical[feature - matrix.numeric.length];
    if (category === undefined) return undefined;
    const member = new Uint8Array(category.labels.length + 1);
    for (const code of leftCodes(tree, node)) member[code] = 1;
    return member;
  });
}
