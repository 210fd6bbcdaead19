/** What the host of an endpoint starts for a deployment: an ONNX model, a scoring script, or an MLflow model in Python. */
import { dirname, join } from 'node:path';
import { type AssetFile, MalachiteError, type Model, parseAssetReference } from '@malachite/core';
import type { HostedDeployment, HostedScript } from '@malachite/scoring';
import type { LocalModels } from '../models/local-models.ts';
import { assetPath, storedFiles } from '../store/assets.ts';
import type { Context } from '../store/context.ts';
import type { DeploymentRecord, Scripting } from './endpoint-records.ts';
import { folderOf, unfold } from './unfolded.ts';

/** @param reference the model that is to be served, `azureml:NAME:VERSION` */
export function hostedDeployment(
  context: Context,
  models: LocalModels,
  reference: string,
  scripting: Scripting,
): Pick<HostedDeployment, 'modelPath' | 'script'> {
  const model = parseAssetReference(reference);
  const served = models.servedFile(model);
  if (served !== null && scripting.codeConfiguration === undefined) return { modelPath: context.blobs.path(served.sha256) };
  return { modelPath: '', script: hostedScript(context, models.filesOf(model), scripting) };
}

function hostedScript(
  context: Context,
  files: readonly AssetFile[],
  { codeConfiguration, environment, environmentVariables }: Scripting,
): HostedScript {
  const modelDir = folderOf(context, files);
  const settings = { python: environment?.python, env: environmentVariables };
  if (codeConfiguration === undefined) {
    const description = files.find(({ path }) => isMlmodel(path))?.path ?? '';
    return { path: null, modelDir: join(modelDir, dirname(description)), ...settings };
  }
  const appRoot = folderOf(context, codeConfiguration.files);
  return { path: join(appRoot, codeConfiguration.scoringScript), appRoot, modelDir, ...settings };
}

/** Lays out the folders that a script reads: its own, and the model's. @returns the configuration with tidy paths */
export async function unfoldScript(
  context: Context,
  model: Model,
  { codeConfiguration }: Scripting,
): Promise<Scripting['codeConfiguration']> {
  await unfold(context, model.files);
  if (codeConfiguration === undefined) return undefined;
  const files = await storedFiles(context.blobs, codeConfiguration.files);
  const scoringScript = assetPath(codeConfiguration.scoringScript);
  if (!files.some(({ path }) => path === scoringScript)) {
    const paths = files.map(({ path }) => path).join(', ');
    throw new MalachiteError('InvalidInput', `The scoring script "${scoringScript}" is not among the files: ${paths}.`);
  }
  await unfold(context, files);
  return { scoringScript, files };
}

/** The folders that a deployment reads, or may read again: of its model and script, of those served and of the next. */
export function foldersOf(context: Context, models: LocalModels, deployment: DeploymentRecord): string[] {
  const { model, servedModel, codeConfiguration, servedScripting } = deployment;
  const references = [model, ...(servedModel === null ? [] : [servedModel])];
  const scripts = [codeConfiguration, servedScripting.codeConfiguration].flatMap((script) => (script ? [script.files] : []));
  const files = [...references.map((reference) => models.filesOf(parseAssetReference(reference))), ...scripts];
  return files.map((each) => folderOf(context, each));
}

/** An MLflow model of flavours that only Python runs. */
export function needsPython(model: Model): boolean {
  return model.type === 'mlflow_model' && model.files.some(({ path }) => isMlmodel(path));
}

const isMlmodel = (path: string): boolean => /(^|\/)MLmodel$/.test(path);
