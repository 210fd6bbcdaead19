/** Models from local paths or from the output of a job. */
import { basename, isAbsolute } from 'node:path';
import type { AssetFile, Model, Workspace } from '@malachite/core';
import { readOnnxFile } from '../model-file/read-model-file.ts';
import type { ModelAsset } from '../yaml/index.ts';
import { upload } from './upload.ts';

export async function createModel(workspace: Workspace, { path, ...model }: ModelAsset): Promise<Model> {
  if (!isAbsolute(path)) return workspace.models.create({ ...model, path });
  if (/\.onnx$/i.test(path)) return workspace.models.create({ ...model, files: [await onnxFile(workspace, path)] });
  const { files, isFolder } = await upload(workspace.datastore, path);
  return workspace.models.create({ ...model, files: isFolder ? files.map((file) => inFolder(basename(path), file)) : files });
}

/** A folder keeps its name, as on Azure: scripts read `AZUREML_MODEL_DIR/model/…`. */
const inFolder = (name: string, file: AssetFile): AssetFile => ({ ...file, path: `${name}/${file.path}` });

/** One file is all of the model: weights that it keeps beside it go in. */
async function onnxFile({ datastore }: Workspace, path: string): Promise<AssetFile> {
  const bytes = await readOnnxFile(path);
  return { path: basename(path), ...(await datastore.put(ReadableStream.from([bytes]))) };
}
