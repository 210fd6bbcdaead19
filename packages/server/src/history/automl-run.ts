/** What the service writes on an AutoML job and on its trials: tags and properties, in its names and forms since 2023. */
import { createHash } from 'node:crypto';
import type { AutoMLResult, Job, Trial } from '@malachite/core';
import { isMinimized } from './automl-settings.ts';

/** A tag's value is cut into `NAME_000`, `NAME_001`, … of about so many characters. */
const longestTag = 2000;

/** What the service calls the pipelines that no search has made. */
const ensembleIds: Readonly<Record<string, string>> = {
  VotingEnsemble: '__AutoML_Ensemble__',
  StackEnsemble: '__AutoML_Stack_Ensemble__',
};

/** The same for the same steps with the same parameters, whatever the data; 40 hexadecimal digits. */
const pipelineId = (trial: Trial): string =>
  ensembleIds[trial.algorithm] ?? createHash('sha1').update(pipelineSpec(trial)).digest('hex');

/** Of the parent: the values of all trials joined by `;` in the order in which they ended, and the best of them. */
export function parentTags(result: AutoMLResult | undefined): Record<string, string> {
  if (!result || result.trials.length === 0) return {};
  const trials = result.trials.toSorted((a, b) => a.finishedAtSeconds - b.finishedAtSeconds);
  const joined = (name: string, value: (trial: Trial) => string | number) => pieces(name, trials.map(value).map(String));
  const isScored = ({ score }: Trial): boolean => score !== null;
  return {
    ...joined('pipeline_id', (trial) => (isScored(trial) ? pipelineId(trial) : '')),
    ...joined('score', ({ score }) => score ?? 'NaN'),
    ...joined('predicted_cost', () => 0),
    ...joined('fit_time', (trial) => (isScored(trial) ? trial.fitSeconds : 'NaN')),
    ...joined('training_percent', ({ sample }) => (sample && !sample.isPromoted ? sample.percent : 100)),
    ...joined('iteration', ({ iteration }) => iteration),
    ...joined('run_preprocessor', (trial) => (isScored(trial) ? trial.preprocessor : '')),
    ...joined('run_algorithm', (trial) => (isScored(trial) ? trial.algorithm : '')),
    ...(result.bestTrial && { automl_best_child_run_id: result.bestTrial }),
    ...(result.explanation &&
      result.bestTrial && { model_explain_run: 'best_run', model_explain_best_run_child_id: result.bestTrial }),
  };
}

/** What the service warns of when a search gave up because nothing was gained any more. */
export function earlyExit({ stopReason }: AutoMLResult): { source: string; message: string }[] {
  return stopReason?.startsWith('No scores improved') ? [{ source: 'JasmineService', message: stopReason }] : [];
}

function pieces(name: string, values: readonly string[]): Record<string, string> {
  const texts: string[] = [];
  for (const value of values) {
    const last = texts.at(-1);
    if (last === undefined || last.length + value.length >= longestTag) texts.push(value);
    else texts[texts.length - 1] = `${last};${value}`;
  }
  return Object.fromEntries(texts.map((text, index) => [`${name}_${String(index).padStart(3, '0')}`, text]));
}

export const trialTags = (job: Job): Record<string, string> => ({
  'mlflow.source.type': 'JOB',
  'mlflow.source.name': 'automl_driver.py',
  'mlflow.parentRunId': job.name,
  'mlflow.rootRunId': job.name,
});

export function trialProperties(job: Job, trial: Trial): Record<string, string> {
  const metric = job.spec.primaryMetric ?? '';
  return {
    runTemplate: 'automl_child',
    pipeline_id: pipelineId(trial),
    training_percent: '100',
    iteration: String(trial.iteration),
    _aml_system_scenario_identification: 'Remote.Child',
    run_preprocessor: trial.preprocessor,
    run_algorithm: trial.algorithm,
    pipeline_spec: pipelineSpec(trial),
    ...(trial.ensemble && {
      ensembled_iterations: `[${trial.ensemble.map(({ iteration }) => iteration).join(', ')}]`,
      ensembled_algorithms: `[${trial.ensemble.map(({ algorithm }) => `'${algorithm}'`).join(', ')}]`,
      ensembled_run_ids: `[${trial.ensemble.map(({ iteration }) => `'${job.name}_${iteration}'`).join(', ')}]`,
      ensemble_weights: `[${trial.ensemble.map(({ weight }) => weight).join(', ')}]`,
    }),
    model_output_path: 'outputs/model.onnx',
    ...(trial.onnxBytes > 0 && {
      conda_env_data_location: `aml://artifact/ExperimentRun/dcid.${trial.name}/outputs/conda_env_v_1_0_0.yml`,
      model_data_location: `aml://artifact/ExperimentRun/dcid.${trial.name}/outputs/model.onnx`,
      model_size_on_disk: String(trial.onnxBytes),
      scoring_data_location_v2: `aml://artifact/ExperimentRun/dcid.${trial.name}/outputs/scoring_file_v_2_0_0.py`,
    }),
    model_name: modelName(job.name, trial.iteration),
    score: trial.score === null ? 'NaN' : String(trial.score),
    score_table: 'NaN',
    run_properties: Object.entries(trial.parameters)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(', '),
    training_type: job.spec.nCrossValidations === undefined ? 'train_valid' : 'MeanCrossValidation',
    fit_time: String(trial.fitSeconds),
    goal: `${metric}_${isMinimized(metric) ? 'min' : 'max'}`,
    primary_metric: metric,
    errors: '{}',
    onnx_model_resource: '{}',
  };
}

/** The steps as the service writes them, without the Python modules that it has them from. */
function pipelineSpec({ preprocessor, algorithm, parameters }: Trial): string {
  const step = (spec_class: 'preproc' | 'sklearn', class_name: string, param_kwargs: object) => ({
    spec_class,
    class_name,
    param_args: [],
    param_kwargs,
    prepared_kwargs: {},
  });
  const first = preprocessor === '' ? [] : [step('preproc', preprocessor, {})];
  return JSON.stringify({ objects: [...first, step('sklearn', algorithm, parameters)] });
}

/** The parent's letters and digits, the first fifteen of them, and the iteration: `bluebox1` of `blue_box`. */
const modelName = (job: string, iteration: number): string => `${job.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 15)}${iteration}`;

/** As the service names child runs, `bubbly_market_2v58bk2x`: two words and eight letters or digits, made of the trial's name. */
export function trialDisplayName({ name }: Trial): string {
  const bytes = createHash('sha256').update(name).digest();
  const word = (words: readonly string[], at: number) => words[bytes.readUInt16BE(at) % words.length] as string;
  const rest = Array.from(bytes.subarray(4, 12), (byte) => (byte % 36).toString(36)).join('');
  return `${word(adjectives, 0)}_${word(nouns, 2)}_${rest}`;
}

const adjectives =
  'amber bold bubbly calm clever frosty gentle honest jolly khaki lively maroon placid quiet sincere upbeat'.split(' ');
const nouns = 'apple bridge candle drum engine flower garden harbor island kite lemon market pillow river stone window'.split(
  ' ',
);

/** When a trial began and ended, from the seconds that the search counted. */
export function trialTimes(job: Job, { finishedAtSeconds, fitSeconds }: Trial): { startTimeUtc: string; endTimeUtc: string } {
  const begun = Date.parse(job.startTime ?? job.createdAt);
  const time = (seconds: number) => new Date(begun + 1000 * Math.max(0, seconds)).toISOString();
  return { startTimeUtc: time(finishedAtSeconds - fitSeconds), endTimeUtc: time(finishedAtSeconds) };
}
