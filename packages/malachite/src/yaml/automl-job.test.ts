import { describe, expect, test } from 'vitest';
import { readAutoMLJob } from './automl-job.ts';
import { parseYaml } from './document.ts';

/** In the manner of Azure's own examples. */
const file = `
$schema: https://azuremlschemas.azureedge.net/latest/autoMLJob.schema.json
type: automl
experiment_name: bank-marketing
description: A classification job over bank calls
compute: azureml:cpu-cluster
task: classification
log_verbosity: debug
primary_metric: auc_weighted
target_column_name: y
training_data:
  path: azureml:bank:1
  type: mltable
limits:
  timeout_minutes: 180
  max_trials: 40
  max_concurrent_trials: 5
  trial_timeout_minutes: 20
  enable_early_termination: true
featurization:
  mode: auto
training:
  enable_stack_ensemble: false
  enable_vote_ensemble: true
  blocked_training_algorithms: [xg_boost_classifier, KNN]
`;

const parse = (text: string, settings: string[] = []) => {
  const document = parseYaml(text, { name: 'job.yml', folder: '/data', settings });
  return { job: readAutoMLJob(document), warnings: document.warnings };
};

describe('an AutoML job as Azure writes it', () => {
  test('names how models are validated and tested', () => {
    const { job, warnings } = parse(
      `${file}cv_split_column_names: [a, b]\ntest_data_size: 0.2\ntest_data: {path: azureml:calls:2}\n`.replace(
        'log_verbosity: debug',
        '',
      ),
    );
    expect(job).toMatchObject({ cvSplitColumnNames: ['a', 'b'], testDataSize: 0.2, testData: { path: 'azureml:calls:2' } });
    expect(warnings).toEqual([]);
  });

  test('is read into the fields of core', () => {
    const { job, warnings } = parse(file);
    expect(job).toMatchObject({
      type: 'automl',
      experimentName: 'bank-marketing',
      compute: 'azureml:cpu-cluster',
      task: 'classification',
      primaryMetric: 'AUC_weighted',
      targetColumnName: 'y',
      trainingData: { type: 'mltable', path: 'azureml:bank:1' },
      limits: {
        timeoutMinutes: 180,
        maxTrials: 40,
        maxConcurrentTrials: 5,
        trialTimeoutMinutes: 20,
        enableEarlyTermination: true,
      },
      featurization: { mode: 'auto' },
      training: { enableVoteEnsemble: true, blockedTrainingAlgorithms: ['XGBoostClassifier', 'KNN'] },
    });
    expect(warnings).toEqual(['job.yml: "log_verbosity" is not honoured by Malachite yet; it is left out.']);
  });

  test('takes metrics in any of the spellings of Azure', () => {
    for (const metric of ['AUC_weighted', 'auc_weighted', 'AUCWeighted']) {
      expect(parse(file.replace('auc_weighted', metric)).job.primaryMetric).toBe('AUC_weighted');
    }
  });

  test('takes every name that Azure has for an algorithm, in its spellings; one without an engine is for the engine to skip', () => {
    const names = ['light_gbm', 'LightGBM', 'lightgbm', 'averaged_perceptron_classifier', 'TensorFlowDNN', 'mlp'];
    const { job } = parse(
      file.replace('blocked_training', 'allowed_training').replace('xg_boost_classifier, KNN', names.join(', ')),
    );
    const understood = ['LightGBM', 'LightGBM', 'LightGBM', 'AveragedPerceptronClassifier', 'TensorFlowDNN', 'MLP'];
    expect(job.training?.allowedTrainingAlgorithms).toEqual(understood);
    expect(() => parse(file.replace('KNN', 'light_gbn'))).toThrow('Did you mean "light_gbm"?');
  });

  test('names its positive label; a word that YAML has changed is to stand in quotes', () => {
    expect(parse(`${file}positive_label: 1\n`).job.positiveLabel).toBe('1');
    expect(parse(`${file}positive_label: "yes"\n`).job.positiveLabel).toBe('yes');
    expect(() => parse(`${file}positive_label: yes\n`)).toThrow('write it in quotes');
  });

  test('is changed by --set before it is read', () => {
    const { job } = parse(file, ['limits.max_trials=3', 'display_name=quick', 'training.enable_vote_ensemble=false']);
    expect(job.limits?.maxTrials).toBe(3);
    expect(job.displayName).toBe('quick');
    expect(job.training?.enableVoteEnsemble).toBe(false);
    expect(() => parse(file, ['target_column_name.x=3'])).toThrow(
      "Cannot use '--set' on properties defined by reference strings",
    );
  });

  test('takes local data from the folder of the file', () => {
    expect(parse(file.replace('azureml:bank:1', './bank')).job.trainingData.path).toBe('/data/bank');
  });
});

