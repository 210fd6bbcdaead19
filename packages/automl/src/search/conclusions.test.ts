import type { AutoMLSpec } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { numericColumn, stringColumn, type Table } from '../table/table.ts';
import type { TrialRecord } from './api.ts';
import { automl } from './automl.ts';
import { bestOf, conclude } from './conclusions.ts';
import { exampleTable } from './example-table.ts';
import { betterScore, measure } from './measure.ts';
import { defineProblem, type Problem } from './problem.ts';
import { resampledScores, standardErrorOf } from './resampled-scores.ts';

const problem = defineProblem(exampleTable(500), undefined, {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent'] },
  validationDataSize: 0.4,
});

/** The record of a model that is right about a row with this chance, and as slow as told. */
function record(given: Problem, iteration: number, skill: number, more: Partial<TrialRecord['trial']> = {}): TrialRecord {
  const random = createRandom(iteration);
  const { target, validation } = given;
  if (target.task !== 'classification') throw new Error('Only for classes.');
  const validationPredictions = Float64Array.from(
    validation.folds.flatMap((fold) =>
      Array.from(fold.validation).flatMap((row) => {
        const yes = skill * (target.y[row] as number) + (1 - skill) * random.nextFloat();
        return [1 - yes, yes];
      }),
    ),
  );
  return recordOf(given, iteration, validationPredictions, more);
}

function recordOf(
  given: Problem,
  iteration: number,
  predictions: Float64Array,
  more: Partial<TrialRecord['trial']>,
): TrialRecord {
  const { metrics, resampledScores } = measure(given, predictions);
  return {
    trial: {
      ...{ name: `job_${iteration}`, iteration, status: 'Completed', preprocessor: '', algorithm: 'LightGBM', parameters: {} },
      ...{
        description: '',
        score: metrics.AUC_weighted ?? null,
        standardError: standardErrorOf(given, resampledScores),
        metrics,
      },
      ...{
        fitSeconds: 1,
        finishedAtSeconds: iteration + 1,
        work: 1,
        predictMicrosecondsPerRow: 5,
        predictMicrosecondsSingleRow: 9,
      },
      ...{ onnxBytes: 1, parity: null },
      ...more,
    },
    onnx: undefined,
    validationPredictions: predictions,
    parityPredictions: new Float64Array(0),
    files: {},
  };
}

const baseline = (given: Problem) => {
  const rows = given.validation.folds.reduce((sum, fold) => sum + fold.validation.length, 0);
  return recordOf(given, 0, new Float64Array(2 * rows).fill(0.5), { algorithm: 'Prior', predictMicrosecondsPerRow: 1 });
};
const better = betterScore(problem);
const ranked = (...records: TrialRecord[]) =>
  records.sort(
    (a, b) => Number(better(b.trial.score ?? 0, a.trial.score ?? 0)) - Number(better(a.trial.score ?? 0, b.trial.score ?? 0)),
  );

describe('the standard error', () => {
  it('is that of the binomial distribution for an accuracy', () => {
    const rows = Array.from({ length: 400 }, (_, row) => row);
    const halves: Table = {
      rowCount: 400,
      columns: [
        numericColumn('x', rows),
        stringColumn(
          'y',
          rows.map((row) => (row % 2 ? 'a' : 'b')),
        ),
      ],
    };
    const given = defineProblem(halves, undefined, {
      task: 'classification',
      targetColumnName: 'y',
      primaryMetric: 'accuracy',
      validationDataSize: 0.5,
    });
    const right = (i: number) => i % 10 < 8;
    const predictions = Float64Array.from((given.validation.folds[0]?.validation ?? []) as Int32Array, () => 0);
    const all = new Float64Array(2 * predictions.length);
    given.validation.folds[0]?.validation.forEach((row, i) => {
      const truth = (given.target.y[row] as number) === 1;
      all[2 * i + 1] = truth === right(i) ? 1 : 0;
      all[2 * i] = 1 - (all[2 * i + 1] as number);
    });
    const error = standardErrorOf(given, resampledScores(given, all)) as number;
    // sqrt(0.8 x 0.2 / 200) = 0.0283, known to a tenth or two from 30 groups.
    expect(error).toBeGreaterThan(0.02);
    expect(error).toBeLessThan(0.037);
  });
});

