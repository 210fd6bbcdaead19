import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import { binTable } from '../gbdt/binning.ts';
import { type Criterion, classCriterion, numberCriterion } from './criterion.ts';
import { bestSplits, type LeafSplit, randomSplits, sideOf } from './splits.ts';

const MOST_ROWS = 120;

/** A leaf of few whole numbers, holes and categories, so that bins hold single values and ties abound. */
function randomLeaf(seed: number) {
  const random = createRandom(seed);
  const rowCount = 5 + random.nextInt(MOST_ROWS - 5);
  const hasHoles = seed % 2 === 0;
  const values = Float32Array.from({ length: rowCount }, () =>
    hasHoles && random.nextFloat() < 0.2 ? Number.NaN : random.nextInt(12) - 4,
  );
  const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(4));
  const matrix: FeatureMatrix = {
    rowCount,
    numeric: [{ name: 'x', raw: 'x', values }],
    categorical: [{ name: 'c', raw: 'c', labels: ['a', 'b', 'c'], codes }],
  };
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row).filter(() => random.nextFloat() < 0.8);
  const weights = Float64Array.from({ length: rowCount }, () => 0.5 + random.nextFloat());
  const y = Float64Array.from({ length: rowCount }, () => random.nextNormal());
  const classOf = Int32Array.from({ length: rowCount }, () => random.nextInt(3));
  return { matrix, table: binTable(matrix, { minDataInBin: 1 }), rows, weights, y, classOf, leastRows: 1 + random.nextInt(3) };
}

type Leaf = ReturnType<typeof randomLeaf>;

const sum = (rows: Iterable<number>, of: (row: number) => number): number => [...rows].reduce((total, row) => total + of(row), 0);

/** The squares that a side explains, of numbers or of classes. */
const explained = {
  numbers: ({ y, weights }: Leaf, rows: readonly number[]) =>
    sum(rows, (row) => (weights[row] as number) * (y[row] as number)) ** 2 / sum(rows, (row) => weights[row] as number),
  classes: ({ classOf, weights }: Leaf, rows: readonly number[]) =>
    [0, 1, 2].reduce((total, k) => total + sum(rows, (row) => (classOf[row] === k ? (weights[row] as number) : 0)) ** 2, 0) /
    sum(rows, (row) => weights[row] as number),
};

function gainOf(leaf: Leaf, kind: keyof typeof explained, goesLeft: (row: number) => boolean): number {
  const all = [...leaf.rows];
  const [left, right] = [all.filter(goesLeft), all.filter((row) => !goesLeft(row))];
  if (left.length < leaf.leastRows || right.length < leaf.leastRows) return 0;
  return explained[kind](leaf, left) + explained[kind](leaf, right) - explained[kind](leaf, all);
}

const criteria: Readonly<Record<keyof typeof explained, (leaf: Leaf) => Criterion>> = {
  numbers: ({ y, weights }) => numberCriterion(y, weights, MOST_ROWS),
  classes: ({ classOf, weights }) => classCriterion(classOf, weights, 3, MOST_ROWS),
};

describe.each(['numbers', 'classes'] as const)('splits of %s', (kind) => {
  const leaves = Array.from({ length: 60 }, (_, seed) => randomLeaf(seed + 1));

  it('by a number feature are the best of all thresholds, whichever way missing values go', () => {
    for (const leaf of leaves) {
      const criterion = criteria[kind](leaf);
      criterion.open(leaf.rows);
      const found = bestSplits(leaf.matrix, leaf.table, MOST_ROWS)(0, leaf.rows, criterion, leaf.leastRows);
      const values = leaf.matrix.numeric[0]?.values ?? new Float32Array();
      const thresholds = [...new Set(Array.from(leaf.rows, (row) => values[row] as number)), Number.POSITIVE_INFINITY];
      const gains = thresholds.flatMap((threshold) =>
        [false, true].map((missingLeft) =>
          gainOf(leaf, kind, (row) => {
            const value = values[row] as number;
            return Number.isNaN(value) ? missingLeft : value <= threshold;
          }),
        ),
      );
      const best = Math.max(...gains.filter((gain) => !Number.isNaN(gain)));
      expect(found === 'constant' ? 0 : (found?.gain ?? 0)).toBeCloseTo(best, 9);
    }
  });

  it('gain what they say they gain', () => {
    for (const [seed, leaf] of leaves.entries()) {
      const criterion = criteria[kind](leaf);
      criterion.open(leaf.rows);
      const searches = [
        bestSplits(leaf.matrix, leaf.table, MOST_ROWS),
        randomSplits(leaf.matrix, leaf.table, MOST_ROWS, createRandom(seed)),
      ];
      for (const search of searches) {
        for (const feature of [0, 1]) {
          const found = search(feature, leaf.rows, criterion, leaf.leastRows);
          if (found === 'constant' || found === undefined) continue;
          expect(gainOf(leaf, kind, sideOf(leaf.matrix, found satisfies LeafSplit))).toBeCloseTo(found.gain, 9);
        }
      }
    }
  });
});
