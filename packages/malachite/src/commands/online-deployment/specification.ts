/** A deployment as a file and flags say it, with what is local put into the workspace. */
import { resolve } from 'node:path';
import type { CodeConfiguration, DeploymentCreate, Workspace } from '@malachite/core';
import { createModel } from '../../assets/create-model.ts';
import { upload } from '../../assets/upload.ts';
import type { Context } from '../../cli/command.ts';
import { type DeploymentFile, type LocalCode, readDeployment } from '../../yaml/index.ts';
import { isReference } from '../../yaml/references.ts';
import { readSpecification } from '../specification.ts';

/** @param fields flags of one command, as fields of the file */
export function readFromFlags(
  context: Context,
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): Promise<DeploymentFile> {
  const { flags } = context;
  const model = flags.text('model');
  return readSpecification(context, readDeployment, {
    name: flags.text('name'),
    endpoint_name: flags.text('endpoint-name'),
    model: model && (isReference(model) ? model : resolve(model)),
    instance_count: flags.integer('instance-count', { min: 1, max: 64 }),
    ...fields,
  });
}

/** Its local model is registered, its code uploaded. */
export async function uploadedOf(workspace: Workspace, { code, ...settings }: DeploymentFile): Promise<DeploymentCreate> {
  return {
    ...settings,
    model: await modelReference(workspace, settings.model),
    codeConfiguration: code && (await uploadCode(workspace, code)),
  };
}

async function modelReference(workspace: Workspace, model: DeploymentFile['model']): Promise<string> {
  if (typeof model === 'string') return model;
  const { name, version } = await createModel(workspace, model);
  return `azureml:${name}:${version}`;
}

async function uploadCode({ datastore }: Workspace, { folder, scoringScript }: LocalCode): Promise<CodeConfiguration> {
  const { files } = await upload(datastore, folder);
  return { scoringScript, files };
}

/** A path is meant from here, a bare name is looked for where the server runs. */
export function pythonOf(python: string | undefined): { python: string } | undefined {
  if (python === undefined) return undefined;
  return { python: /[/\\]|^\./.test(python) ? resolve(python) : python };
}
