/**
 * An AutoML job in ARM's words (api-version 2024-01-01-preview) and back. We write them ourselves: the client's own
 * serialiser drops the settings of tabular tasks, see `dropped-on-send.test.ts`.
 */
import { type AutoMLJob, MalachiteError, type PrimaryMetric, primaryMetrics } from '@malachite/core';
import { defined, durationOf, secondsOf } from './forms.ts';

/** Where the data of a job lies, as ARM is told. */
export type DataUri = { readonly jobInputType: 'mltable'; readonly uri: string };

/** ARM's `taskDetails`, as it is sent and as it answers. */
export type TaskDetails = {
  readonly taskType?: string;
  readonly primaryMetric?: string;
  readonly targetColumnName?: string;
  readonly trainingData?: { readonly uri?: string };
  readonly validationData?: { readonly uri?: string } | null;
  readonly testData?: { readonly uri?: string } | null;
  readonly validationDataSize?: number | null;
  readonly testDataSize?: number | null;
  readonly cvSplitColumnNames?: string[] | null;
  readonly weightColumnName?: string | null;
  readonly positiveLabel?: string | null;
  readonly nCrossValidations?: { readonly mode?: string; readonly value?: number } | null;
  readonly limitSettings?: {
    readonly timeout?: string;
    readonly trialTimeout?: string;
    readonly maxTrials?: number;
    readonly maxConcurrentTrials?: number;
    readonly exitScore?: number | null;
    readonly enableEarlyTermination?: boolean;
  };
};

/** The metric that a task is judged by when the job names none: core's, which is Azure's of before v2. */
export const defaultMetric = (task: AutoMLJob['task']): PrimaryMetric =>
  task === 'classification' ? 'AUC_weighted' : 'normalized_root_mean_squared_error';

/** Hours and days cost money: where Azure would search for six days, an hour is said. */
const defaultTimeoutMinutes = 60;

/** What a job that says nothing of it is given. */
export function withDefaults(job: AutoMLJob): AutoMLJob {
  const { limits = {} } = job;
  const isEndless = limits.timeoutMinutes === undefined && limits.maxTrials === undefined;
  return {
    ...job,
    experimentName: job.experimentName ?? 'Default',
    primaryMetric: job.primaryMetric ?? defaultMetric(job.task),
    limits: { enableEarlyTermination: true, ...(isEndless && { timeoutMinutes: defaultTimeoutMinutes }), ...limits },
    featurization: { mode: 'auto', ...job.featurization },
    training: { enableVoteEnsemble: true, enableModelExplainability: true, ...job.training },
  };
}

/**
 * `seed` is left out: Azure takes none. A budget in work is refused, as without it the job would have no end.
 * @throws MalachiteError `NotSupported` for `limits.workUnits`.
 */
export function detailsOf(
  spec: AutoMLJob,
  data: Readonly<Record<'trainingData' | 'validationData' | 'testData', DataUri | undefined>>,
) {
  const { limits = {}, training = {}, featurization } = spec;
  if (limits.workUnits !== undefined) {
    throw new MalachiteError('NotSupported', 'limits.workUnits: Azure ML counts no work. Give timeoutMinutes or maxTrials.');
  }
  return defined({
    taskType: spec.task === 'classification' ? 'Classification' : 'Regression',
    primaryMetric: pascal(spec.primaryMetric ?? defaultMetric(spec.task)),
    targetColumnName: spec.targetColumnName,
    logVerbosity: 'Info',
    ...data,
    validationDataSize: spec.validationDataSize,
    testDataSize: spec.testDataSize,
    cvSplitColumnNames: spec.cvSplitColumnNames,
    weightColumnName: spec.weightColumnName,
    positiveLabel: spec.positiveLabel,
    nCrossValidations: spec.nCrossValidations && { mode: 'Custom', value: spec.nCrossValidations },
    limitSettings: defined({
      timeout: minutes(limits.timeoutMinutes),
      trialTimeout: minutes(limits.trialTimeoutMinutes),
      maxTrials: limits.maxTrials,
      maxConcurrentTrials: limits.maxConcurrentTrials,
      exitScore: limits.exitScore,
      enableEarlyTermination: limits.enableEarlyTermination ?? true,
    }),
    trainingSettings: { ...training, enableOnnxCompatibleModels: true },
    featurizationSettings: featurization && featurizationOf(featurization),
  });
}

/** Columns are dropped by being said to be ignored: ARM has no list of them. */
function featurizationOf({ dropColumns = [], columnNameAndTypes, mode, ...rest }: NonNullable<AutoMLJob['featurization']>) {
  const ignored = Object.fromEntries(dropColumns.map((column) => [column, 'Ignore']));
  const types = { ...columnNameAndTypes, ...ignored };
  const isChanged = Object.keys(types).length > 0;
  return { ...rest, mode: pascal(mode ?? (isChanged ? 'custom' : 'auto')), ...(isChanged && { columnNameAndTypes: types }) };
}

/** Of a job that others submitted: what a leaderboard and a reader need. Ours carry their own specification. */
export function specOf(details: TaskDetails): Omit<AutoMLJob, 'type'> {
  const limits = details.limitSettings ?? {};
  const pathOf = (input: { readonly uri?: string } | null | undefined) => (input?.uri ? { path: input.uri } : undefined);
  return defined({
    task: details.taskType === 'Regression' ? ('regression' as const) : ('classification' as const),
    targetColumnName: details.targetColumnName ?? '',
    primaryMetric: primaryMetrics.find((metric) => pascal(metric) === details.primaryMetric),
    trainingData: pathOf(details.trainingData) ?? { path: 'unknown' },
    validationData: pathOf(details.validationData),
    testData: pathOf(details.testData),
    validationDataSize: details.validationDataSize ?? undefined,
    testDataSize: details.testDataSize ?? undefined,
    cvSplitColumnNames: details.cvSplitColumnNames ?? undefined,
    weightColumnName: details.weightColumnName ?? undefined,
    positiveLabel: details.positiveLabel ?? undefined,
    nCrossValidations: details.nCrossValidations?.value,
    limits: defined({
      timeoutMinutes: minutesOf(limits.timeout),
      trialTimeoutMinutes: minutesOf(limits.trialTimeout),
      maxTrials: limits.maxTrials,
      maxConcurrentTrials: limits.maxConcurrentTrials,
      exitScore: limits.exitScore ?? undefined,
      enableEarlyTermination: limits.enableEarlyTermination,
    }),
  });
}

const minutes = (given: number | undefined) => (given === undefined ? undefined : durationOf(60 * given));

function minutesOf(duration: string | undefined): number | undefined {
  const seconds = secondsOf(duration);
  return seconds === undefined ? undefined : seconds / 60;
}

/** `AUC_weighted` is `AUCWeighted`, `r2_score` is `R2Score`. */
const pascal = (metric: string): string => metric.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
