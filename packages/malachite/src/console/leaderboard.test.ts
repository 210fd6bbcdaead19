import type { AutoMLResult, Trial } from '@malachite/core';
import { expect, test } from 'vitest';
import { importanceText, leaderboardText, notesLegend, resultText } from './leaderboard.ts';

const trial = (iteration: number, more: Partial<Trial> = {}): Trial => ({
  name: `job_${iteration}`,
  iteration,
  status: 'Completed',
  preprocessor: '',
  algorithm: 'LightGBM',
  parameters: {},
  description: 'Gradient boosted trees, grown leaf by leaf (LightGBM): 40 trees.',
  score: 0.9 - iteration / 100,
  standardError: 0.0123,
  metrics: {},
  fitSeconds: 1.234,
  finishedAtSeconds: iteration + 1,
  work: 1,
  predictMicrosecondsPerRow: 2.5,
  predictMicrosecondsSingleRow: 60,
  onnxBytes: 2048,
  parity: { rows: 100, maxDifference: 3e-8, labelFlips: 0, tolerance: 1e-5, withinTolerance: true },
  ...more,
});

const result = {
  primaryMetric: 'AUC_weighted',
  trials: [
    trial(0),
    trial(1),
    trial(2, { parity: { rows: 100, maxDifference: 0.2, labelFlips: 3, tolerance: 1e-5, withinTolerance: false } }),
    trial(3, {
      status: 'Failed',
      score: null,
      standardError: null,
      parity: null,
      predictMicrosecondsPerRow: null,
      predictMicrosecondsSingleRow: null,
      error: 'Out of memory.',
    }),
  ],
  bestTrial: 'job_0',
  conclusions: {
    sentences: ['The first two cannot be told apart on the validation rows.'],
    tied: ['job_0', 'job_1'],
    baseline: null,
    paretoFront: ['job_0'],
    improvements: [],
  },
  guardrails: [],
  explanation: null,
  validation: null,
  stopReason: null,
} as unknown as AutoMLResult;

test('a line a trial: error, ties, the front, both times, bytes, and a model that is not proved is marked', () => {
  const [header, , first, second, third, failed] = leaderboardText(result).split('\n');
  expect(header?.split(/ {2,}/)).toEqual(
    expect.arrayContaining(['AUC_weighted', 'notes', 'µs a row alone', 'in a batch', 'KiB', 'ONNX difference']),
  );
  expect(first).toMatch(/LightGBM +0\.9 +0\.012 +best = front +1\.23 +60 +2\.5 +2 +3e-8$/);
  expect(second).toMatch(/0\.89 +0\.012 += +1\.23/);
  expect(third).toMatch(/0\.2 \(!\)$/);
  expect(failed).toContain('Failed');
});

test('a trial that time cut short, and one that was fitted on a sample only, are marked', () => {
  const sample = { percent: 10, score: 0.8, isPromoted: false };
  const text = leaderboardText({ ...result, trials: [trial(0), trial(1, { isCutShort: true }), trial(2, { sample })] });
  const [, , first, cut, sampled] = text.split('\n');
  expect(first).not.toMatch(/cut|sample/);
  expect(cut).toMatch(/0\.89 +0\.012 += cut/);
  expect(sampled).toContain('sample 10 %');
});

test('the whole result says what the marks mean, why trials failed, what the best trial is, and what may be concluded', () => {
  const text = resultText(result);
  expect(text).toContain(notesLegend);
  expect(text).toContain('Trial 3, LightGBM, failed: Out of memory.');
  expect(text).toContain('Best trial: 0. Gradient boosted trees');
  expect(text).toContain('The first two cannot be told apart');
});

test('test rows are told with the primary metric first', () => {
  const text = resultText({ ...result, test: { rows: 60, metrics: { accuracy: 0.88, AUC_weighted: 0.917841, log_loss: null } } });
  expect(text).toContain('Test: AUC_weighted 0.91784, accuracy 0.88, on 60 rows that neither a fit nor a choice has seen.');
});

test('of the baseline no bars are drawn: no column changes its answer', () => {
  const features = [{ name: 'age', importance: 0, std: 0 }];
  const explanation = { method: 'none: the baseline looks at no column', metric: 'accuracy', rows: 0, features } as const;
  expect(importanceText({ ...explanation, features })).toBe('No column changes an answer (the baseline looks at no column).');
  const told = [{ name: 'age', importance: 0.2, std: null }];
  expect(importanceText({ ...explanation, features: told })).toMatch(/age +0\.2 +█{20}/);
});

test('a job that still runs has no conclusions, and a leaderboard all the same', () => {
  expect(leaderboardText({ ...result, bestTrial: null, conclusions: null })).not.toMatch(/best|=|front/);
});
