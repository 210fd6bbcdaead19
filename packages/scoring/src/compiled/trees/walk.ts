/** An ensemble laid out to be walked node by node; `assembly/walk.ts` says how a node looks. For trees of any size. */
import { COLUMN_BYTES, type Heap } from '../heap.ts';
import { Unsupported } from '../unsupported.ts';
import type { Ensemble } from './ensemble.ts';
import type { AddTrees } from './trees.ts';

const NODE_BYTES = 8;
/** The threshold of a leaf: a NaN with room for the number of its values. */
const LEAF_BITS = 0x7fc00000;
const MOST_LEAVES = 2 ** 22;
/** Trees that a row walks at a time. */
const TOGETHER = 8;

/** @throws Unsupported for a tree, or a forest, too large for the fields of a node */
export function walked(ensemble: Ensemble, heap: Heap): AddTrees {
  const { roots, first, second, leaves, targets } = ensemble;
  const count = leaves.length;
  const places = placeNodes(ensemble);
  // One leaf more: the whole of the trees that fill up the last group, and adds nothing.
  const words = new Uint32Array((count + 1) * 2);
  const floats = new Float32Array(words.buffer);
  const halves = new Uint16Array(words.buffer);
  words[count * 2] = LEAF_BITS + ensemble.values.length / targets;
  for (let i = 0; i < count; i++) {
    const place = places[i] as number;
    if (first[i] === -1) {
      words[place * 2] = LEAF_BITS + Math.max(0, leaves[i] as number);
      continue;
    }
    const further = (places[second[i] as number] as number) - place;
    if (further >= 2 ** 16) throw new Unsupported('a tree of more than 65,535 nodes');
    floats[place * 2] = ensemble.thresholds[i] as number;
    halves[place * 4 + 2] = further;
    halves[place * 4 + 3] = (((ensemble.columns[i] as number) * 4) / COLUMN_BYTES) * 2 + (ensemble.missingToFirst[i] as number);
  }
  const values = new Float32Array(ensemble.values.length + targets);
  values.set(ensemble.values);
  if (values.length / targets > MOST_LEAVES) throw new Unsupported(`more than ${MOST_LEAVES} leaves`);
  const padding = new Array<number>((TOGETHER - (roots.length % TOGETHER)) % TOGETHER).fill(count);
  const rootPlaces = [...roots.map((root) => places[root] as number), ...padding];

  const nodesAt = heap.table(words);
  const rootsAt = heap.table(Uint32Array.from(rootPlaces, (place) => nodesAt + place * NODE_BYTES));
  const valuesAt = heap.table(values);
  const { walkTrees, walkTreesMissing } = heap.kernels;
  return (rows, out, isMissing) =>
    (isMissing ? walkTreesMissing : walkTrees)(rows, rootsAt, rootPlaces.length, valuesAt, out, targets);
}

/**
 * Where each node goes: tree after tree, level after level, so that what many rows visit lies close; a node's children side by side, the
 * second before the first.
 */
function placeNodes({ roots, first, second }: Ensemble): Int32Array {
  const places = new Int32Array(first.length).fill(-1);
  let next = 0;
  for (const [t, root] of roots.entries()) {
    const level = [root];
    places[root] = next++;
    for (const i of level) {
      if (first[i] === -1) continue;
      for (const child of [second[i] as number, first[i] as number]) {
        places[child] = next++;
        level.push(child);
      }
    }
    // What no branch leads to takes its place all the same.
    const end = roots[t + 1] ?? first.length;
    for (let i = root; i < end; i++) if (places[i] === -1) places[i] = next++;
  }
  return places;
}
