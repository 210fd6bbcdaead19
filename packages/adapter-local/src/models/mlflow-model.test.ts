import { readFile } from 'node:fs/promises';
import { decodeModel, embedSignature, encodeModel } from '@malachite/onnx';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { adder } from '../test-models.ts';
import { mlflowModel } from './mlflow-model.ts';

const loans = await readFile(new URL('../../../../fixtures/models/loans.onnx', import.meta.url));

type Described = {
  flavors: { onnx: { data: string } };
  signature: { inputs: string; outputs: string };
  metadata: { task: string; classes: unknown };
  run_id: string;
};

/** Read as Python reads it: YAML 1.1, in which a bare `yes` is a boolean. */
const description = (files: Record<string, Uint8Array>, path: string): Described =>
  parse(new TextDecoder().decode(files[path]), { version: '1.1' }) as Described;

test('the folder names its ONNX file, its run and the columns that the model takes', () => {
  const files = mlflowModel(loans, 'outputs/mlflow-model', 'job_3');
  expect(Object.keys(files).toSorted()).toEqual([
    'outputs/mlflow-model/MLmodel',
    'outputs/mlflow-model/code/malachite_model.py',
    'outputs/mlflow-model/model.onnx',
    'outputs/mlflow-model/requirements.txt',
  ]);
  expect(files['outputs/mlflow-model/model.onnx']).toBe(loans);
  const { flavors, run_id, signature, metadata } = description(files, 'outputs/mlflow-model/MLmodel');
  expect([flavors.onnx.data, run_id, metadata.task]).toEqual(['model.onnx', 'job_3', 'classification']);
  const inputs = JSON.parse(signature.inputs) as { name: string; type: string }[];
  expect(inputs.length).toBeGreaterThan(1);
  for (const { type } of inputs) expect(['string', 'long', 'double', 'boolean']).toContain(type);
});

test('class labels that YAML would take for booleans stay texts', () => {
  const model = decodeModel(adder(1));
  const columns = [{ name: 'x', input: 'x', type: 'number' as const }];
  const [entry] = Object.entries(embedSignature({ task: 'classification', columns, classes: ['no', 'yes'] }));
  const [key = '', value = ''] = entry ?? [];
  const labelled = encodeModel({ ...model, metadataProps: [{ key, value }] });
  const { metadata } = description(mlflowModel(labelled, 'm', 'job_3'), 'm/MLmodel');
  expect(metadata.classes).toEqual(['no', 'yes']);
});

test('a regressor answers numbers', () => {
  const { signature, metadata } = description(mlflowModel(adder(1), 'm', 'job_0'), 'm/MLmodel');
  expect(JSON.parse(signature.outputs)).toEqual([{ type: 'double', name: 'variable' }]);
  expect(metadata.classes).toBeNull();
});
