/**
 * What the run history adds to the properties that an AutoML job has from its submission: the settings of the search in the
 * older SDK's words (`AMLSettingsJsonString`) and the data. What names runs that do not exist here (setup, featurization,
 * explanation) is left out.
 */
import type { AutoMLResult, Job } from '@malachite/core';

/** Trials without a gain after which the search may give up. */
const patience = 20;
const noSnapshot = '00000000-0000-0000-0000-000000000000';

export function parentProperties(job: Job, result: AutoMLResult | undefined): Record<string, string | null> {
  const { spec } = job;
  return {
    AMLSettingsJsonString: JSON.stringify(settingsOf(job, result)),
    DataPrepJsonString: null,
    EnableSubsampling: result?.trials.some(({ sample }) => sample !== undefined) ? 'True' : 'False',
    ClientType: 'Mfe',
    mltable_data_json: JSON.stringify({
      Type: 'MLTable',
      TrainData: dataOf(spec.trainingData.path),
      TestData: spec.testData ? dataOf(spec.testData.path) : null,
      ValidData: spec.validationData ? dataOf(spec.validationData.path) : null,
    }),
    snapshotId: noSnapshot,
  };
}

/** `Serverless` in the service's spelling, or the cluster. */
export const targetOf = ({ compute }: Job): string => (compute === 'serverless' ? 'Serverless' : compute);

const dataOf = (path: string) => ({ Uri: path, ResolvedUri: path, AssetId: null });

function settingsOf({ spec, experimentName, compute }: Job, result: AutoMLResult | undefined) {
  const { limits = {}, training = {}, featurization } = spec;
  const mode = featurization?.mode ?? 'auto';
  const metric = spec.primaryMetric ?? result?.primaryMetric ?? '';
  return {
    name: experimentName,
    compute_target: compute,
    iterations: limits.maxTrials ?? 1000,
    primary_metric: metric,
    task_type: spec.task,
    positive_label: spec.positiveLabel ?? null,
    test_size: spec.testDataSize ?? 0,
    validation_size: spec.validationDataSize ?? 0,
    n_cross_validations: spec.nCrossValidations ?? null,
    featurization: mode === 'custom' ? featurization : mode,
    is_timeseries: false,
    max_concurrent_iterations: limits.maxConcurrentTrials ?? null,
    iteration_timeout_minutes: limits.trialTimeoutMinutes ?? null,
    experiment_timeout_minutes: limits.timeoutMinutes ?? null,
    experiment_exit_score: limits.exitScore ?? null,
    whitelist_models: training.allowedTrainingAlgorithms ?? null,
    blacklist_algos: training.blockedTrainingAlgorithms ?? [],
    model_explainability: training.enableModelExplainability ?? true,
    enable_onnx_compatible_models: true,
    enable_dnn: false,
    save_mlflow: true,
    track_child_runs: true,
    enable_early_stopping: limits.enableEarlyTermination ?? true,
    early_stopping_n_iters: patience,
    enable_ensembling: training.enableVoteEnsemble ?? true,
    enable_stack_ensembling: training.enableStackEnsemble ?? true,
    label_column_name: spec.targetColumnName,
    weight_column_name: spec.weightColumnName ?? null,
    cv_split_column_names: spec.cvSplitColumnNames ?? null,
    metric_operation: isMinimized(metric) ? 'minimize' : 'maximize',
    preprocess: mode !== 'off',
  };
}

export const isMinimized = (metric: string): boolean => /error|loss/.test(metric);
