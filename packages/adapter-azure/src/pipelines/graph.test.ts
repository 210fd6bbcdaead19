import type { PipelineSpec } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../connection.ts';
import { azureGraph } from './graph.ts';

/** Names alone: nothing is asked of it. */
const connection = { subscriptionId: 's', resourceGroup: 'g', workspaceName: 'w' } as Connection;
const train: PipelineSpec['jobs'][string] = {
  type: 'automl',
  task: 'classification',
  primaryMetric: 'AUC_weighted',
  targetColumnName: 'y',
  trainingData: { path: '${{parent.inputs.bank}}' },
  nCrossValidations: 3,
  limits: { maxTrials: 2, timeoutMinutes: 60 },
  training: { enableStackEnsemble: false, allowedTrainingAlgorithms: ['LightGBM', 'XGBoostClassifier'] },
  featurization: { mode: 'auto' },
};
const register = { type: 'register_model', modelName: 'my-model', path: '${{parent.jobs.train.outputs.best_model}}' } as const;
const inputs = { bank: { path: 'azureml:bank:1' } };

describe('a graph on Azure', () => {
  it('is written as azure-ai-ml 1.35.2 writes the same pipeline from YAML', () => {
    expect(azureGraph(connection, { inputs, jobs: { train, best: register } })).toEqual({
      inputs: { bank: 'azureml:bank:1' },
      outputs: { best: 'my-model' },
      nodes: {
        train: {
          name: 'train',
          type: 'automl',
          task: 'classification',
          primary_metric: 'auc_weighted',
          target_column_name: 'y',
          training_data: '${{parent.inputs.bank}}',
          log_verbosity: 'info',
          n_cross_validations: 3,
          limits: { max_trials: 2, timeout_minutes: 60 },
          training: {
            enable_stack_ensemble: false,
            allowed_training_algorithms: ['light_gbm', 'xg_boost_classifier'],
            enable_onnx_compatible_models: true,
          },
          featurization: { mode: 'auto' },
          outputs: { best_model: { value: '${{parent.outputs.best}}', type: 'literal' } },
        },
      },
    });
  });

  it('takes data that a step names itself for an input, and a cluster for the node’s own', () => {
    const own = {
      ...train,
      compute: 'azureml:cpu',
      trainingData: { path: 'azureml:bank@latest' },
      testData: { path: 'azureml:more:2' },
    };
    const graph = azureGraph(connection, { jobs: { train: own } });
    expect(graph.inputs).toEqual({ train_trainingData: 'azureml:bank@latest', train_testData: 'azureml:more:2' });
    expect(graph.nodes.train).toMatchObject({
      compute: 'azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/cpu',
      training_data: '${{parent.inputs.train_trainingData}}',
      test_data: '${{parent.inputs.train_testData}}',
      outputs: { best_model: { job_output_type: 'mlflow_model' } },
    });
  });

  it('that Azure has nothing for is refused, and the sentence says where', () => {
    const graph = (jobs: PipelineSpec['jobs']) => () => azureGraph(connection, { inputs, jobs });
    const model = { ...register, path: '${{parent.jobs.train.outputs.model.onnx}}' };
    expect(graph({ train, model })).toThrow(/jobs\.model\.path: .*best_model, not "model.onnx"/);
    expect(graph({ train, one: register, two: { ...register, modelName: 'other' } })).toThrow(/jobs\.two: "one" registers/);
    expect(graph({ train, one: { ...register, tags: { a: 'b' } } })).toThrow(/jobs\.one\.tags/);
    expect(graph({ train: { ...train, limits: { workUnits: 5 } } })).toThrow(/jobs\.train\.limits\.workUnits/);
  });
});
