/** Data assets from local paths. */
import { basename, extname, isAbsolute } from 'node:path';
import { type DataInput, type Dataset, MalachiteError, type PipelineSpec, type Workspace } from '@malachite/core';
import type { DataAsset } from '../yaml/index.ts';
import { upload } from './upload.ts';

/** Uploads the files of an asset and creates its version. The type must fit the path: a file for uri_file, a folder otherwise. */
export async function createData(workspace: Workspace, { path, ...asset }: DataAsset): Promise<Dataset> {
  if (!isAbsolute(path))
    throw new MalachiteError('InvalidInput', `A data asset is made from a local file or folder, not from "${path}".`);
  const { files, isFolder } = await upload(workspace.datastore, path);
  if (isFolder === (asset.type === 'uri_file')) {
    throw new MalachiteError(
      'InvalidInput',
      `File path does not match asset type ${asset.type}: "${path}" is a ${isFolder ? 'folder' : 'file'}.`,
    );
  }
  return workspace.datasets.create({ ...asset, files });
}

/**
 * An input as the workspace takes it: a reference stays; a local path is uploaded, becomes a dataset named after the
 * file, and the input refers to the version that holds exactly these bytes.
 */
export async function uploadInput<I extends DataInput | undefined>(workspace: Workspace, input: I): Promise<I> {
  if (input === undefined || !isAbsolute(input.path)) return input;
  const { files, isFolder } = await upload(workspace.datastore, input.path);
  const type = isFolder ? (input.type ?? 'uri_folder') : 'uri_file';
  const { name, version } = await workspace.datasets.create({ name: assetName(input.path), type, files });
  return { ...input, type, path: `azureml:${name}:${version}` };
}

/** The same for every input of a pipeline and of its steps. */
export async function uploadPipelineInputs(workspace: Workspace, pipeline: PipelineSpec): Promise<PipelineSpec> {
  const inputs: Record<string, DataInput> = {};
  for (const [name, input] of Object.entries(pipeline.inputs ?? {})) inputs[name] = await uploadInput(workspace, input);
  const jobs: PipelineSpec['jobs'] = {};
  for (const [name, step] of Object.entries(pipeline.jobs)) {
    jobs[name] =
      step.type === 'automl'
        ? {
            ...step,
            trainingData: await uploadInput(workspace, step.trainingData),
            validationData: await uploadInput(workspace, step.validationData),
            testData: await uploadInput(workspace, step.testData),
          }
        : step;
  }
  return { ...pipeline, ...(pipeline.inputs ? { inputs } : {}), jobs };
}

/** A resource name from a path: `/data/bank marketing.csv` → `bank-marketing`. */
export function assetName(path: string): string {
  const name = basename(path, extname(path))
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'data' : name.slice(0, 255);
}