describe('featurization as Azure writes it', () => {
  const block = `featurization:
  mode: custom
  dataset_language: eng
  enable_dnn_featurization: false
  blocked_transformers: [LabelEncoder, wo_e_target_encoder]
  column_name_and_types:
    zip code: Categorical
    Opened.At: DateTime
  transformer_params:
    imputer:
      - fields: [age]
        parameters: {strategy: constant, fill_value: 0}
      - fields: [city]
        parameters: {strategy: most_frequent}
    hash_one_hot_encoder:
      - parameters: {number_of_bits: 3}
    tf_idf:
      - fields: [note]
        parameters: {norm: null, max_features: 500}
`;
  const custom = file.replace('featurization:\n  mode: auto\n', block);

  test('is read whole, names of columns as they are, without a warning', () => {
    const { job, warnings } = parse(custom);
    expect(job.featurization).toEqual({
      mode: 'custom',
      datasetLanguage: 'eng',
      enableDnnFeaturization: false,
      blockedTransformers: ['LabelEncoder', 'WoETargetEncoder'],
      columnNameAndTypes: { 'zip code': 'Categorical', 'Opened.At': 'DateTime' },
      transformerParams: {
        Imputer: [
          { fields: ['age'], parameters: { strategy: 'constant', fill_value: 0 } },
          { fields: ['city'], parameters: { strategy: 'most_frequent' } },
        ],
        HashOneHotEncoder: [{ parameters: { number_of_bits: 3 } }],
        TfIdf: [{ fields: ['note'], parameters: { norm: null, max_features: 500 } }],
      },
    });
    expect(warnings).toEqual([expect.stringContaining('log_verbosity')]);
  });

  test('says that there are no neural text features', () => {
    const { warnings } = parse(custom.replace('enable_dnn_featurization: false', 'enable_dnn_featurization: true'));
    expect(warnings.join(' ')).toContain(
      '"featurization.enable_dnn_featurization" is true, but Malachite has no neural text features',
    );
  });

  test.each([
    ['LabelEncoder', 'LabelEncodr', 'Did you mean "label_encoder"?'],
    [
      'zip code: Categorical',
      'zip code: Category',
      '"featurization.column_name_and_types.zip code" is "Category", which is none of numeric',
    ],
    ['imputer:', 'imputr:', '"featurization.transformer_params.imputr" is not a known field. Did you mean "imputer"?'],
    ['fields: [age]', 'columns: [age]', '"featurization.transformer_params.imputer[0].columns" is not a known field.'],
    [
      'fill_value: 0',
      'fill_value: [0]',
      '"featurization.transformer_params.imputer[0].parameters.fill_value" must be a single value.',
    ],
  ])('%s -> %s', (from, to, sentence) => {
    expect(() => parse(custom.replace(from, to))).toThrow(sentence);
  });
});

describe('what is wrong in an AutoML job is said with the field', () => {
  test.each([
    ['max_trials: 40', 'max_trails: 40', 'job.yml: "limits.max_trails" is not a known field. Did you mean "max_trials"?'],
    ['max_trials: 40', 'max_trials: many', 'job.yml: "limits.max_trials" must be a number.'],
    ['max_trials: 40', 'max_trials:', 'job.yml: "limits.max_trials" is empty; give it a value or leave it out.'],
    ['mode: auto', 'mode: off', `job.yml: "featurization.mode" must be written in quotes: 'off' (YAML reads off as false).`],
    ['target_column_name: y\n', '', 'job.yml: "target_column_name" is required.'],
    [
      'training_data:\n  path: azureml:bank:1\n  type: mltable\n',
      'data:\n  training: {data: {path: azureml:bank:1}}\n',
      'job.yml: "data" is how the preview wrote it: write training_data, validation_data, test_data and target_column_name.',
    ],
    [
      'task: classification',
      'task: forecasting',
      'AutoML for forecasting is not there yet; Malachite has classification and regression.',
    ],
    ['auc_weighted', 'auc_waited', 'Did you mean "auc_weighted"?'],
    ['target_column_name: y', 'target_column_name: 7', 'job.yml: "target_column_name" must be text; write it in quotes: "7".'],
    ['azureml:bank:1', 'https://example.org/bank.csv', '"https://example.org/bank.csv" is not on this machine.'],
    ['xg_boost_classifier', 'xgboost_clasifier', 'Did you mean "xg_boost_classifier"?'],
  ])('%s -> %s', (from, to, sentence) => {
    expect(() => parse(file.replace(from, to))).toThrow(sentence);
  });
});
