/**
 * Assets that Azure has and the workspace has no port for: environments, code and components. What was sent is kept and
 * given back word for word; what uses them reads them here.
 */
import { MalachiteError } from '@malachite/core';
import type { Asset, AssetKind } from './assets.ts';
import type { Document, Documents } from './documents.ts';
import { field, objectAt } from './resource.ts';

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
      const found = documents.get([collection, name, 'versions', version]);
      if (!found) throw new MalachiteError('NotFound', `There is no version "${version}" of "${name}" among the ${collection}.`);
      return toAsset(name, found);
    },
    async put(_, name, version, body) {
      documents.put([collection, name], {});
      if (field(objectAt(body, 'properties'), 'isArchived') !== true)
        documents.delete([collection, name, 'versions', version, 'archived']);
      return toAsset(name, documents.put([collection, name, 'versions', version], body));
    },
    async archive(name, version) {
      for (const each of versions(name)) {
        if (version === undefined || each.version === version)
          documents.put([collection, name, 'versions', each.version, 'archived'], {});
      }
    },
  };
}
