/** What Azure answered to others, read as the adapter reads it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guardrailsIn, validationIn } from './guardrails.ts';
import type { Run } from './runs.ts';
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

  it('the guardrails are those of its file, and one of them says how trials were validated', () => {
    const guardrails = guardrailsIn(read('03_console/verifier_results.json'));
    expect(guardrails[0]).toEqual({
      type: '_cross_validation',
      friendlyType: 'Cross validation',
      result: 'done',
      description: 'Each iteration of the trained model was validated through cross-validation.',
      parameters: [{ number_of_folds: '10' }],
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
