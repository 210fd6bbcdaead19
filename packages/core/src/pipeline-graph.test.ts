import { expect, test } from 'vitest';
import { boundStep, checkGraph, mapData, withInputs } from './pipeline-graph.ts';
import type { PipelineSpec } from './pipelines.ts';

const train = {
  type: 'automl',
  task: 'classification',
  targetColumnName: 'y',
  trainingData: { path: '${{parent.inputs.data}}' },
} as const;
const register = { type: 'register_model', modelName: 'bank', path: '${{parent.jobs.train.outputs.best_model}}' } as const;
const pipeline: PipelineSpec = { inputs: { data: { type: 'uri_file', path: 'azureml:bank@latest' } }, jobs: { train, register } };

test('a graph of a training and a registration is taken', () => {
  expect(() => checkGraph(pipeline)).not.toThrow();
});

test.each<[string, PipelineSpec, string]>([
  ['an input that is not there', { jobs: { train } }, 'no input "data"'],
  ['a step that is not there', { ...pipeline, jobs: { register } }, 'no step "train"'],
  [
    'a step of Object.prototype',
    { jobs: { a: { ...register, path: '${{parent.jobs.toString.outputs.x}}' } } },
    'no step "toString"',
  ],
  ['a step that needs itself', { jobs: { a: { ...register, path: '${{parent.jobs.a.outputs.best_model}}' } } }, 'no cycles'],
  [
    'an output of a step that has none',
    { ...pipeline, jobs: { ...pipeline.jobs, again: { ...register, path: '${{parent.jobs.register.outputs.x}}' } } },
    'no outputs',
  ],
  ['a path that is no output', { jobs: { a: { ...register, path: 'model.onnx' } } }, 'not an output of a step'],
  ['a step as data', { jobs: { train: { ...train, trainingData: { path: '${{parent.jobs.x.outputs.y}}' } } } }, 'not data'],
  ['a file as data', { jobs: { train: { ...train, trainingData: { path: './bank.csv' } } } }, 'not an asset reference'],
])('%s is refused', (_, spec, sentence) => {
  expect(() => checkGraph(spec)).toThrow(sentence);
});

test('a run may replace inputs, of those that there are', () => {
  const changed = withInputs(pipeline, { data: { path: 'azureml:bank:7' } });
  expect(boundStep(changed, train).trainingData.path).toBe('azureml:bank:7');
  expect(boundStep(pipeline, train).trainingData).toEqual({ type: 'uri_file', path: 'azureml:bank@latest' });
  expect(() => withInputs(pipeline, { date: { path: 'azureml:bank:7' } })).toThrow('Inputs: data.');
});

test('data references are resolved wherever they stand, in inputs and in steps', async () => {
  const direct: PipelineSpec = { ...pipeline, jobs: { train: { ...train, validationData: { path: 'azureml:other' } } } };
  const resolved = await mapData(direct, async (data) => ({ ...data, path: `${data.path}!` }));
  expect(resolved.inputs?.data?.path).toBe('azureml:bank@latest!');
  expect(resolved.jobs.train).toMatchObject({ trainingData: train.trainingData, validationData: { path: 'azureml:other!' } });
});
