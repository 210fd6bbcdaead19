/**
 * One tree of a forest: always the leaf is split that gains most, until there are enough leaves (as scikit-learn grows trees with
 * `max_leaf_nodes`). Every leaf looks at a few features drawn for it alone.
 */
import type { FeatureMatrix } from '../../featurization/features.ts';
import type { Random } from '../../random.ts';
import type { Tree } from '../gbdt/tree.ts';
import type { Criterion } from './criterion.ts';
import { type LeafSplit, type SplitSearch, sideOf } from './splits.ts';

export type GrowthLimits = {
  readonly mostLeaves: number;
  /** Most levels of splits; below 0 is no limit. */
  readonly maxDepth: number;
  /** Fewest rows a leaf. */
  readonly leastRows: number;
  /** Features that a leaf looks at; those that are constant in it count, but one that is not is sought as long as there is one. */
  readonly featuresOfLeaf: number;
};

type Leaf = {
  readonly begin: number;
  readonly end: number;
  readonly depth: number;
  /** The inner node above, and whether this leaf is its left child; -1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
  readonly split: LeafSplit | undefined;
};

/** Rows times features between two questions whether time is up: some milliseconds. */
const ASK_AFTER = 1e6;

/**
 * Grows a tree on `rows`, which are put in another order.
 * @param shouldStop true ends the growth; the tree stands with the leaves it has.
 * @returns A tree with `criterion.width` numbers a leaf.
 */
export function growForestTree(
  matrix: FeatureMatrix,
  rows: Int32Array,
  criterion: Criterion,
  search: SplitSearch,
  limits: GrowthLimits,
  random: Random,
  shouldStop: () => boolean,
): Tree {
  const features = Int32Array.from({ length: matrix.numeric.length + matrix.categorical.length }, (_, j) => j);
  const answers: number[] = [];
  const splits: LeafSplit[] = [];
  const left: number[] = [];
  const right: number[] = [];
  let asked = 0;
  let isStopped = false;

  const attach = ({ parent, isLeft }: Pick<Leaf, 'parent' | 'isLeft'>, child: number): void => {
    if (parent >= 0) (isLeft ? left : right)[parent] = child;
  };
  /** The best split of some rows over features drawn for them, or undefined. */
  const findSplit = (own: Int32Array): LeafSplit | undefined => {
    let best: LeafSplit | undefined;
    let varied = 0;
    for (let visited = 0; visited < features.length && (visited < limits.featuresOfLeaf || varied === 0); visited++) {
      const at = visited + random.nextInt(features.length - visited);
      const feature = features[at] as number;
      features[at] = features[visited] as number;
      features[visited] = feature;
      const found = search(feature, own, criterion, limits.leastRows);
      asked += own.length;
      if (found === 'constant') continue;
      varied++;
      if (found !== undefined && found.gain > (best?.gain ?? 0)) best = found;
    }
    return best;
  };
  const open = (begin: number, end: number, depth: number, parent: number, isLeft: boolean): Leaf => {
    if (asked >= ASK_AFTER) {
      asked = 0;
      isStopped ||= shouldStop();
    }
    const own = rows.subarray(begin, end);
    criterion.open(own);
    const mayDeepen = limits.maxDepth < 0 || depth < limits.maxDepth;
    const isSplittable = !isStopped && mayDeepen && own.length >= 2 * limits.leastRows && own.length > 1 && !criterion.isPure();
    return { begin, end, depth, parent, isLeft, split: isSplittable ? findSplit(own) : undefined };
  };
  const close = (leaf: Leaf): void => {
    criterion.open(rows.subarray(leaf.begin, leaf.end));
    attach(leaf, ~(answers.length / criterion.width));
    criterion.write(answers, answers.length);
  };

  const waiting = leavesByGain();
  waiting.add(open(0, rows.length, 0, -1, true));
  for (let leaves = 1; leaves < limits.mostLeaves; leaves++) {
    const leaf = waiting.takeBest();
    if (leaf?.split === undefined) {
      if (leaf) waiting.add(leaf);
      break;
    }
    const middle = leaf.begin + partition(rows.subarray(leaf.begin, leaf.end), sideOf(matrix, leaf.split));
    const missingLeft = leaf.split.missingLeft ?? middle - leaf.begin > leaf.end - middle;
    const node = splits.push({ ...leaf.split, missingLeft }) - 1;
    attach(leaf, node);
    waiting.add(open(leaf.begin, middle, leaf.depth + 1, node, true));
    waiting.add(open(middle, leaf.end, leaf.depth + 1, node, false));
  }
  for (let leaf = waiting.takeBest(); leaf !== undefined; leaf = waiting.takeBest()) close(leaf);
  return asTree(splits, left, right, answers, criterion.width);
}

/** Brings the rows that go left to the front. @returns how many they are. */
function partition(rows: Int32Array, goesLeft: (row: number) => boolean): number {
  let next = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (!goesLeft(row)) continue;
    rows[i] = rows[next] as number;
    rows[next++] = row;
  }
  return next;
}

/** A heap of leaves; the one whose split gains most comes out first. */
function leavesByGain() {
  const heap: Leaf[] = [];
  const gainAt = (i: number): number => heap[i]?.split?.gain ?? 0;
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [heap[j] as Leaf, heap[i] as Leaf];
  };
  return {
    add(leaf: Leaf): void {
      let at = heap.push(leaf) - 1;
      for (let above = (at - 1) >> 1; at > 0 && gainAt(above) < gainAt(at); above = (at - 1) >> 1) {
        swap(at, above);
        at = above;
      }
    },
    takeBest(): Leaf | undefined {
      if (heap.length === 0) return undefined;
      swap(0, heap.length - 1);
      const best = heap.pop();
      for (let at = 0; ; ) {
        const [first, second] = [2 * at + 1, 2 * at + 2];
        const child = second < heap.length && gainAt(second) > gainAt(first) ? second : first;
        if (child >= heap.length || gainAt(child) <= gainAt(at)) return best;
        swap(at, child);
        at = child;
      }
    },
  };
}

function asTree(
  splits: readonly LeafSplit[],
  left: readonly number[],
  right: readonly number[],
  answers: readonly number[],
  width: number,
): Tree {
  const setBegin = new Int32Array(splits.length + 1);
  splits.forEach(({ leftCodes }, node) => {
    setBegin[node + 1] = (setBegin[node] as number) + leftCodes.length;
  });
  const setCodes = new Int32Array(setBegin[splits.length] as number);
  for (const [node, { leftCodes }] of splits.entries()) setCodes.set(leftCodes, setBegin[node]);
  return {
    leafCount: answers.length / width,
    feature: Int32Array.from(splits, ({ feature }) => feature),
    threshold: Float32Array.from(splits, ({ threshold }) => threshold),
    missingLeft: Uint8Array.from(splits, ({ missingLeft }) => Number(missingLeft)),
    setBegin,
    setCodes,
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    gain: Float64Array.from(splits, ({ gain }) => gain),
    leafValue: Float64Array.from(answers),
  };
}
