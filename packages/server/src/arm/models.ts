/** Registered models over the models port. */
import { MalachiteError, type Model, type ModelCreate } from '@malachite/core';
import { findRun } from '../history/runs.ts';
import { missing } from '../missing.ts';
import { inNamedFolder } from '../storage/named-folder.ts';
import { filesAt, outputAt } from '../storage/sources.ts';
import { exportFiles } from '../storage/transfers.ts';
import { datastoreUri, defaultDatastore } from '../storage/uris.ts';
import type { Asset, AssetKind } from './assets.ts';
import type { Facade } from './facade.ts';
import type { Scope } from './paths.ts';
import { resolveOutput } from './pipelines/pipeline-outputs.ts';
import { objectAt, textAt } from './resource.ts';

export function modelAssets(facade: Facade): AssetKind {
  const { workspace, documents } = facade;
  const toAsset = (scope: Scope, model: Model): Asset => ({
    ...model,
    properties: {
      modelType: model.type,
      modelUri: datastoreUri(scope, { datastore: defaultDatastore, path: exportPath(model) }),
      // Clients fall over a model without flavors.
      flavors: model.type === 'mlflow_model' ? { onnx: { data: { data: 'model.onnx' } } } : {},
      ...(model.jobName && { jobName: model.jobName }),
      stage: 'Development',
    },
  });
  return {
    collection: 'models',
    latest: async (scope) => (await workspace.models.list({ includeArchived: true })).map((each) => toAsset(scope, each)),
    versions: async (scope, name) => (await workspace.models.versions({ name })).map((each) => toAsset(scope, each)),
    async get(scope, name, version) {
      const model = await workspace.models.get({ name, version });
      await exported(facade, model);
      return toAsset(scope, model);
    },
    async put(scope, name, version, body) {
      const properties = objectAt(body, 'properties');
      const uri = textAt(properties, 'modelUri');
      const known = await workspace.models.get({ name, version }).catch(missing);
      const sent = textAt(objectAt(documents.get(['models', name, 'versions', version])?.body, 'properties'), 'modelUri');
      if (known && (uri === undefined || uri === sent || uri === toAssetUri(scope, known))) return toAsset(scope, known);
      if (!uri) throw new MalachiteError('InvalidInput', '"modelUri" is missing: say where the model lies.');
      // An output of a job brings the trial's metrics and its proof; what was uploaded or logged brings files.
      const named = outputAt(uri);
      const output = named && (await resolveOutput(facade, named));
      const isOfJob = output && (await findRun(facade, output.job)).kind !== 'logged';
      const source: Pick<ModelCreate, 'path' | 'files'> = isOfJob
        ? { path: `azureml://jobs/${output.job}/outputs/artifacts/${output.output}` }
        : { files: inNamedFolder(uri, await filesAt(facade, uri)) };
      const created = await workspace.models.create({
        name,
        version,
        ...source,
        type: typeOf(textAt(properties, 'modelType')),
        description: textAt(properties, 'description'),
        tags: objectAt(properties, 'tags') as ModelCreate['tags'],
      });
      return toAsset(scope, created);
    },
    archive: (name, version) => workspace.models.archive({ name, version }),
    restore: (name, version) => workspace.models.restore({ name, version }),
  };
}

const toAssetUri = (scope: Scope, model: Model): string =>
  datastoreUri(scope, { datastore: defaultDatastore, path: exportPath(model) });

/** Where a model lies in the container, for clients that download it: its folder, or its one file. */
function exportPath({ name, version, type, files }: Model): string {
  const [first = ''] = files.map(({ path }) => path);
  const folder = first.includes('/') ? first.slice(0, first.indexOf('/')) : '';
  const isFolder = folder !== '' && files.every(({ path }) => path.startsWith(`${folder}/`));
  const inside = isFolder ? folder : type === 'custom_model' && files.length === 1 ? first : '';
  return `models/${name}/${version}${inside && `/${inside}`}`;
}

async function exported({ workspace, blobs }: Facade, { name, version, files }: Model): Promise<void> {
  const { container } = await blobs.open();
  await exportFiles(
    container,
    `models/${name}/${version}`,
    files.map(({ path }) => ({ path, content: () => workspace.models.download({ name, version, path }) })),
  );
}

function typeOf(text: string | undefined): ModelCreate['type'] {
  if (text === undefined) return undefined;
  if (/mlflow/i.test(text)) return 'mlflow_model';
  if (/custom/i.test(text)) return 'custom_model';
  throw new MalachiteError('NotSupported', `"modelType" is "${text}"; Malachite has custom_model and mlflow_model.`);
}
