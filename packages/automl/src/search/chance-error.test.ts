import type { AutoMLSpec } from '@malachite/core';
import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { numericColumn, stringColumn, type Table } from '../table/table.ts';
import { scoreByChance } from './chance-error.ts';
import { defineProblem } from './problem.ts';

const rows = 200;
const random = createRandom(1);
const table: Table = {
  rowCount: rows,
  columns: [
    numericColumn(
      'x',
      Array.from({ length: rows }, () => random.nextNormal()),
    ),
    stringColumn(
      'y',
      Array.from({ length: rows }, (_, row) => (row % 2 ? 'yes' : 'no')),
    ),
  ],
};
const spec: AutoMLSpec = { task: 'classification', targetColumnName: 'y' };
/** Probabilities for the validation rows of all folds, by what is known of a row. */
const answersOf = (problem: ReturnType<typeof defineProblem>, know: (row: number) => number): Float64Array =>
  Float64Array.from(
    problem.validation.folds.flatMap(({ validation }) => [...validation].flatMap((row) => [1 - know(row), know(row)])),
  );

test('chance scores one half, and strays as the rank statistic of so many rows does', () => {
  const problem = defineProblem(table, undefined, { ...spec, validationDataSize: 0.5 });
  const chance = scoreByChance(
    problem,
    answersOf(problem, (row) => (Math.sin(row * 12.9898) + 1) / 2),
  );
  const mannWhitney = Math.sqrt((100 + 1) / (12 * 50 * 50));
  expect(chance?.mean).toBeCloseTo(0.5, 1);
  expect(chance?.deviation).toBeGreaterThan(0.7 * mannWhitney);
  expect(chance?.deviation).toBeLessThan(1.3 * mannWhitney);
});

test('it does not shrink with the rounds of repeated folds: the rows stay the same', () => {
  const once = defineProblem(table, undefined, { ...spec, nCrossValidations: 10 });
  const often = defineProblem(table, undefined, spec);
  expect(often.validation.folds.length).toBe(50);
  const know = (row: number): number => (Math.cos(row * 78.233) + 1) / 2;
  const [one, five] = [once, often].map((problem) => scoreByChance(problem, answersOf(problem, know))?.deviation as number);
  expect((five as number) / (one as number)).toBeGreaterThan(0.7);
});

test('what knows the truth is far beyond chance, and the same answers give the same chance', () => {
  const problem = defineProblem(table, undefined, spec);
  const answers = answersOf(problem, (row) => (row % 2 ? 0.9 : 0.1));
  const chance = scoreByChance(problem, answers);
  expect(1 - (chance?.mean as number)).toBeGreaterThan(5 * (chance?.deviation as number));
  expect(scoreByChance(problem, answers)).toEqual(chance);
});
