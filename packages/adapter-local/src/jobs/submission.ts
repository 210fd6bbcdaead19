/** From what a caller asks to the specification that is recorded: checked, references resolved, defaults filled in. */
import {
  type AutoMLJob,
  AutoMLSettings,
  type AutoMLSpec,
  algorithmNamed,
  algorithmsWithoutEngine,
  type Compute,
  classificationPrimaryMetrics,
  type DataInput,
  type Dataset,
  type Datasets,
  MalachiteError,
  type PrimaryMetric,
  parseAssetReference,
  regressionPrimaryMetrics,
  serverlessCompute,
  type Tags,
} from '@malachite/core';
import { generateName } from './names.ts';

/** A job as it is recorded. */
export type Submission = {
  readonly spec: AutoMLJob & { readonly name: string };
  /** The plain name, without `azureml:`. */
  readonly compute: string;
  readonly properties: Tags;
};

/** Without a time budget and without a number of trials, a search takes a minute. */
const defaultTimeoutMinutes = 1;

/**
 * @throws `NotFound` for data or compute that does not exist; `InvalidInput` for data without columns, columns that are
 *   not in it, a metric or an algorithm of the other task.
 */
export async function prepareSubmission(asked: AutoMLJob, datasets: Datasets, compute: Compute): Promise<Submission> {
  const training = await tabular(datasets, asked.trainingData, 'trainingData');
  const validation = asked.validationData && (await tabular(datasets, asked.validationData, 'validationData'));
  const test = asked.testData && (await tabular(datasets, asked.testData, 'testData'));
  checkColumns(asked, training, { validationData: validation, testData: test });
  checkAlgorithms(asked);
  const computeName = await knownCompute(asked.compute, compute);
  const name = asked.name ?? generateName();
  const { limits = {}, featurization, training: settings } = asked;
  const spec = {
    ...asked,
    name,
    displayName: asked.displayName ?? name,
    experimentName: asked.experimentName ?? 'Default',
    compute: computeName,
    trainingData: reference(training),
    ...(validation ? { validationData: reference(validation) } : {}),
    ...(test ? { testData: reference(test) } : {}),
    primaryMetric: fittingMetric(asked),
    limits: {
      enableEarlyTermination: true,
      ...(limits.timeoutMinutes === undefined && limits.maxTrials === undefined ? { timeoutMinutes: defaultTimeoutMinutes } : {}),
      ...limits,
    },
    featurization: { mode: 'auto' as const, ...featurization },
    training: { enableVoteEnsemble: true, enableModelExplainability: true, ...settings },
    seed: asked.seed ?? 0,
  };
  return { spec, compute: computeName, properties: { ...asked.properties, ...azureProperties(spec, computeName) } };
}

/** What the engine is asked: the settings without the data and the words around it. */
export function searchSpec(job: AutoMLJob): AutoMLSpec {
  const settings = Object.keys(AutoMLSettings).map((key) => [key, job[key as keyof AutoMLSpec]]);
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined)) as AutoMLSpec;
}

