/** What `malachite serve` puts behind the scoring protocol: a model, or a script in processes of its own. */
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { MalachiteError } from '@malachite/core/errors';
import type { HostedDeployment } from '@malachite/scoring';
import { findModel, readOnnxFile } from '../model-file/read-model-file.ts';

export type ServeSource = {
  /** An ONNX file or an MLflow model folder; beside a script, what it finds in `AZUREML_MODEL_DIR`. */
  readonly model: string | undefined;
  /** `score.py`, `score.ts` or `score.js`. */
  readonly score: string | undefined;
  /** For scripts and for MLflow models without the onnx flavour. */
  readonly python: string | undefined;
  /** For one request of a script, in milliseconds. */
  readonly timeoutMs: number;
};

/** What a host is told of it. */
export type Source = { readonly name: string } & Pick<HostedDeployment, 'modelPath' | 'modelBytes' | 'script'>;

/** @throws InvalidInput for what is not there or cannot be served */
export async function findServed({ model, score, python, timeoutMs }: ServeSource): Promise<Source> {
  if (score !== undefined) {
    await requireFile(score);
    const modelDir = model === undefined ? process.env.AZUREML_MODEL_DIR : await folderOf(model);
    const path = resolve(score);
    const script = { path, modelDir: resolve(modelDir ?? dirname(path)), python, timeoutMs };
    return { name: nameOf(score), modelPath: '', script };
  }
  if (model === undefined) throw new MalachiteError('InvalidInput', 'Give a model, or a script with --score.');
  const found = await findModel(model);
  // Read once: a host that is started again serves the same model, whatever has become of the file.
  if (found.kind === 'onnx') return { name: nameOf(model), modelPath: found.file, modelBytes: await readOnnxFile(found.file) };
  if (!found.flavors.includes('python_function')) {
    throw new MalachiteError(
      'InvalidInput',
      `The MLflow model in "${model}" has neither the onnx nor the python_function flavour. Flavours: ${found.flavors.join(', ') || 'none'}.`,
    );
  }
  return { name: nameOf(model), modelPath: '', script: { path: null, modelDir: resolve(found.folder), python, timeoutMs } };
}

const nameOf = (path: string): string => basename(path, extname(path));

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new MalachiteError('InvalidInput', `The model "${path}" does not exist.`);
  return found.isDirectory() ? path : dirname(path);
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new MalachiteError('InvalidInput', `The scoring script "${path}" does not exist.`);
}
