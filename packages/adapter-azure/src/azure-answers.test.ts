/** What Azure answered to others, read as the adapter reads it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explanationIn } from './explanation.ts';
import { guardrailsIn, validationIn } from './guardrails.ts';
import type { Run } from './run.ts';
import { jobOfRun } from './run-job.ts';
import { classesIn, signatureIn } from './signature.ts';
import { stopReasonOf } from './training.ts';
import { isTrial, ranked, trialOf } from './trials.ts';

const answers = new URL('../../../../shared/answers/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, answers), 'utf8');

describe.skipIf(!existsSync(answers))('answers of Azure (skipped without ../shared)', () => {
  it('a run of an AutoML child is a trial, its parent is none', () => {
    const child = JSON.parse(read('02_child/v2_votingensemble_run_json_regression_2024-02.json')) as Run;
    const parent = JSON.parse(read('01_parent/v2_parent_run_json_regression_2024-02.json')) as Run;
    expect([isTrial(child), isTrial(parent)]).toEqual([true, false]);
    expect(trialOf(child, { r2_score: 0.5 }, '2024-02-19T17:20:02.700Z')).toMatchObject({
      name: 'mllearn-bike-automl_2',
      iteration: 2,
      status: 'Completed',
      preprocessor: '',
      algorithm: 'VotingEnsemble',
      score: 0.09030125619896053,
      fitSeconds: 2,
      finishedAtSeconds: 650.044,
      metrics: { r2_score: 0.5 },
      // A pickle: no ONNX model was made.
      onnxBytes: 0,
      ensemble: [
        { iteration: 0, algorithm: 'LightGBM', weight: 0.6666666666666666 },
        { iteration: 1, algorithm: 'RandomForest', weight: 0.3333333333333333 },
      ],
    });
  });

  it('of a Titanic run of 2021 the ensemble is read too, whose members are more than two', () => {
    const run = JSON.parse(read('02_child/run_json_titanic_votingensemble_studio_2021-07.json')) as Run;
    const trial = trialOf(run, {}, null);
    expect(trial).toMatchObject({ iteration: 44, algorithm: 'VotingEnsemble', score: 0.8350062421972535, fitSeconds: 37 });
    expect(trial.ensemble?.map(({ iteration }) => iteration)).toEqual([10, 0, 33, 19, 31, 26, 12]);
    expect(trial.ensemble?.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('the parameters of a trial are those of its last step', () => {
    const { data } = JSON.parse(read('02_child/event_grid_runcompleted_sample.json')) as {
      data: { RunId: string; RunProperties: Record<string, string> };
    };
    const run = { runId: data.RunId, status: 'Completed', properties: data.RunProperties };
    expect(isTrial(run)).toBe(true);
    expect(trialOf(run, {}, null)).toMatchObject({
      iteration: 5,
      preprocessor: 'StandardScalerWrapper',
      algorithm: 'LassoLars',
      description: 'StandardScalerWrapper, LassoLars',
      parameters: { alpha: 0.001, normalize: true },
    });
  });

  it('a job that is a run alone is the job that it was started as', () => {
    const parent = JSON.parse(read('01_parent/v2_parent_run_json_regression_2024-02.json')) as Run;
    const job = jobOfRun(parent);
    expect({ ...job, properties: undefined, tags: undefined }).toEqual({
      name: 'mslearn-bike-automl',
      type: 'automl',
      displayName: expect.any(String),
      experimentName: 'f90bf14c-d2db-42b4-a0e5-f1fc1a8bae63',
      compute: 'serverless',
      status: 'Completed',
      createdAt: '2024-02-23T15:08:32.884Z',
      startTime: '2024-02-23T15:09:06.984Z',
      endTime: '2024-02-23T15:18:26.583Z',
      error: null,
      spec: {
        type: 'automl',
        task: 'regression',
        targetColumnName: 'rentals',
        primaryMetric: 'normalized_root_mean_squared_error',
        trainingData: {
          path: 'azureml://locations/eastus2/workspaces/3056f353-648b-46b0-a8c3-5a86487ce8d5/data/Alugueldebicicletas/versions/1',
        },
        validationDataSize: 0.1,
        limits: expect.objectContaining({ maxTrials: 3, maxConcurrentTrials: 3 }),
      },
    });
    // Those that are null there are none.
    expect(Object.values(job?.properties ?? {}).every((value) => typeof value === 'string')).toBe(true);
    expect(job?.tags).toMatchObject({ automl_best_child_run_id: 'mslearn-bike-automl_2' });
    const child = JSON.parse(read('02_child/v2_votingensemble_run_json_regression_2024-02.json')) as Run;
    expect(jobOfRun(child)).toBeUndefined();
  });

  it('why a search gave up is its warning, and nothing is said of one that went on to its limits', () => {
    const { run_properties } = JSON.parse(read('01_parent/widget_classification_pipeline_id_000_tags_2023-08.json')) as {
      run_properties: { tags: Record<string, string> };
    };
    const run = { runId: 'a', status: 'Completed', tags: run_properties.tags };
    expect(stopReasonOf(run)).toMatch(/^No scores improved over last 10 iterations/);
    expect(stopReasonOf(JSON.parse(read('01_parent/v2_parent_run_json_regression_2024-02.json')) as Run)).toBeNull();
  });

  it('of the two explanations of a run the one by its columns is told', async () => {
    const files = {
      ...(JSON.parse(read('05_explanation/regression_engineered_2cbd3df5.json')) as Record<string, string>),
      ...(JSON.parse(read('05_explanation/regression_raw_66c77c2a.json')) as Record<string, string>),
    };
    // The recording cuts long lists.
    const explanation = await explanationIn(Object.keys(files), 'r2_score', async (path) =>
      (files[path] as string).replace(/, -?[\d.]*\.\.\.\[cut\]$/, ']'),
    );
    expect(explanation).toMatchObject({ method: 'mimic.lightgbm' });
    expect(explanation?.features.slice(0, 2)).toEqual([
      { name: 'workingday', importance: 328.91635847233306, std: null },
      { name: 'temp', importance: 306.2452151928092, std: null },
    ]);
    expect(explanation?.features).toHaveLength(12);
    expect(await explanationIn(['outputs/model.pkl'], 'r2_score', async () => '')).toBeNull();
  });

  it('a model’s columns are those of its MLmodel', () => {
    const signature = signatureIn(read('09_v2/MLmodel_bike_2023-05.yaml'));
    expect(signature?.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'day integer',
      'mnth integer',
      'year integer',
      'season integer',
      'holiday integer',
      'weekday integer',
      'workingday integer',
      'weathersit integer',
      'temp number',
      'atemp number',
      'hum number',
      'windspeed number',
    ]);
    expect(signature).toMatchObject({ task: 'unknown', outputs: [{ name: 'output_0', type: 'int64' }] });
    const matrix = '04_metric_artifacts/confusion_matrix_probable_bankmarketing_holdout_2024-08.json';
    expect(classesIn(read(matrix))).toEqual(['no', 'yes']);
    expect(classesIn(read('04_metric_artifacts/residuals_bike_2023-05.json'))).toBeUndefined();
  });

  it('the guardrails are those of its file, and one of them says how trials were validated', () => {
    const guardrails = guardrailsIn(read('03_console/verifier_results.json'));
    expect(guardrails[0]).toEqual({
      type: '_cross_validation',
      friendlyType: 'Cross validation',
      result: 'done',
      description: 'Each iteration of the trained model was validated through cross-validation.',
      parameters: [{ number_of_folds: '10' }],
      parameterNames: { number_of_folds: 'Number of folds' },
    });
    expect(guardrails.map(({ friendlyType }) => friendlyType)).toContain('Class balancing detection');
    expect(validationIn(guardrails)).toBe(guardrails[0]?.description);
  });
});

it('trials are ranked by the metric’s own direction, those without a score last, and of two alike the chosen one first', () => {
  const trial = (iteration: number, score: string) =>
    trialOf({ runId: `j_${iteration}`, status: 'Completed', properties: { iteration: `${iteration}`, score } }, {}, null);
  const trials = [trial(0, 'NaN'), trial(1, '0.5'), trial(2, '0.9'), trial(3, '0.9')];
  const order = (isLowerBetter: boolean) => ranked(trials, isLowerBetter, 'j_3').map(({ iteration }) => iteration);
  expect([order(false), order(true)]).toEqual([
    [3, 2, 1, 0],
    [1, 3, 2, 0],
  ]);
});
