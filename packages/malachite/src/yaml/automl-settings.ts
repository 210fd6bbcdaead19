/** What an AutoML job and an AutoML step of a pipeline have in common: task, target, limits, featurization, training. */
import {
  type AutoMLLimits,
  type AutoMLSpec,
  azureAlgorithms,
  classificationPrimaryMetrics,
  type DataInput,
  MalachiteError,
  ownAlgorithms,
  regressionPrimaryMetrics,
} from '@malachite/core';
import { readDataInput } from './data-input.ts';
import { readFeaturization } from './featurization.ts';
import type { Section } from './section.ts';

/** Tasks of Azure's that Malachite has no engine for. */
const otherTasks = [
  'forecasting',
  'image_classification',
  'image_classification_multilabel',
  'image_object_detection',
  'image_instance_segmentation',
  'text_classification',
  'text_classification_multilabel',
  'text_ner',
] as const;

/** Fields of Azure's tabular AutoML that are accepted with a warning. */
export const automlNotHonoured = [
  'log_verbosity',
  'environment_id',
  'environment_variables',
  'resources',
  'queue_settings',
  'services',
  'identity',
] as const;

type AutoMLFields = AutoMLSpec & { trainingData: DataInput; validationData?: DataInput; testData?: DataInput };

export function readAutoMLSettings(root: Section, folder: string): AutoMLFields {
  const task = root.word('task', ['classification', 'regression', ...otherTasks]);
  if (task === undefined) throw root.wrong('task', 'is required: classification or regression');
  if (task !== 'classification' && task !== 'regression') {
    throw new MalachiteError('NotSupported', `AutoML for ${task} is not there yet; Malachite has classification and regression.`);
  }
  const trainingData = readDataInput(root, 'training_data', folder);
  if (trainingData === undefined && root.has('data')) {
    throw root.wrong(
      'data',
      'is how the preview wrote it: write training_data, validation_data, test_data and target_column_name',
    );
  }
  if (trainingData === undefined) throw root.wrong('training_data', 'is required');
  readOutputs(root);
  return {
    task,
    trainingData,
    validationData: readDataInput(root, 'validation_data', folder),
    testData: readDataInput(root, 'test_data', folder),
    targetColumnName: root.requiredText('target_column_name'),
    primaryMetric: root.word(
      'primary_metric',
      task === 'classification' ? classificationPrimaryMetrics : regressionPrimaryMetrics,
    ),
    limits: readLimits(root.section('limits')),
    nCrossValidations:
      root.isText('n_cross_validations') && root.text('n_cross_validations') === 'auto'
        ? undefined
        : root.integer('n_cross_validations'),
    validationDataSize: root.number('validation_data_size'),
    cvSplitColumnNames: root.texts('cv_split_column_names'),
    testDataSize: root.number('test_data_size'),
    weightColumnName: root.text('weight_column_name'),
    positiveLabel: root.label('positive_label'),
    featurization: readFeaturization(root.section('featurization')),
    training: readTraining(root.section('training'), [...azureAlgorithms[task], ...ownAlgorithms]),
    seed: root.integer('seed'),
  };
}

function readLimits(section: Section | undefined): AutoMLLimits | undefined {
  if (section === undefined) return undefined;
  const limits: AutoMLLimits = {
    timeoutMinutes: section.number('timeout_minutes'),
    maxTrials: section.integer('max_trials'),
    trialTimeoutMinutes: section.number('trial_timeout_minutes'),
    maxConcurrentTrials: section.integer('max_concurrent_trials'),
    exitScore: section.number('exit_score'),
    enableEarlyTermination: section.boolean('enable_early_termination'),
    workUnits: section.integer('work_units'),
  };
  section.end(['max_cores_per_trial', 'max_nodes']);
  return limits;
}

function readTraining(section: Section | undefined, algorithms: readonly string[]): AutoMLSpec['training'] {
  if (section === undefined) return undefined;
  const training = {
    allowedTrainingAlgorithms: section.words('allowed_training_algorithms', algorithms),
    blockedTrainingAlgorithms: section.words('blocked_training_algorithms', algorithms),
    enableVoteEnsemble: section.boolean('enable_vote_ensemble'),
    enableStackEnsemble: section.boolean('enable_stack_ensemble'),
    enableModelExplainability: section.boolean('enable_model_explainability'),
  };
  if (section.has('enable_onnx_compatible_models') && section.boolean('enable_onnx_compatible_models') === false) {
    section.warn('enable_onnx_compatible_models', 'is false, but every model is exported to ONNX');
  }
  section.end(['enable_dnn_training', 'ensemble_model_download_timeout_minutes', 'stack_ensemble_settings', 'training_mode']);
  return training;
}

/** `outputs: {best_model: {type: mlflow_model}}`: an AutoML run always has that output, and only that one. */
function readOutputs(root: Section): void {
  const outputs = root.section('outputs');
  if (outputs === undefined) return;
  if (outputs.has('best_model')) {
    const output = outputs.isText('best_model') ? undefined : outputs.section('best_model');
    output?.word('type', ['mlflow_model', 'custom_model']);
    output?.end(['mode', 'path', 'name', 'version', 'description']);
  }
  outputs.end();
}
