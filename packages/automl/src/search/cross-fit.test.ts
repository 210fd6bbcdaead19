import type { AutoMLSpec } from '@malachite/core';
import { expect, it, onTestFinished } from 'vitest';
import type { PipelineSpec } from '../pipeline/index.ts';
import { createRandom } from '../random.ts';
import { numericColumn, type Table } from '../table/table.ts';
import { crossFit, isCrossFitted, judgedRows } from './cross-fit.ts';
import { costOfCrossFits, crossFittedEvidence, trialEvidence } from './evidence.ts';
import { exampleTable } from './example-table.ts';
import { defineProblem } from './problem.ts';
import { recordTrial } from './records.ts';
import { runTrial } from './trial.ts';
import { startWorkers } from './workers.ts';

const clock = { now: () => performance.now() / 1000, deadline: Number.POSITIVE_INFINITY, isStopped: () => false };
const spec: AutoMLSpec = { task: 'classification', targetColumnName: 'bought', featurization: { dropColumns: ['spent'] } };

/** A number that tells nothing of the target. */
function noise(rowCount: number): Table {
  const random = createRandom(1);
  const column = (name: string, value: () => number) => numericColumn(name, Array.from({ length: rowCount }, value));
  return { rowCount, columns: [column('x', () => random.nextNormal()), column('y', () => random.nextInt(2))] };
}

it('answers for every row by a model that did not see it', () => {
  const problem = defineProblem(noise(300), undefined, {
    task: 'classification',
    targetColumnName: 'y',
    validationDataSize: 0.1,
  });
  const nearest = { algorithm: 'KNN', preprocessor: '', params: { n_neighbors: 1 } };
  const { predictions } = crossFit(problem, nearest, 1, clock);
  const right = Array.from(judgedRows(problem)).filter(
    (row, place) => Math.round(predictions[2 * place + 1] as number) === problem.target.y[row],
  );
  // A row's own nearest neighbour is the row itself: a model that saw it would be right about all 300.
  expect(right.length).toBeGreaterThan(110);
  expect(right.length).toBeLessThan(190);
  expect(() => crossFit(problem, nearest, 1, { ...clock, deadline: 0 })).toThrow('no time');
});

it('is done after a random hold-out, and leaves folds and own validation data as they are', () => {
  const table = exampleTable(300);
  expect(isCrossFitted(defineProblem(table, undefined, { ...spec, validationDataSize: 0.2 }))).toBe(true);
  expect(isCrossFitted(defineProblem(table, undefined, spec))).toBe(false);
  expect(isCrossFitted(defineProblem(table, exampleTable(100), spec))).toBe(false);
});

it('looks at some rows of a large table, at those held out always', () => {
  const problem = defineProblem(exampleTable(70_000), undefined, { ...spec, validationDataSize: 0.1 });
  const rows = new Set(judgedRows(problem));
  expect(rows.size).toBeGreaterThan(30_000);
  expect(rows.size).toBeLessThan(35_000);
  expect(problem.validation.folds[0]?.validation.every((row) => rows.has(row))).toBe(true);
});

it('gives an ensemble predictions for all rows, of which those held out are a part; or none where time is short', async () => {
  const problem = defineProblem(exampleTable(400), undefined, { ...spec, validationDataSize: 0.25 });
  const pipelines = ['LightGBM', 'DecisionTree', 'LogisticRegression', 'BernoulliNaiveBayes'].map((algorithm): PipelineSpec => {
    return { algorithm, preprocessor: '', params: algorithm === 'LightGBM' ? { n_estimators: 20 } : {} };
  });
  const records = await Promise.all(
    pipelines.map((pipeline, iteration) =>
      recordTrial(problem, 'job', pipeline, { iteration, fit: runTrial(problem, pipeline, iteration, clock) }, 1),
    ),
  );
  const workers = startWorkers(2, problem);
  onTestFinished(() => workers.close());
  const evidence = await crossFittedEvidence(problem, records, workers, {
    seconds: Number.POSITIVE_INFINITY,
    work: Number.POSITIVE_INFINITY,
  });
  if (evidence === undefined) throw new Error('There was time enough.');
  expect(evidence.candidates.map(({ trial }) => trial.algorithm).sort()).toEqual(
    pipelines.map(({ algorithm }) => algorithm).sort(),
  );
  const scores = evidence.predictions.map(evidence.score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(evidence.truth.rows.length).toBe(400);
  const heldOut = problem.validation.folds[0]?.validation as Int32Array;
  const [first] = evidence.predictions as readonly [Float64Array];
  expect(Array.from(evidence.ofValidation(first))).toEqual(
    Array.from(heldOut).flatMap((row) => [first[2 * row] as number, first[2 * row + 1] as number]),
  );
  const { least, most } = costOfCrossFits(problem, records, 2);
  expect(most).toEqual(least);
  expect(await crossFittedEvidence(problem, records, workers, { ...least, seconds: 0.5 * least.seconds })).toBeUndefined();
  expect(await crossFittedEvidence(problem, records, workers, { ...least, work: 0.5 * least.work })).toBeUndefined();
  expect(trialEvidence(problem, records).truth.rows).toEqual(heldOut);
}, 30_000);
