/** What a model's files are: an ONNX file that can be served, an MLflow folder around one, or something to keep only. */
import { type AssetFile, asMalachiteError, MalachiteError, type Model, type ModelSignature } from '@malachite/core';
import { type ColumnSignature, type Signature, servable } from '@malachite/onnx';
import { parse } from 'yaml';
import type { Blobs } from '../store/blobs.ts';

export type ModelContent = {
  readonly type: Model['type'];
  /** The path, within the model, of the ONNX file that is served; null when there is none. */
  readonly onnxPath: string | null;
  readonly signature: ModelSignature | null;
};

/**
 * @throws `InvalidInput` for a `.onnx` file that is not a sound ONNX model, for several of them where nothing says which
 *   is meant, and for an `MLmodel` that cannot be read or names a file that is not there.
 */
export async function readModelFiles(
  files: readonly AssetFile[],
  asked: Model['type'] | undefined,
  blobs: Blobs,
): Promise<ModelContent> {
  const description = files.find(({ path }) => /(^|\/)MLmodel$/.test(path));
  if (asked === 'mlflow_model' && !description) {
    throw new MalachiteError(
      'InvalidInput',
      `An mlflow_model has a file "MLmodel". Files: ${files.map(({ path }) => path).join(', ')}.`,
    );
  }
  const onnx = description && asked !== 'custom_model' ? await mlflowOnnxFile(files, description, blobs) : onlyOnnxFile(files);
  return {
    type: asked ?? (description ? 'mlflow_model' : 'custom_model'),
    onnxPath: onnx?.path ?? null,
    signature: onnx ? modelSignature(soundModel(onnx.path, await blobs.read(onnx.sha256))) : null,
  };
}

function soundModel(path: string, bytes: Uint8Array): Signature {
  try {
    return servable(bytes).signature;
  } catch (thrown) {
    const { code, message } = asMalachiteError(thrown);
    throw new MalachiteError(code, `"${path}": ${message}`, { cause: thrown });
  }
}

function onlyOnnxFile(files: readonly AssetFile[]): AssetFile | undefined {
  const found = files.filter(({ path }) => /\.onnx$/i.test(path));
  if (found.length < 2) return found[0];
  throw new MalachiteError(
    'InvalidInput',
    `A model serves one ONNX file; these are ${found.length}: ${found.map(({ path }) => path).join(', ')}. Register them as models of their own.`,
  );
}

/** The file that the onnx flavour names; undefined for a folder of other flavours, which is kept but cannot be served. */
async function mlflowOnnxFile(files: readonly AssetFile[], description: AssetFile, blobs: Blobs): Promise<AssetFile | undefined> {
  const data = onnxFlavourData(await blobs.read(description.sha256));
  if (data === undefined) return undefined;
  const folder = description.path.slice(0, -'MLmodel'.length);
  const path = `${folder}${data.replace(/\/$/, '')}`;
  const found = files.find((file) => file.path === path || (file.path.startsWith(`${path}/`) && file.path.endsWith('.onnx')));
  if (found) return found;
  throw new MalachiteError(
    'InvalidInput',
    `"${description.path}" names the ONNX file "${data}", which is not among the model's files.`,
  );
}

function onnxFlavourData(bytes: Uint8Array): string | undefined {
  try {
    const { flavors } = parse(new TextDecoder().decode(bytes)) as { flavors?: { onnx?: { data?: string } } };
    return flavors?.onnx?.data;
  } catch (error) {
    throw new MalachiteError('InvalidInput', `The model's MLmodel file is not YAML: ${(error as Error).message}`);
  }
}

/** Core's words for the signature of an ONNX graph; a date travels as text. */
function modelSignature({ task, inputs, outputs, classes }: Signature): ModelSignature {
  return {
    task,
    inputs: inputs.flatMap(({ columns }) => columns).map(signatureColumn),
    outputs: outputs.map(({ name, elementType }) => ({ name, type: elementType })),
    ...(classes ? { classes } : {}),
  };
}

function signatureColumn({ name, type, categories }: ColumnSignature): ModelSignature['inputs'][number] {
  return { name, type: type === 'date' ? 'string' : type, ...(categories ? { categories } : {}) };
}
