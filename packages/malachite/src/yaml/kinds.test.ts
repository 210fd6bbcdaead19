import { expect, test } from 'vitest';
import { readCompute } from './compute.ts';
import { readDataAsset } from './data.ts';
import { readDeployment } from './deployment.ts';
import { parseYaml } from './document.ts';
import { readEndpoint } from './endpoint.ts';
import { readJob } from './job.ts';
import { readModel } from './model.ts';

const document = (text: string) => parseYaml(text, { name: 'file.yml', folder: '/assets' });

test('a data asset', () => {
  const read = readDataAsset(document('name: bank\nversion: 1.10\ntype: mltable\npath: ./data\ntags: {rows: 4000}\n'));
  // Azure's reader makes a number of 1.10 too, so that the version is 1.1.
  expect(read).toMatchObject({ name: 'bank', version: '1.1', type: 'mltable', path: '/assets/data', tags: { rows: '4000' } });
  expect(readDataAsset(document('name: bank\npath: data\n')).type).toBe('uri_folder');
});

test('a compute cluster, and what it asks of Azure that a machine does not have', () => {
  const file = document(`
name: cpu-cluster
type: amlcompute
size: Standard_DS3_v2
min_instances: 0
max_instances: 4
idle_time_before_scale_down: 120
location: westus
identity: {type: system_assigned}
`);
  expect(readCompute(file)).toMatchObject({
    name: 'cpu-cluster',
    minInstances: 0,
    maxInstances: 4,
    idleTimeBeforeScaleDown: 120,
  });
  expect(file.warnings.map((sentence) => sentence.split('"')[1])).toEqual(['location', 'identity']);
  expect(() => readCompute(document('name: ci\ntype: computeinstance\n'))).toThrow('computeinstance');
});

test('a model from a file and from the output of a job', () => {
  expect(readModel(document('name: bank\npath: model/best.onnx\n'))).toMatchObject({
    path: '/assets/model/best.onnx',
    type: 'custom_model',
  });
  const output = 'azureml://jobs/calm_tree_1/outputs/best_model';
  expect(readModel(document(`name: bank\ntype: mlflow_model\npath: ${output}\n`)).path).toBe(output);
});

test('an online endpoint, its auth modes, and what it asks of the cloud', () => {
  expect(
    readEndpoint(document('name: bank\nauth_mode: key\ntraffic: {blue: 90, green: 10}\nmirror_traffic: {grey: 5}\n')),
  ).toMatchObject({
    name: 'bank',
    authMode: 'key',
    traffic: { blue: 90, green: 10 },
    mirrorTraffic: { grey: 5 },
  });
  expect(readEndpoint(document('name: bank\nauth_mode: aml_token\n')).authMode).toBe('aml_token');
  expect(readEndpoint(document('name: bank\nauth_mode: aad_token\n')).authMode).toBe('aad_token');
  const file = document('name: bank\npublic_network_access: disabled\nidentity: {type: system_assigned}\n');
  readEndpoint(file);
  expect(file.warnings.map((sentence) => sentence.split('"')[1])).toEqual(['identity', 'public_network_access']);
});

test('a deployment with a reference, a path and an inline model', () => {
  const head = 'name: blue\nendpoint_name: bank\ninstance_type: Standard_DS3_v2\ninstance_count: 1\n';
  const file = document(`${head}model: azureml:bank:1\n`);
  expect(readDeployment(file)).toMatchObject({ name: 'blue', endpointName: 'bank', model: 'azureml:bank:1' });
  expect(file.warnings).toEqual([]);
  const three = document(
    `${head.replace('count: 1', 'count: 3')}model: azureml:bank:1\nrequest_settings: {request_timeout_ms: 90, max_queue_wait_ms: 1}\n`,
  );
  expect(readDeployment(three)).toMatchObject({ instanceCount: 3, requestSettings: { requestTimeoutMs: 90 } });
  expect(three.warnings).toEqual([]);
  expect(readDeployment(document(`${head}model: ./best.onnx\n`)).model).toMatchObject({
    name: 'bank-blue',
    path: '/assets/best.onnx',
  });
  expect(readDeployment(document(`${head}model: {path: ./best.onnx}\n`)).model).toMatchObject({
    name: 'bank-blue',
    path: '/assets/best.onnx',
  });
});

