import { expect, it } from 'vitest';
import { searchSpaces } from './portfolio.ts';
import { type Outcome, propose } from './proposals.ts';

const spaces = searchSpaces.regression;
const outcome = (algorithm: string, loss: number, work = 1): Outcome => ({
  spec: { algorithm, preprocessor: '', params: {} },
  loss,
  work,
});
/** How often each algorithm is proposed after these trials. */
function shares(seen: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let iteration = 0; iteration < 400; iteration++) {
    const { algorithm } = propose(iteration, 1, [], spaces, seen);
    counts[algorithm] = (counts[algorithm] ?? 0) + 1 / 400;
  }
  return counts;
}
const others = [
  outcome('RandomForest', 0.175),
  outcome('LightGBM', 0.176),
  outcome('KNN', 0.19),
  outcome('XGBoostRegressor', 0.177),
];

it('searches the algorithms that do well, and the cheaper of two equals more often', () => {
  const found = shares([...others, outcome('ElasticNet', 0.17, 1), outcome('ExtremeRandomTrees', 0.17, 100)]);
  expect(found.ElasticNet).toBeGreaterThan(2 * (found.ExtremeRandomTrees as number));
  expect(found.ExtremeRandomTrees).toBeGreaterThan(found.KNN as number);
});

it('does not stay with one algorithm that has been searched out, however many trials it has had', () => {
  const clones = Array.from({ length: 100 }, (_, i) => outcome('SGD', 0.17 + 1e-6 * i));
  const found = shares([...others, ...clones]);
  expect(found.SGD).toBeLessThan(0.5);
  expect(found.RandomForest).toBeGreaterThan(0.03);
});

it('proposes the same for the same trials, and steps from the best of them', () => {
  const params = { learning_rate: 0.05, num_leaves: 31, min_child_samples: 20 };
  const seen = [{ ...outcome('LightGBM', 0.1), spec: { algorithm: 'LightGBM', preprocessor: '', params } }];
  const lightGbm = spaces.filter(({ algorithm }) => algorithm === 'LightGBM');
  expect(propose(40, 1, [], lightGbm, seen)).toEqual(propose(40, 1, [], lightGbm, seen));
  const near = Array.from({ length: 200 }, (_, i) => propose(i, 1, [], lightGbm, seen).params.learning_rate as number);
  expect(near.filter((rate) => rate === 0.05).length).toBeGreaterThan(50);
  const ridge = spaces.filter(({ algorithm }) => algorithm === 'Ridge');
  const found = [{ ...outcome('Ridge', 0.1), spec: { algorithm: 'Ridge', preprocessor: 'MaxAbsScaler', params: { alpha: 5 } } }];
  expect(Array.from({ length: 50 }, (_, i) => propose(i, 1, [], ridge, found).params.alpha)).not.toContain(5);
  expect(Math.max(...near)).toBeLessThanOrEqual(0.2);
});
