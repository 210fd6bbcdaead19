import { expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { numericColumn, stringColumn } from '../table/table.ts';
import { explain, secondsToExplain } from './explain.ts';
import { defineProblem } from './problem.ts';
import { recordTrial } from './records.ts';
import { runTrial } from './trial.ts';

/** A decision tree over forty columns of which two decide, and a clock that each look moves on by a tenth of a second. */
async function treeOfForty() {
  const random = createRandom(2);
  const noise = () => Array.from({ length: 120 }, () => random.nextNormal());
  const columns = Array.from({ length: 40 }, (_, i) => numericColumn(`c${i}`, noise()));
  const sum = (row: number) => (columns[7]?.values[row] ?? 0) + (columns[31]?.values[row] ?? 0);
  const labels = Array.from({ length: 120 }, (_, row) => (sum(row) > 0 ? 'yes' : 'no'));
  const table = { rowCount: 120, columns: [...columns, stringColumn('y', labels)] };
  const problem = defineProblem(table, undefined, { task: 'classification', targetColumnName: 'y', nCrossValidations: 2 });
  const spec = { algorithm: 'DecisionTree', preprocessor: '', params: {} };
  const fit = runTrial(problem, spec, 0, { now: () => 0, deadline: 60, isStopped: () => false });
  return { problem, best: await recordTrial(problem, 'job', spec, { iteration: 0, fit }, 1) };
}

it('with time enough every column is shuffled, and the two that decide come first', async () => {
  const { problem, best } = await treeOfForty();
  const { explanation } = await explain(problem, best, { seconds: 60, now: () => 0 });
  expect(explanation.method).toBe('permutation importance');
  expect(explanation.features).toHaveLength(40);
  expect(
    explanation.features
      .slice(0, 2)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['c31', 'c7']);
});

it('a table too wide for the time is explained by the columns that say most on their own, and says so', async () => {
  const { problem, best } = await treeOfForty();
  let time = 0;
  const { explanation } = await explain(problem, best, { seconds: 1, now: () => (time += 0.1) });
  expect(explanation.method).toBe('permutation importance of the 10 of 40 columns that say most on their own');
  expect(explanation.features).toHaveLength(10);
  expect(explanation.features.map(({ name }) => name)).toEqual(expect.arrayContaining(['c7', 'c31']));
});

it('without a time budget a wide table is looked at by fewer rows, the same for any clock', async () => {
  const { problem, best } = await treeOfForty();
  const endless = { seconds: Number.POSITIVE_INFINITY };
  let time = 0;
  const [quick, slow] = [
    await explain(problem, best, { ...endless, now: () => 0 }),
    await explain(problem, best, { ...endless, now: () => (time += 100) }),
  ];
  expect(slow.explanation).toEqual(quick.explanation);
  expect(quick.explanation.features).toHaveLength(40);
});

it('takes as long as its model takes to load at least, and ends at an abort', async () => {
  const { problem, best } = await treeOfForty();
  expect(secondsToExplain({ ...best, loadSeconds: 3 })).toBeGreaterThan(3);
  expect(secondsToExplain({ ...best, loadSeconds: 0 })).toBeLessThan(1);
  const canceled = explain(problem, best, { seconds: 60, now: () => 0, signal: AbortSignal.abort() });
  await expect(canceled).rejects.toMatchObject({ code: 'Canceled' });
});
