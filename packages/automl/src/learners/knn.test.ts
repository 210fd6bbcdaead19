/** The nearest neighbours are those that a plain search over the design matrix finds, ties and weights included. */
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../featurization/features.ts';
import { createRandom } from '../random.ts';
import { knn } from './knn.ts';
import type { Target } from './learner.ts';

const rowCount = 300;
const trained = 200;
const random = createRandom(4);
// Few distinct values: many rows are equally far.
const x = Array.from({ length: 2 }, () => Float32Array.from({ length: rowCount }, () => random.nextInt(4) / 2));
const codes = Int32Array.from({ length: rowCount }, () => random.nextInt(4));
const features: FeatureMatrix = {
  rowCount,
  numeric: x.map((values, j) => ({ name: `x${j}`, raw: `x${j}`, values })),
  categorical: [{ name: 'c', raw: 'c', codes, labels: ['a', 'b', 'c'] }],
};
const rows = Int32Array.from({ length: trained }, (_, row) => row);
const labels = Int32Array.from({ length: rowCount }, () => random.nextInt(3));
const classes: Target = { task: 'classification', classes: ['p', 'q', 'r'], y: labels };
const values: Target = { task: 'regression', y: Float64Array.from({ length: rowCount }, () => random.nextNormal()) };
const weights = Float64Array.from({ length: rowCount }, () => random.nextInt(3));

const design = Array.from({ length: rowCount }, (_, row) => [
  ...x.map((column) => column[row] as number),
  ...[1, 2, 3].map((code) => Number(codes[row] === code)),
]);

/** Neighbours of a row with their shares, by sorting everything. */
function plainNeighbors(row: number, k: number, byDistance: boolean, among: Int32Array): { row: number; share: number }[] {
  const near = [...among]
    .map((other) => ({
      row: other,
      distance: Math.hypot(...(design[row] ?? []).map((v, j) => v - (design[other]?.[j] as number))),
    }))
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, k);
  const exact = near.some(({ distance }) => distance === 0);
  return near.map(({ row: other, distance }) => ({
    row: other,
    share: !byDistance ? 1 : exact ? Number(distance === 0) : 1 / distance,
  }));
}

describe('KNN', () => {
  it.each([
    { n_neighbors: 5, weights: 'uniform' },
    { n_neighbors: 7, weights: 'distance' },
  ])('of %j answers the shares of the nearest rows', (params) => {
    for (const sampleWeights of [undefined, weights]) {
      const among = rows.filter((row) => sampleWeights === undefined || (sampleWeights[row] as number) > 0);
      for (const target of [classes, values]) {
        const { model } = knn.fit({ features, target, rows, weights: sampleWeights, params, seed: 1 });
        const answers = knn.predict(model, features);
        for (let row = trained; row < rowCount; row++) {
          const near = plainNeighbors(row, params.n_neighbors, params.weights === 'distance', among);
          const weighted = near.map((one) => one.share * (sampleWeights?.[one.row] ?? 1));
          const total = weighted.reduce((sum, share) => sum + share, 0);
          const mean = (of: (row: number) => number) =>
            near.reduce((sum, one, i) => sum + (weighted[i] as number) * of(one.row), 0) / total;
          if (target.task === 'regression')
            expect(answers[row]).toBeCloseTo(
              mean((i) => target.y[i] as number),
              9,
            );
          else
            for (let k = 0; k < 3; k++)
              expect(answers[3 * row + k]).toBeCloseTo(
                mean((i) => Number(labels[i] === k)),
                9,
              );
        }
      }
    }
  });

  it('refuses more rows than it can keep, and parameters it does not have', () => {
    const many = Int32Array.from({ length: 5001 }, () => 0);
    expect(() => knn.fit({ features, target: classes, rows: many, params: {}, seed: 1 })).toThrow(/5000.*5001/);
    const fit = (params: Record<string, string>) => () => knn.fit({ features, target: classes, rows, params, seed: 1 });
    expect(fit({ weights: 'near' })).toThrow(/"weights" is near; it must be one of uniform, distance/);
    expect(fit({ metric: 'cosine' })).toThrow(/no parameter "metric"/);
  });
});
