/** A model from a path: an ONNX file, or an MLflow model folder whose `MLmodel` names one, or other flavours. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { MalachiteError } from '@malachite/core/errors';
import { parse } from 'yaml';
import { LARGEST_BYTES, withExternalData } from './external-data.ts';

export type FoundModel =
  | { readonly kind: 'onnx'; readonly file: string }
  /** Without the onnx flavour: for Python to run. */
  | { readonly kind: 'mlflow'; readonly folder: string; readonly flavors: readonly string[] };

export async function findModel(path: string): Promise<FoundModel> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new MalachiteError('InvalidInput', `The model "${path}" does not exist.`);
  return found.isDirectory() ? mlflowModel(path) : { kind: 'onnx', file: path };
}

/** @throws InvalidInput for what has no ONNX file */
export async function readModelFile(path: string): Promise<Uint8Array> {
  const found = await findModel(path);
  if (found.kind === 'onnx') return await readOnnxFile(found.file);
  throw new MalachiteError(
    'InvalidInput',
    `The MLflow model in "${path}" has no onnx flavour. Flavours: ${found.flavors.join(', ') || 'none'}.`,
  );
}

/** The bytes of an ONNX file, with the weights that it keeps beside it. @throws TooLarge over 2 GiB; what `withExternalData` throws */
export async function readOnnxFile(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new MalachiteError('InvalidInput', `There is no file "${file}".`);
  const { size } = found;
  if (size > LARGEST_BYTES) {
    throw new MalachiteError(
      'TooLarge',
      `"${file}" has ${size} bytes; an ONNX file has at most 2 GiB. Larger models keep their weights in files beside it.`,
    );
  }
  return await withExternalData(await readFile(file), file);
}

/** https://mlflow.org/docs/latest/ml/model/#storage-format */
async function mlflowModel(folder: string): Promise<FoundModel> {
  const text = await readFile(join(folder, 'MLmodel'), 'utf8').catch(() => {
    throw new MalachiteError(
      'InvalidInput',
      `The folder "${folder}" holds no MLmodel; give an ONNX file or an MLflow model folder.`,
    );
  });
  const description = parse(text) as { flavors?: Record<string, { data?: unknown }> } | null;
  const data = description?.flavors?.onnx?.data;
  if (typeof data !== 'string') return { kind: 'mlflow', folder, flavors: Object.keys(description?.flavors ?? {}) };
  const file = resolve(folder, data);
  if (!file.startsWith(resolve(folder) + sep))
    throw new MalachiteError('InvalidInput', `MLmodel names a file outside the folder: "${data}".`);
  return { kind: 'onnx', file };
}
