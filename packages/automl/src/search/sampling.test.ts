import type { AutoMLSpec } from '@malachite/core';
import { expect, it } from 'vitest';
import { exampleTable } from './example-table.ts';
import { defineProblem } from './problem.ts';
import { promotionBar, sampleOf } from './sampling.ts';
import { runTrial } from './trial.ts';

const spec: AutoMLSpec = {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent', 'customer id'] },
};
const clock = { now: () => 0, deadline: Number.POSITIVE_INFINITY, isStopped: () => false };
const pipeline = { algorithm: 'LightGBM', preprocessor: '', params: { n_estimators: 3 } };
const sampled = (score: number) => ({ sample: { percent: 25, score, isPromoted: true } });

it('sets the bar at the best third of the samples, once three have been scored', () => {
  expect(promotionBar([sampled(0.9), sampled(0.8), {}])).toBeUndefined();
  expect(promotionBar([sampled(0.5), sampled(0.9), sampled(0.8)])).toBe(0.9);
  expect(promotionBar([0.1, 0.2, 0.3, 0.4].map(sampled))).toBe(0.3);
});

it('fits a pipeline of a large table on a quarter of its rows first, and stays there below the bar', () => {
  const problem = defineProblem(exampleTable(70_000), undefined, spec);
  expect(sampleOf(problem)?.rows.length).toBe(15_750);
  const stayed = runTrial(problem, pipeline, 1, clock, 1.1);
  const promoted = runTrial(problem, pipeline, 1, clock, 0.5);
  expect(stayed.sample).toMatchObject({ percent: 25, isPromoted: false });
  expect(promoted.sample).toEqual({ ...stayed.sample, isPromoted: true });
  // Both are judged by the 7,000 rows held out; the fit of all rows comes on top of the sample's.
  expect(stayed.validationPredictions.length).toBe(promoted.validationPredictions.length);
  expect(promoted.work).toBeCloseTo(5 * stayed.work, 1);
});

it('fits pipelines of smaller tables on all rows at once', () => {
  const problem = defineProblem(exampleTable(30_000), undefined, spec);
  expect(sampleOf(problem)).toBeUndefined();
  expect(runTrial(problem, pipeline, 1, clock).sample).toBeUndefined();
});
