/**
 * Assets that Azure has and the workspace has no port for: environments, code and components. What was sent is kept and
 * given back word for word; what uses them reads them here.
 */
import { MalachiteError } from '@malachite/core';
import type { Asset, AssetKind } from './assets.ts';
import type { Document, Documents } from './documents.ts';
import { field, type JsonObject, objectAt } from './resource.ts';

export function keptAssets(documents: Documents, collection: 'environments' | 'codes' | 'components'): AssetKind {
  const archived = (name: string, version: string) =>
    documents.get([collection, name, 'versions', version, 'archived']) !== undefined;
  const toAsset = (name: string, { name: version, body, createdAt }: Document): Asset => {
    const properties = objectAt(body, 'properties') ?? {};
    return {
      name,
      version,
      createdAt,
      isArchived: archived(name, version) || field(properties, 'isArchived') === true,
      properties,
    };
  };
  const versions = (name: string): Asset[] => {
    const found = documents.list([collection, name, 'versions']).map((each) => toAsset(name, each));
    if (found.length === 0) throw new MalachiteError('NotFound', `There is nothing named "${name}" among the ${collection}.`);
    return found;
  };
  return {
    collection,
    latest: async () =>
      documents.list([collection]).flatMap(({ name }) =>
        documents
          .list([collection, name, 'versions'])
          .slice(0, 1)
          .map((each) => toAsset(name, each)),
      ),
    versions: async (_, name) => versions(name),
    async get(_, name, version) {
      if (version === defaultVersion) return versions(name)[0] as Asset;
      const found = documents.get([collection, name, 'versions', version]);
      if (!found) throw new MalachiteError('NotFound', `There is no version "${version}" of "${name}" among the ${collection}.`);
      return toAsset(name, found);
    },
    async put(_, name, version, body) {
      mustBeTheSame(collection, name, version, documents.get([collection, name, 'versions', version])?.body, body);
      documents.put([collection, name], {});
      return toAsset(name, documents.put([collection, name, 'versions', version], body));
    },
    async archive(name, version) {
      for (const each of versions(name)) {
        if (version === undefined || each.version === version)
          documents.put([collection, name, 'versions', each.version, 'archived'], {});
      }
    },
    async restore(name, version) {
      documents.delete([collection, name, 'versions', version, 'archived']);
    },
  };
}

/** What clients ask for when they name a component without a version. */
const defaultVersion = 'azureml_default';

/** What makes an environment what it is; with other values it is another version, which clients take from a 409. */
const fixed = ['image', 'condaFile', 'build'] as const;

function mustBeTheSame(collection: string, name: string, version: string, before: JsonObject | undefined, now: JsonObject): void {
  if (collection !== 'environments' || before === undefined) return;
  const text = (body: JsonObject, key: string) => JSON.stringify(field(objectAt(body, 'properties'), key) ?? null);
  const changed = fixed.find((key) => text(before, key) !== text(now, key));
  if (changed) {
    const message = `Environment "${name}:${version}" is there with another "${changed}". Register the next version.`;
    throw new MalachiteError('Conflict', message);
  }
}