describe('conclusions', () => {
  it('models that differ by less than their paired error are tied, also restored ones; a worse one is not', () => {
    const alike = record(problem, 1, 0.3);
    const twin = recordOf(
      problem,
      2,
      alike.validationPredictions.map((value, i) => value + (i % 2 ? 1e-9 : -1e-9)),
      {},
    );
    const worse = record(problem, 3, 0.1);
    const { tied, sentences, baseline: beaten } = conclude(problem, ranked(alike, twin, worse, baseline(problem)));
    expect(tied).toEqual(['job_1', 'job_2']);
    expect(sentences).toContain('The first two cannot be told apart on the validation rows.');
    expect(beaten).toMatchObject({ trial: 'job_0', isBeaten: true });
  });

  it('a single model that is first by chance steps back for the blend, which is fitted on all rows; a clearly better one does not', () => {
    const parity = { rows: 1, maxDifference: 0, labelFlips: 0, tolerance: 1e-5, withinTolerance: true };
    const first = record(problem, 1, 0.3, { parity });
    const blend = { parity, algorithm: 'VotingEnsemble', ensemble: [{ iteration: 1, algorithm: 'LightGBM', weight: 1 }] };
    const alike = recordOf(
      problem,
      2,
      first.validationPredictions.map((value, i) => value + (i % 2 ? 1e-9 : -1e-9)),
      blend,
    );
    const close = ranked(first, alike, baseline(problem));
    expect(bestOf(close, conclude(problem, close))).toBe(alike);
    expect(conclude(problem, [first, alike]).sentences.join(' ')).toContain(
      'VotingEnsemble (trial 2) is the best trial: LightGBM (trial 1) is ahead by no more than chance',
    );
    const apart = ranked(first, record(problem, 2, 0.1, blend), baseline(problem));
    expect(bestOf(apart, conclude(problem, apart))).toBe(first);
  });

  it('the front holds the best, and what is faster than everything better', () => {
    const slow = record(problem, 1, 0.5, { predictMicrosecondsPerRow: 80 });
    const fast = record(problem, 2, 0.49, { predictMicrosecondsPerRow: 8 });
    const useless = record(problem, 3, 0.15, { predictMicrosecondsPerRow: 20 });
    const poor = record(problem, 4, 0.1, { predictMicrosecondsPerRow: 1 });
    const { paretoFront, sentences } = conclude(problem, ranked(slow, fast, useless, poor, baseline(problem)));
    expect(paretoFront).toEqual(['job_1', 'job_2', 'job_4']);
    expect(sentences.join(' ')).toMatch(/LightGBM \(trial 2\) answers 10 times as fast as LightGBM \(trial 1\)/);
  });

  it('of equal scores only the fastest is on the front', () => {
    const slow = record(problem, 1, 0.5, { predictMicrosecondsPerRow: 80 });
    const fast = recordOf(problem, 2, slow.validationPredictions, { predictMicrosecondsPerRow: 8 });
    expect(conclude(problem, ranked(slow, fast)).paretoFront).toEqual(['job_2']);
  });

  it('a fast model that is as good is told as such, and numbers that are left out are explained', () => {
    const slow = record(problem, 1, 0.3, { predictMicrosecondsPerRow: 80 });
    const alike = slow.validationPredictions.map((value, i) => value + (i % 2 ? 1e-9 : -1e-9));
    const { sentences } = conclude(problem, ranked(slow, recordOf(problem, 4, alike, { predictMicrosecondsPerRow: 8 })));
    expect(sentences.join(' ')).toMatch(/10 times as fast as LightGBM \(trial \d\), and cannot be told apart from it\./);
    expect(sentences).toContain('Trials 0, 2 and 3 were not finished when the search ended.');
  });

  it('advises no fast model that gives up much of what was learned', () => {
    const slow = record(problem, 1, 0.5, { predictMicrosecondsPerRow: 80 });
    const poor = record(problem, 2, 0.1, { predictMicrosecondsPerRow: 1 });
    const { sentences } = conclude(problem, ranked(slow, poor, baseline(problem)));
    expect(sentences.join(' ')).not.toContain('times as fast');
  });

  it('tells when the search stopped improving, and why trials failed', () => {
    const failed: TrialRecord = {
      ...record(problem, 4, 0.3),
      trial: { ...record(problem, 4, 0.3).trial, status: 'Failed', score: null, error: 'Out of memory.' },
    };
    const records = ranked(baseline(problem), record(problem, 1, 0.2), record(problem, 2, 0.5), record(problem, 3, 0.3));
    const { improvements, sentences } = conclude(problem, [...records, failed]);
    expect(improvements.map(({ iteration, seconds }) => [iteration, seconds])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(sentences).toContain('Stopped improving at trial 2 of 4, after 3 of 5 s.');
    expect(sentences).toContain('One of 5 trials failed, LightGBM (trial 4) so: Out of memory.');
    expect(sentences.join(' ')).not.toContain('not finished');
  });
});

/** Numbers and words without any tie to the target. */
function noise(rows: number, seed: number): Table {
  const random = createRandom(seed);
  const numbers = () => Array.from({ length: rows }, () => random.nextNormal());
  const words = () => Array.from({ length: rows }, () => 'abcdef'[random.nextInt(6)] as string);
  return {
    rowCount: rows,
    columns: [
      ...['u', 'v', 'w', 'x'].map((name) => numericColumn(name, numbers())),
      ...['k', 'l'].map((name) => stringColumn(name, words())),
      stringColumn(
        'class',
        Array.from({ length: rows }, () => (random.nextFloat() < 0.3 ? 'yes' : 'no')),
      ),
      numericColumn('value', numbers()),
    ],
  };
}

/** Learners of several kinds that are fitted in milliseconds; the search has no time limit here. */
const quick = ({ task }: AutoMLSpec) => ({
  allowedTrainingAlgorithms:
    task === 'regression'
      ? ['ElasticNet', 'DecisionTree', 'LassoLars', 'KNN', 'SGD']
      : ['LogisticRegression', 'DecisionTree', 'LinearSVM', 'BernoulliNaiveBayes', 'KNN', 'AveragedPerceptronClassifier'],
  enableModelExplainability: false,
});

describe('pure noise has no winner: the baseline ties and is kept, and the result says so', () => {
  const classes: AutoMLSpec = { task: 'classification', targetColumnName: 'class', featurization: { dropColumns: ['value'] } };
  const values: AutoMLSpec = { task: 'regression', targetColumnName: 'value', featurization: { dropColumns: ['class'] } };
  it.each<[string, number, number, AutoMLSpec]>([
    ['60 rows in ten folds', 60, 1, classes],
    ['250 rows in ten folds', 250, 2, classes],
    ['250 rows, accuracy', 250, 3, { ...classes, primaryMetric: 'accuracy' }],
    ['1,200 rows in three folds', 1200, 4, classes],
    ['1,200 rows held out', 1200, 5, { ...classes, validationDataSize: 0.25 }],
    ['200 rows of regression in ten folds', 200, 6, values],
    ['1,200 rows of regression held out', 1200, 7, { ...values, validationDataSize: 0.2 }],
  ])('%s', async (_, rows, seed, spec) => {
    const { result, best } = await automl({
      table: noise(rows, seed),
      spec: { ...spec, limits: { maxTrials: 8 }, training: quick(spec) },
      jobName: 'job',
      onEvent: () => {},
    });
    const prior = result.trials.find(({ algorithm }) => algorithm === 'Prior');
    expect(result.bestTrial).toBe(prior?.name);
    expect(best.trial.algorithm).toBe('Prior');
    expect(result.conclusions?.baseline?.isBeaten).toBe(false);
    expect(result.conclusions?.tied).toContain(prior?.name);
    expect(result.conclusions?.sentences[0]).toContain(
      spec.task === 'classification'
        ? 'No model is better than predicting the class prior'
        : 'No model is better than predicting the mean',
    );
  });

  it('and a signal is not taken for noise, on few rows either', async () => {
    const { result } = await automl({
      table: exampleTable(120),
      spec: {
        ...classes,
        targetColumnName: 'bought',
        featurization: { dropColumns: ['spent'] },
        limits: { maxTrials: 5 },
        training: quick(classes),
      },
      jobName: 'job',
      onEvent: () => {},
    });
    expect(result.conclusions?.baseline?.isBeaten).toBe(true);
    expect(result.bestTrial).toBe(result.trials[0]?.name);
  });
});
