/** An ensemble of small trees laid out as lists of tests; `assembly/scan.ts` says how, and why that answers. */
import type { Heap } from '../heap.ts';
import type { Ensemble } from './ensemble.ts';
import type { AddTrees } from './trees.ts';

const MOST_LEAVES = 64;
/** Leaves that have their bits in one word. */
const WORD = 32;

/** A test of one tree: its node, and the leaves that it rules out when it sends a row to the second child. */
interface Test {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

/** @returns undefined when some tree has more than 64 leaves */
export function scanned(ensemble: Ensemble, heap: Heap): AddTrees | undefined {
  const { targets } = ensemble;
  const trees: { tests: Test[]; leaves: number[] }[] = [];
  for (const root of ensemble.roots) {
    const tree = { tests: [], leaves: [] };
    if (!readTree(ensemble, root, tree)) return undefined;
    trees.push(tree);
  }
  const words: number[] = [];
  const values: number[] = [];
  const begins = trees.map(({ tests, leaves }) => {
    const begin = words.length;
    writeTests(ensemble, tests, 0, words);
    const middle = words.length;
    writeTests(ensemble, tests, WORD, words);
    const valuesBegin = values.length;
    for (const leaf of leaves) for (let k = 0; k < targets; k++) values.push(ensemble.values[leaf * targets + k] as number);
    return [begin, middle, words.length, valuesBegin];
  });
  const testsAt = heap.table(Uint32Array.from(words));
  const valuesAt = heap.table(Float32Array.from(values));
  const treesAt = heap.table(Uint32Array.from(begins.flat(), (at, i) => (i % 4 === 3 ? valuesAt : testsAt) + at * 4));
  const { scanTrees, scanTreesMissing } = heap.kernels;
  return (rows, out, isMissing) => (isMissing ? scanTreesMissing : scanTrees)(rows, treesAt, trees.length, out, targets);
}

/** Lists a tree's tests and its leaves, those below a first child before those below the second. @returns false when there are too many */
function readTree(ensemble: Ensemble, node: number, into: { tests: Test[]; leaves: number[] }): boolean {
  const { first, second, leaves } = ensemble;
  if (first[node] === -1) return into.leaves.push(leaves[node] as number) <= MOST_LEAVES;
  const from = into.leaves.length;
  if (!readTree(ensemble, first[node] as number, into)) return false;
  into.tests.push({ node, from, to: into.leaves.length });
  return readTree(ensemble, second[node] as number, into);
}

/** Writes the tests that rule out some of the leaves of a word. @param begin the word's first leaf */
function writeTests(ensemble: Ensemble, tests: readonly Test[], begin: number, words: number[]): void {
  for (const { node, from, to } of tests) {
    const [low, high] = [Math.max(0, from - begin), Math.min(WORD, to - begin)];
    if (low >= high) continue;
    const ruledOut = (2 ** high - 2 ** low) >>> 0;
    float[0] = ensemble.thresholds[node] as number;
    const address = (ensemble.columns[node] as number) * 4 + (ensemble.missingToFirst[node] as number);
    words.push(bits[0] as number, address, ~ruledOut >>> 0);
  }
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);
