/** Small ONNX models, made in place, for tests. */
import type { AssetFile, Parity, Trial, Workspace } from '@malachite/core';
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import type { JobRecords } from './jobs/job-records.ts';
import { mlflowModel } from './models/mlflow-model.ts';
import type { Blobs } from './store/blobs.ts';

/** A regressor that adds a number to column `x`, so that an answer tells which model gave it. */
export function adder(amount: number): Uint8Array {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  graph.output(graph.node('Add', [x, graph.constant(new Float32Array([amount]), [1])]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel({ graphName: 'adder', producerName: 'test', producerVersion: '1' }));
}

/** Registers one file as the next version of a model; answers the reference to it. */
export async function register(workspace: Workspace, name: string, bytes: Uint8Array, path = 'model.onnx'): Promise<string> {
  const { sha256 } = await workspace.datastore.put(streamOf(bytes));
  const model = await workspace.models.create({ name, files: [{ path, sha256 }] });
  return `azureml:${model.name}:${model.version}`;
}

/** Keeps files in the blob store; answers them as the files of an asset. */
export async function kept(blobs: Blobs, files: Readonly<Record<string, string | Uint8Array>>): Promise<AssetFile[]> {
  return Promise.all(
    Object.entries(files).map(async ([path, content]) => ({ path, ...(await blobs.putBytes(Buffer.from(content))) })),
  );
}

/** Records a job named `job` that has ended with one trial, `job_0`, whose model is `onnx`, without training it. */
export async function recordJob(records: JobRecords, blobs: Blobs, onnx: Uint8Array, parity: Parity): Promise<Trial> {
  const trial: Trial = {
    name: 'job_0',
    iteration: 0,
    status: 'Completed',
    preprocessor: 'StandardScalerWrapper',
    algorithm: 'LightGBM',
    parameters: {},
    description: 'Gradient boosted trees, grown leaf by leaf (LightGBM).',
    score: 0.9,
    standardError: 0.01,
    metrics: { accuracy: 0.9 },
    fitSeconds: 1,
    finishedAtSeconds: 1,
    work: 1,
    predictMicrosecondsPerRow: 1,
    predictMicrosecondsSingleRow: 9,
    onnxBytes: onnx.byteLength,
    parity,
  };
  const { sha256: predictions } = await blobs.putBytes(new Uint8Array(8));
  const data = { trainingData: { path: 'azureml:d:1' }, targetColumnName: 'y' };
  records.insert({ name: 'job', type: 'automl', task: 'classification', ...data }, { compute: 'serverless', properties: {} });
  const files = await kept(blobs, { 'outputs/model.onnx': onnx, accuracy_table: '{}' });
  const stored = {
    trial,
    onnx: null,
    validationPredictions: predictions,
    parityPredictions: predictions,
    loadSeconds: null,
    files,
  };
  records.trial('job', stored, 0.9);
  const outcome = {
    bestTrial: trial.name,
    conclusions: null,
    guardrails: [],
    explanation: null,
    validation: null,
    test: null,
    stopReason: null,
  };
  records.completed('job', outcome, await kept(blobs, mlflowModel(onnx, 'outputs/best_model', trial.name)));
  return trial;
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
