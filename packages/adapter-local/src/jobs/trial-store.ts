/** Trials and files of a search, from memory into the blob store and back. */
import type { TrialRecord } from '@malachite/automl';
import type { AssetFile } from '@malachite/core';
import { mlflowModel, mlflowModelFolder } from '../models/mlflow-model.ts';
import { pickledModel } from '../models/pickled-model.ts';
import { scoringFiles } from '../models/scoring-files.ts';
import type { Blobs } from '../store/blobs.ts';
import { predictionBytes, predictionsFrom } from './predictions.ts';
import type { StoredTrial } from './process-messages.ts';

/** Where Azure ML keeps the model of a trial. */
export const trialModelPath = 'outputs/model.onnx';
/** The same model as Python programs for Azure's AutoML load it. */
export const trialPicklePath = 'outputs/model.pkl';
/** The output that `azureml://jobs/NAME/outputs/best_model` names. */
export const bestModelFolder = 'outputs/best_model';

/** Keeps everything of a finished trial; settles when all of it is on disk. */
export async function storeTrial(
  blobs: Blobs,
  { trial, onnx, files, loadSeconds, ...predictions }: TrialRecord,
): Promise<StoredTrial> {
  const [validationPredictions, parityPredictions, stored] = await Promise.all([
    blobs.putBytes(predictionBytes(predictions.validationPredictions)),
    blobs.putBytes(predictionBytes(predictions.parityPredictions)),
    storeFiles(blobs, {
      ...files,
      ...(onnx ? modelFiles(onnx, trial.name) : {}),
    }),
  ]);
  return {
    trial,
    onnx: stored.find(({ path }) => path === trialModelPath)?.sha256 ?? null,
    validationPredictions: validationPredictions.sha256,
    parityPredictions: parityPredictions.sha256,
    loadSeconds: loadSeconds ?? null,
    files: stored,
  };
}

/** One model in the forms in which programs look for it. */
const modelFiles = (onnx: Uint8Array, trial: string): Record<string, Uint8Array> => ({
  [trialModelPath]: onnx,
  [trialPicklePath]: pickledModel(onnx),
  ...mlflowModel(onnx, mlflowModelFolder, trial),
  ...scoringFiles(),
});

/** The files of the job itself: those that the engine made, and the best model as a folder that MLflow reads. */
export function storeJobFiles(
  blobs: Blobs,
  files: Readonly<Record<string, Uint8Array>>,
  best: TrialRecord,
): Promise<AssetFile[]> {
  return storeFiles(blobs, { ...files, ...(best.onnx ? mlflowModel(best.onnx, bestModelFolder, best.trial.name) : {}) });
}

/** The trial as the engine told it, before the crash. */
export async function restoreTrial(blobs: Blobs, stored: StoredTrial): Promise<TrialRecord> {
  const ours = new Set([trialModelPath, trialPicklePath, ...Object.keys(scoringFiles())]);
  const files = stored.files.filter(({ path }) => !ours.has(path) && !path.startsWith(`${mlflowModelFolder}/`));
  return {
    trial: stored.trial,
    onnx: stored.onnx === null ? undefined : await blobs.read(stored.onnx),
    validationPredictions: predictionsFrom(await blobs.read(stored.validationPredictions)),
    parityPredictions: predictionsFrom(await blobs.read(stored.parityPredictions)),
    ...(stored.loadSeconds === null ? {} : { loadSeconds: stored.loadSeconds }),
    files: Object.fromEntries(
      await Promise.all(files.map(async ({ path, sha256 }) => [path, await blobs.read(sha256)] as const)),
    ),
  };
}

async function storeFiles(blobs: Blobs, files: Readonly<Record<string, Uint8Array>>): Promise<AssetFile[]> {
  return Promise.all(Object.entries(files).map(async ([path, bytes]) => ({ path, ...(await blobs.putBytes(bytes)) })));
}