/** `azureml:NAME`, `NAME`, or the ARM id of a compute: its name. */
function computeNameOf(text: string): string {
  return text.replace(/^.*\/computes\//i, '').replace(/^azureml:/, '');
}

/** The dataset version that an input names. */
export async function tabular(datasets: Datasets, { path }: DataInput, field: string): Promise<Dataset> {
  const dataset = await datasets.get(parseAssetReference(path));
  if (dataset.columns.length > 0) return dataset;
  throw new MalachiteError(
    'InvalidInput',
    `${field}: dataset "${dataset.name}:${dataset.version}" (${dataset.format}) has no columns; AutoML needs CSV, Parquet or JSON lines.`,
  );
}

function reference({ name, version, type }: Dataset): Required<DataInput> {
  return { type, path: `azureml:${name}:${version}` };
}

function checkColumns(asked: AutoMLJob, training: Dataset, others: Readonly<Record<string, Dataset | undefined>>): void {
  const { targetColumnName, weightColumnName, featurization } = asked;
  const names = training.columns.map((column) => column.name);
  const wanted: [string, string | undefined][] = [
    ['targetColumnName', targetColumnName],
    ['weightColumnName', weightColumnName],
    ...(asked.cvSplitColumnNames ?? []).map((name): [string, string] => ['cvSplitColumnNames', name]),
    ...(featurization?.dropColumns ?? []).map((name): [string, string] => ['featurization.dropColumns', name]),
    ...Object.keys(featurization?.columnNameAndTypes ?? {}).map((name): [string, string] => [
      'featurization.columnNameAndTypes',
      name,
    ]),
    ...Object.entries(featurization?.transformerParams ?? {}).flatMap(([transformer, settings]) =>
      settings
        .flatMap(({ fields = [] }) => fields)
        .map((name): [string, string] => [`featurization.transformerParams.${transformer}`, name]),
    ),
  ];
  for (const [field, name] of wanted) {
    if (name === undefined || names.includes(name)) continue;
    throw new MalachiteError(
      'InvalidInput',
      `${field}: dataset "${training.name}:${training.version}" has no column "${name}". Columns: ${names.join(', ')}.`,
    );
  }
  // Test rows are only scored: they need no weight and no fold.
  const unneeded = new Set([weightColumnName, ...(asked.cvSplitColumnNames ?? [])]);
  for (const [field, data] of Object.entries(others)) {
    if (data === undefined) continue;
    const present = new Set(data.columns.map((column) => column.name));
    const lacking = names.filter((name) => !present.has(name) && !(field === 'testData' && unneeded.has(name)));
    if (lacking.length === 0) continue;
    throw new MalachiteError(
      'InvalidInput',
      `${field}: dataset "${data.name}:${data.version}" lacks the training data's columns ${lacking.join(', ')}.`,
    );
  }
}

/** Names without an engine are skipped, and told in the job's log; where no other is allowed, there is nothing to run. */
function checkAlgorithms({ task, training }: AutoMLJob): void {
  const blocked = new Set(training?.blockedTrainingAlgorithms?.map((name) => algorithmNamed(task, name)));
  const allowed = training?.allowedTrainingAlgorithms?.map((name) => algorithmNamed(task, name));
  if (allowed === undefined || allowed.some((name) => !blocked.has(name) && !algorithmsWithoutEngine.includes(name))) return;
  const reasons = allowed.map((name) => `${name} ${blocked.has(name) ? 'is blocked' : 'has no engine here'}`);
  throw new MalachiteError(
    'NotSupported',
    `training.allowedTrainingAlgorithms leaves no algorithm to try${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}.`,
  );
}

function fittingMetric({ task, primaryMetric }: AutoMLJob): PrimaryMetric {
  const metrics: readonly PrimaryMetric[] = task === 'classification' ? classificationPrimaryMetrics : regressionPrimaryMetrics;
  const metric = primaryMetric ?? (metrics[0] as PrimaryMetric);
  if (metrics.includes(metric)) return metric;
  throw new MalachiteError('InvalidInput', `primaryMetric "${metric}" does not fit ${task}. It takes ${metrics.join(', ')}.`);
}

async function knownCompute(asked: string | undefined, compute: Compute): Promise<string> {
  const name = computeNameOf(asked ?? serverlessCompute);
  return name.toLowerCase() === serverlessCompute ? serverlessCompute : (await compute.get({ name })).name;
}

/** The run properties that Azure ML gives an AutoML parent and that are as true here. */
function azureProperties(spec: AutoMLJob, compute: string): Tags {
  return {
    num_iterations: String(spec.limits?.maxTrials ?? 1000),
    training_type: 'TrainFull',
    primary_metric: String(spec.primaryMetric),
    train_split: String(spec.validationDataSize ?? 0),
    num_cross_validation: String(spec.nCrossValidations ?? ''),
    target: compute === serverlessCompute ? 'Serverless' : compute,
    runTemplate: 'AutoML',
    'azureml.runsource': 'automl',
    display_task_type: spec.task,
    _aml_system_scenario_identification: 'Remote.Parent',
    PlatformVersion: 'DPV2',
    root_attribution: 'automl',
    attribution: 'AutoML',
    Orchestrator: 'AutoML',
  };
}
