/** `data create -f data.yml`: a data asset over a local file or folder. */
import { type DatasetCreate, datasetTypes } from '@malachite/core';
import type { YamlDocument } from './document.ts';
import { referenceOrLocal } from './references.ts';

/** A data asset whose bytes are still at a local path. */
export type DataAsset = Omit<DatasetCreate, 'files'> & { readonly path: string };

export function readDataAsset({ root, folder }: YamlDocument): DataAsset {
  const asset = {
    name: root.requiredText('name'),
    version: root.version('version'),
    type: root.word('type', datasetTypes) ?? 'uri_folder',
    path: referenceOrLocal(root.requiredText('path'), folder),
    description: root.text('description'),
    tags: root.tags('tags'),
    properties: root.tags('properties'),
  };
  root.end(['auto_delete_setting', 'datastore']);
  return asset;
}
