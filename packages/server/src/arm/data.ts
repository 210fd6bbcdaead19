/** Data assets over the datasets port. */
import { type Dataset, type DatasetCreate, MalachiteError } from '@malachite/core';
import { missing } from '../missing.ts';
import { filesAt } from '../storage/sources.ts';
import { exportFiles } from '../storage/transfers.ts';
import { datastoreUri, defaultDatastore } from '../storage/uris.ts';
import type { Asset, AssetKind } from './assets.ts';
import type { Facade } from './facade.ts';
import type { Scope } from './paths.ts';
import { field, type JsonObject, objectAt, textAt } from './resource.ts';

export function dataAssets(facade: Facade): AssetKind {
  const { workspace, documents } = facade;
  const toAsset = (scope: Scope, dataset: Dataset): Asset => {
    const kept = documents.get(['data', dataset.name, 'versions', dataset.version])?.body;
    const sent = textAt(objectAt(kept, 'properties'), 'dataUri');
    return {
      ...dataset,
      properties: {
        dataType: dataset.type,
        dataUri: sent ?? datastoreUri(scope, { datastore: defaultDatastore, path: exportPath(dataset) }),
      },
    };
  };
  return {
    collection: 'data',
    latest: async (scope) => (await workspace.datasets.list({ includeArchived: true })).map((each) => toAsset(scope, each)),
    versions: async (scope, name) => (await workspace.datasets.versions({ name })).map((each) => toAsset(scope, each)),
    async get(scope, name, version) {
      const dataset = await workspace.datasets.get({ name, version });
      // One that no client of this wire uploaded has to be put where clients look for it.
      if (!documents.get(['data', dataset.name, 'versions', dataset.version])) await exported(facade, dataset);
      return toAsset(scope, dataset);
    },
    async put(scope, name, version, body) {
      const properties = objectAt(body, 'properties');
      const known = await workspace.datasets.get({ name, version }).catch(missing);
      const uri = textAt(properties, 'dataUri');
      if (!uri) throw new MalachiteError('InvalidInput', '"dataUri" is missing: say where the data lies.');
      // Clients register where a deployment will collect its data before they deploy it.
      if (/\/paths\/modelDataCollector\//i.test(uri)) {
        const sentence =
          'Deployments collect no data here: leave "data_collector" out. What was asked is told by "malachite logs".';
        throw new MalachiteError('NotSupported', sentence);
      }
      const sent = textAt(objectAt(documents.get(['data', name, 'versions', version])?.body, 'properties'), 'dataUri');
      // The same again: tags, description and archiving may change, the data may not.
      if (known && sent === uri) return toAsset(scope, known);
      const created = await workspace.datasets.create({
        name,
        version,
        type: typeOf(properties),
        files: await filesAt(facade, uri),
        description: textAt(properties, 'description'),
        tags: objectAt(properties, 'tags') as DatasetCreate['tags'],
      });
      return { ...toAsset(scope, created), properties: { dataType: created.type, dataUri: uri } };
    },
    archive: (name, version) => workspace.datasets.archive({ name, version }),
    restore: (name, version) => workspace.datasets.restore({ name, version }),
  };
}

/** Where a dataset of the workspace lies in the container, for clients that read it there. */
const exportPath = ({ name, version, type, files }: Dataset): string =>
  `datasets/${name}/${version}${type === 'uri_file' ? `/${files[0]?.path}` : ''}`;

async function exported({ workspace, blobs }: Facade, dataset: Dataset): Promise<void> {
  const { container } = await blobs.open();
  const files = dataset.files.map(({ path, sha256 }) => ({ path, content: () => workspace.datastore.get({ sha256 }) }));
  await exportFiles(container, `datasets/${dataset.name}/${dataset.version}`, files);
}

/** `uri_file` of the present client, `UriFile` of older api-versions. */
function typeOf(properties: JsonObject | undefined): DatasetCreate['type'] {
  const text = String(field(properties, 'dataType') ?? 'uri_folder');
  const found = (['uri_file', 'uri_folder', 'mltable'] as const).find(
    (type) => type.replace('_', '') === text.replace('_', '').toLowerCase(),
  );
  if (!found) throw new MalachiteError('InvalidInput', `"dataType" is "${text}"; it can be uri_file, uri_folder or mltable.`);
  return found;
}
