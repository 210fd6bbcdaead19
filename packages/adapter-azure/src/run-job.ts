/** An AutoML job that is a run and no resource of ARM's: the node of a pipeline. The run keeps the settings it was started with. */
import {
  type AutoMLJob,
  type Job,
  type JobStatus,
  jobStatuses,
  type PrimaryMetric,
  primaryMetrics,
  terminalJobStatuses,
} from '@malachite/core';
import { defined, textsOf } from './forms.ts';
import { errorOf, type Run, timeOf } from './run.ts';

/** What we read of `AMLSettingsJsonString`; there are about a hundred more. */
type Settings = {
  readonly task_type?: string;
  readonly label_column_name?: string;
  readonly primary_metric?: string;
  readonly iterations?: number | null;
  readonly max_concurrent_iterations?: number | null;
  readonly experiment_timeout_minutes?: number | null;
  readonly iteration_timeout_minutes?: number | null;
  readonly n_cross_validations?: number | null;
  readonly validation_size?: number | null;
  readonly enable_early_stopping?: boolean | null;
};

/** Undefined for a run of another kind. */
export function jobOfRun(run: Run): Job | undefined {
  const { runId, properties = {}, tags, status: word } = run;
  if (
    properties.runTemplate !== 'AutoML' &&
    properties['azureml.runsource'] !== 'automl' &&
    properties.StepType !== 'AutoMLStep'
  ) {
    return undefined;
  }
  const status = statusOf(word);
  const target = run.target ?? properties.target ?? 'serverless';
  return {
    name: runId,
    type: 'automl',
    displayName: run.displayName ?? runId,
    experimentName: run.experimentName ?? run.experimentId ?? 'Default',
    tags: textsOf(tags),
    properties: textsOf(properties),
    compute: /^serverless$/i.test(target) ? 'serverless' : target,
    status,
    createdAt: timeOf(run.createdTimeUtc) ?? new Date(0).toISOString(),
    startTime: timeOf(run.startTimeUtc),
    endTime: terminalJobStatuses.has(status) ? timeOf(run.endTimeUtc) : null,
    error: errorOf(run),
    spec: specOfRun(run),
  };
}

/** Azure has a few more words for the same: a node being made ready, and a node that is silent. */
export function statusOf(status = 'NotStarted'): JobStatus {
  if (status === 'Starting' || status === 'Provisioning') return 'Preparing';
  return jobStatuses.find((each) => each === status) ?? 'Running';
}

/** Its data by the address that the service has for them: `azureml://locations/…/data/bank/versions/1`. */
function specOfRun({ properties = {}, inputs }: Run): AutoMLJob {
  const settings = settingsIn(properties.AMLSettingsJsonString);
  const pathOf = (name: string) => {
    const { assetId } = inputs?.[name] ?? {};
    return assetId ? { path: assetId } : undefined;
  };
  const given = (value: number | null | undefined) => value ?? undefined;
  const metric = settings.primary_metric ?? properties.primary_metric;
  return defined({
    type: 'automl' as const,
    task: settings.task_type === 'regression' ? ('regression' as const) : ('classification' as const),
    targetColumnName: settings.label_column_name ?? '',
    primaryMetric: primaryMetrics.find((each: PrimaryMetric) => each === metric),
    trainingData: pathOf('training_data') ?? { path: 'unknown' },
    validationData: pathOf('validation_data'),
    testData: pathOf('test_data'),
    nCrossValidations: given(settings.n_cross_validations),
    validationDataSize: given(settings.validation_size) || undefined,
    limits: defined({
      maxTrials: given(settings.iterations),
      maxConcurrentTrials: given(settings.max_concurrent_iterations),
      timeoutMinutes: given(settings.experiment_timeout_minutes),
      trialTimeoutMinutes: given(settings.iteration_timeout_minutes),
      enableEarlyTermination: settings.enable_early_stopping ?? undefined,
    }),
  });
}

function settingsIn(text: string | null | undefined): Settings {
  try {
    return JSON.parse(text ?? '{}') as Settings;
  } catch {
    return {};
  }
}
