/**
 * An AutoML step as a node of Azure's pipelines: in the words of its YAML (snake_case, minutes), where an AutoML job of its
 * own is written in ARM's (`automl-details.ts`). So Microsoft's Python client sends it.
 */
import { type AutoMLStep, MalachiteError } from '@malachite/core';
import { type Connection, idOf } from '../connection.ts';
import { defined } from '../forms.ts';

/** Where the node finds its data, `${{parent.inputs.NAME}}`, by the step's fields. */
export type Bindings = Readonly<Partial<Record<'trainingData' | 'validationData' | 'testData', string>>>;

/**
 * @param output The output of the pipeline that takes the best model; without it, it stays the job's.
 * @throws MalachiteError `NotSupported` for a budget in work, which Azure does not count.
 */
export function automlNode(
  connection: Connection,
  name: string,
  { type, task, compute, seed: _, trainingData: _t, validationData: _v, testData: _d, ...settings }: AutoMLStep,
  bindings: Bindings,
  output: string | undefined,
): object {
  const { primaryMetric, limits, training = {}, featurization, ...rest } = settings;
  if (limits?.workUnits !== undefined) {
    throw new MalachiteError(
      'NotSupported',
      `jobs.${name}.limits.workUnits: Azure ML counts no work. Give timeoutMinutes or maxTrials.`,
    );
  }
  const target = compute?.replace(/^azureml:/, '');
  return defined({
    name,
    type,
    task,
    // A cluster by its id; without one, the pipeline's own.
    compute: target === undefined || target === 'serverless' ? undefined : `azureml:${idOf(connection, 'computes', target)}`,
    primary_metric: primaryMetric?.toLowerCase(),
    training_data: bindings.trainingData,
    validation_data: bindings.validationData,
    test_data: bindings.testData,
    log_verbosity: 'info',
    ...snakeKeys(rest),
    limits: limits && snakeKeys(limits),
    training: {
      ...snakeKeys(training),
      allowed_training_algorithms: training.allowedTrainingAlgorithms?.map(snake),
      blocked_training_algorithms: training.blockedTrainingAlgorithms?.map(snake),
      enable_onnx_compatible_models: true,
    },
    featurization: featurization && featurizationOf(featurization),
    outputs: {
      best_model:
        output === undefined ? { job_output_type: 'mlflow_model' } : { value: `\${{parent.outputs.${output}}}`, type: 'literal' },
    },
  });
}

/** Columns are dropped by being said to be ignored, as in a job of its own. */
function featurizationOf({ dropColumns = [], columnNameAndTypes, mode, ...rest }: NonNullable<AutoMLStep['featurization']>) {
  const types = { ...columnNameAndTypes, ...Object.fromEntries(dropColumns.map((column) => [column, 'Ignore'])) };
  const isChanged = Object.keys(types).length > 0;
  return {
    ...snakeKeys(rest),
    mode: mode ?? (isChanged ? 'custom' : 'auto'),
    ...(isChanged && { column_name_and_types: types }),
  };
}

/** `nCrossValidations` is `n_cross_validations`; values stay as they are. */
const snakeKeys = (object: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [snake(key), value]));

/** As Microsoft's client: `LightGBM` is `light_gbm`, `XGBoostClassifier` is `xg_boost_classifier`. */
const snake = (text: string): string =>
  text
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
