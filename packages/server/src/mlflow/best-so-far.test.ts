import type { AutoMLResult, Job, Trial } from '@malachite/core';
import { expect, test } from 'vitest';
import { bestSoFar } from './best-so-far.ts';

const job = { createdAt: '2026-01-01T00:00:00.000Z', startTime: '2026-01-01T00:01:00.000Z' } as Job;
const trial = (iteration: number, finishedAtSeconds: number, score: number | null): Trial =>
  ({ name: `job_${iteration}`, score, finishedAtSeconds, fitSeconds: 1, metrics: { accuracy: score } }) as unknown as Trial;
const result = (primaryMetric: string, bestTrial: string, ...trials: Trial[]): AutoMLResult =>
  ({ trials, bestTrial, primaryMetric }) as unknown as AutoMLResult;
const told = (outcome: AutoMLResult) => bestSoFar(job, outcome).map(({ metrics, step }) => [step, metrics.accuracy]);

test('a point is told each time a trial raises the best, in the order in which trials came in', () => {
  const trials = [trial(0, 3, 0.8), trial(1, 1, 0.7), trial(2, 2, 0.6), trial(3, 4, null), trial(4, 5, 0.9)];
  expect(told(result('accuracy', 'job_4', ...trials))).toEqual([
    [0, 0.7],
    [2, 0.8],
    [3, 0.9],
  ]);
  expect(bestSoFar(job, result('accuracy', 'job_1', trial(1, 30, 0.7)))[0]?.timestamp).toBe(
    Date.parse('2026-01-01T00:01:30.000Z'),
  );
});

test('of errors the lower is the better', () => {
  const trials = [trial(0, 1, 0.3), trial(1, 2, 0.4), trial(2, 3, 0.2)];
  expect(told(result('normalized_root_mean_squared_error', 'job_2', ...trials))).toEqual([
    [0, 0.3],
    [2, 0.2],
  ]);
});

test('the last point is the chosen trial, also where that is a baseline which nothing beats by more than luck', () => {
  expect(told(result('accuracy', 'job_0', trial(0, 1, 0.5), trial(1, 2, 0.51)))).toEqual([
    [0, 0.5],
    [1, 0.51],
    [2, 0.5],
  ]);
  expect(bestSoFar(job, result('accuracy', 'none'))).toEqual([]);
});
