/** An ONNX model from a path: the file itself, or an MLflow model folder whose `MLmodel` names it. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { parse } from 'yaml';

export async function readModelFile(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new MalachiteError('InvalidInput', `The model "${path}" does not exist.`);
  return readFile(found.isDirectory() ? await mlflowOnnx(path) : path);
}

/** The file of the onnx flavour. https://mlflow.org/docs/latest/ml/model/#storage-format */
async function mlflowOnnx(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'MLmodel'), 'utf8').catch(() => {
    throw new MalachiteError(
      'InvalidInput',
      `The folder "${folder}" holds no MLmodel; give an ONNX file or an MLflow model folder.`,
    );
  });
  const description = parse(text) as { flavors?: Record<string, { data?: unknown }> } | null;
  const data = description?.flavors?.onnx?.data;
  if (typeof data !== 'string') {
    const flavors = Object.keys(description?.flavors ?? {}).join(', ');
    throw new MalachiteError(
      'InvalidInput',
      `The MLflow model in "${folder}" has no onnx flavour. Flavours: ${flavors || 'none'}.`,
    );
  }
  const file = resolve(folder, data);
  if (!file.startsWith(resolve(folder) + sep))
    throw new MalachiteError('InvalidInput', `MLmodel names a file outside the folder: "${data}".`);
  return file;
}
