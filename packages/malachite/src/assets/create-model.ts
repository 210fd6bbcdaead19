/** Models from local paths or from the output of a job. */
import { isAbsolute } from 'node:path';
import type { Model, Workspace } from '@malachite/core';
import type { ModelAsset } from '../yaml/index.ts';
import { upload } from './upload.ts';

export async function createModel(workspace: Workspace, { path, ...model }: ModelAsset): Promise<Model> {
  if (!isAbsolute(path)) return workspace.models.create({ ...model, path });
  const { files } = await upload(workspace.datastore, path);
  return workspace.models.create({ ...model, files });
}