test('a deployment with bounds and probes, and what of a container has no meaning here', () => {
  const file = document(`
name: blue
endpoint_name: bank
model: azureml:bank:1
instance_type: Standard_DS3_v2
code_configuration: {code: src, scoring_script: score.py}
environment:
  image: mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest
  conda_file: ./conda.yml
environment_variables: {UNIT: metres, COUNT: 3}
scale_settings: {type: default}
request_settings: {request_timeout_ms: 3000, max_concurrent_requests_per_instance: 4, max_queue_wait_ms: 1000}
liveness_probe: {initial_delay: 5, period: 7, timeout: 3, failure_threshold: 2, success_threshold: 1}
readiness_probe: {period: 1}
egress_public_network_access: disabled
data_collector: {collections: {request: {enabled: true}}}
`);
  expect(readDeployment(file)).toMatchObject({
    environmentVariables: { UNIT: 'metres', COUNT: '3' },
    requestSettings: { requestTimeoutMs: 3000, maxConcurrentRequestsPerInstance: 4, maxQueueWaitMs: 1000 },
    livenessProbe: { initialDelay: 5, period: 7, timeout: 3, failureThreshold: 2, successThreshold: 1 },
    readinessProbe: { period: 1 },
  });
  const [environment, ...others] = file.warnings;
  expect(environment).toContain(
    'asks for the image "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest" with the packages of "./conda.yml"',
  );
  expect(environment).toContain('--python');
  expect(others.map((sentence) => sentence.split('"')[1])).toEqual(['egress_public_network_access', 'data_collector']);
  const onnx = document('name: blue\nendpoint_name: bank\nmodel: azureml:bank:1\nenvironment: azureml:AzureML-onnx:1\n');
  readDeployment(onnx);
  expect(onnx.warnings[0]).toContain('asks for "azureml:AzureML-onnx:1", which an ONNX model does not need');
  const wrong = 'name: blue\nendpoint_name: bank\nmodel: azureml:bank:1\nliveness_probe: {initial_delai: 5}\n';
  expect(() => readDeployment(document(wrong))).toThrow('initial_delay');
});

test('a deployment with code: a folder beside the file, and a script from that folder', () => {
  const head = 'name: blue\nendpoint_name: bank\nmodel: azureml:bank:1\n';
  const file = document(
    `${head}code_configuration: {code: ./src, scoring_script: online/score.py}\nenvironment_variables: {A: 1}\nenvironment: azureml:env:1\n`,
  );
  const code = { folder: '/assets/src', scoringScript: 'online/score.py' };
  expect(readDeployment(file)).toMatchObject({ code, environmentVariables: { A: '1' } });
  expect(file.warnings).toEqual([expect.stringContaining('asks for "azureml:env:1", and nothing is built here')]);
  expect(() => readDeployment(document(`${head}code_configuration: {code: ./src}\n`))).toThrow('scoring_script');
});

test('a pipeline: default compute, bound inputs, the step that registers', () => {
  const read = readJob(
    document(`
type: pipeline
display_name: bank-train
settings: {default_compute: azureml:cpu-cluster}
inputs:
  data: {type: uri_file, path: azureml:bank@latest}
jobs:
  train:
    type: automl
    task: classification
    training_data: \${{parent.inputs.data}}
    target_column_name: y
    limits: {timeout_minutes: 1}
    outputs: {best_model: {type: mlflow_model}}
  register:
    type: register_model
    model_name: bank
    path: \${{parent.jobs.train.outputs.best_model}}
`),
  );
  expect(read).toMatchObject({
    type: 'pipeline',
    pipeline: {
      inputs: { data: { path: 'azureml:bank@latest' } },
      jobs: {
        train: { type: 'automl', compute: 'azureml:cpu-cluster', trainingData: { path: '${{parent.inputs.data}}' } },
        register: { type: 'register_model', modelName: 'bank' },
      },
    },
  });
});

test('a pipeline with a command step: the sentence names the step, its type and the step that registers', () => {
  const step = (fields: string) => () => readJob(document(`type: pipeline\njobs:\n  prep:\n    ${fields}\n`));
  for (const fields of ['type: command', 'command: python prep.py']) {
    expect(step(fields)).toThrow(
      /^Step "prep" is of type "command"; command steps are not there yet\. .* register_model: Malachite's own step/,
    );
  }
  expect(step('component: ./prep.yml')).toThrow('component steps are not there yet');
});

test('jobs that Azure has and Malachite not yet are named', () => {
  expect(() => readJob(document('command: python train.py\n'))).toThrow('Jobs of type "command" are not there yet');
  expect(() => readJob(document('type: atoml\n'))).toThrow('Unsupported job type: atoml');
});

test('files that are no YAML, no mapping or several documents are refused', () => {
  expect(() => document('a: [1')).toThrow('is no valid YAML');
  expect(() => document('- a\n')).toThrow('must hold fields');
  expect(() => document('a: 1\n---\nb: 2\n')).toThrow('several YAML documents');
  expect(() => document('')).toThrow('is empty');
});

test('words are read as by Python: yes and off are booleans, the letters y and n are text', () => {
  const { root } = document('a: yes\nb: "off"\nc: y\nd: n\n');
  expect([root.boolean('a'), root.text('b'), root.text('c'), root.text('d')]).toEqual([true, 'off', 'y', 'n']);
});
