import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { numericColumn } from '../table/table.ts';
import { associationErrors } from './association.ts';
import { automl } from './automl.ts';
import type { Problem } from './problem.ts';

/** A hold-out of all rows; folds that repeat it where there are more. */
function problemOf(y: readonly number[], repeats = 1, classes?: readonly string[]): Problem {
  const validation = Int32Array.from(y.keys());
  const folds = Array.from({ length: repeats }, () => ({ train: validation, validation }));
  const target = classes
    ? { task: 'classification', classes, y: Int32Array.from(y) }
    : { task: 'regression', y: Float64Array.from(y) };
  return { target, validation: { folds, foldsOfRepeat: 1 } } as unknown as Problem;
}

describe('the association of answers with the truth', () => {
  const y = Array.from({ length: 101 }, (_, row) => row);

  it('is the rank correlation in standard errors, whatever the scale, and negative the other way', () => {
    expect(associationErrors(problemOf(y), Float64Array.from(y, Math.exp))).toBeCloseTo(10, 9);
    expect(
      associationErrors(
        problemOf(y),
        Float64Array.from(y, (value) => -value),
      ),
    ).toBeCloseTo(-10, 9);
  });

  it('counts a row of repeated folds once, with its mean answer', () => {
    const once = Float64Array.from(y, (value) => (value * 37) % 101);
    const around = Float64Array.from([...once.map((value) => value + 500), ...once.map((value) => value - 500)]);
    expect(associationErrors(problemOf(y, 2), around)).toBeCloseTo(associationErrors(problemOf(y), once) as number, 9);
  });

  it('of folds is smaller by √2: of rows that are alike by chance each is told by the other', () => {
    const once = problemOf(y);
    const folds = { ...once, validation: { ...once.validation, foldsOfRepeat: 10 } };
    expect(associationErrors(folds, Float64Array.from(y))).toBeCloseTo(10 / Math.SQRT2, 9);
  });

  it('of two classes looks at the share of the second; of more, and of equal answers, it says nothing', () => {
    const labels = y.map((value) => (value > 50 ? 1 : 0));
    const shares = Float64Array.from(labels.flatMap((label, row) => [1 - label - row / 1000, label + row / 1000]));
    expect(associationErrors(problemOf(labels, 1, ['a', 'b']), shares)).toBeGreaterThan(8);
    expect(associationErrors(problemOf(labels, 1, ['a', 'b', 'c']), new Float64Array(303))).toBeNull();
    expect(associationErrors(problemOf(y), new Float64Array(101))).toBeNull();
  });
});

it('a weak signal on a hundred rows is not told as noise', async () => {
  const random = createRandom(2001);
  const normal = () => Array.from({ length: 100 }, () => random.nextNormal());
  const [a, b, c] = [normal(), normal(), normal()];
  // A quarter of what varies is explained.
  const y = a.map((value, row) => 0.45 * value + 0.35 * (b[row] as number) + random.nextNormal());
  const { result, best } = await automl({
    table: {
      rowCount: 100,
      columns: [numericColumn('a', a), numericColumn('b', b), numericColumn('c', c), numericColumn('y', y)],
    },
    spec: {
      task: 'regression',
      targetColumnName: 'y',
      limits: { maxTrials: 6 },
      training: { allowedTrainingAlgorithms: ['ElasticNet', 'LassoLars', 'DecisionTree'], enableModelExplainability: false },
    },
    jobName: 'job',
    onEvent: () => {},
  });
  const baseline = result.conclusions?.baseline;
  expect(baseline?.advantage).toBeLessThan((baseline?.errorsNeeded as number) * (baseline?.standardError as number));
  expect(baseline?.isBeaten).toBe(true);
  expect(best.trial.algorithm).not.toBe('Prior');
});
