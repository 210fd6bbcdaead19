/** Data assets: files in a folder of their own, named by an ARM data version. Azure keeps no schema of them. */
import type { DataVersionBase } from '@azure/arm-machinelearning';
import { type Dataset, type DatasetCreate, type Datasets, MalachiteError } from '@malachite/core';
import { archiveOf } from './archive.ts';
import type { Connection } from './connection.ts';
import { type Content, putContent, readManifest } from './content.ts';
import { asked } from './errors.ts';
import { createdAtOf, fieldsOf } from './forms.ts';
import { notSupported } from './not-supported.ts';
import { sha256Of } from './sha256.ts';
import type { Storage } from './storage.ts';
import { nextVersion, versionsOf } from './versions.ts';

/** A version with the address that ARM has for it; jobs are given that. */
export type AzureDatasets = Datasets & {
  resource(input: { readonly name: string; readonly version?: string }): Promise<DataVersionBase>;
};

export function azureDatasets(connection: Connection, storage: Storage): AzureDatasets {
  const { client, resourceGroup: group, workspaceName: workspace } = connection;
  const versions = versionsOf<DataVersionBase>({
    noun: 'dataset',
    containers: (listViewType) => client.dataContainers.list(group, workspace, { listViewType }),
    versions: (name) => client.dataVersions.list(group, workspace, name, { listViewType: 'All' }),
    version: (name, version) => client.dataVersions.get(group, workspace, name, version),
  });
  const show = async (name: string, version: DataVersionBase): Promise<Dataset> => {
    const path = storage.placeOf(version.properties.dataUri)?.path;
    return toCore(name, version, path === undefined ? undefined : await readManifest(storage, path));
  };
  const put = (name: string, version: string, properties: DataVersionBase['properties']) =>
    client.dataVersions.createOrUpdate(group, workspace, name, version, { properties } as DataVersionBase);
  return {
    async create(input) {
      const type = input.type ?? defaultType(input.files);
      if (type === 'uri_file' && input.files.length !== 1) {
        throw new MalachiteError('InvalidInput', `A uri_file is one file, not ${input.files.length}. Use uri_folder or mltable.`);
      }
      const { files, path } = await putContent(storage, 'data', input.files);
      const dataUri = storage.uriOf(type === 'uri_file' ? `${path}/${files[0]?.path}` : path);
      const known = await versions.known(input.name);
      const same = (each: DataVersionBase) => samePlace(each.properties.dataUri, dataUri, storage);
      const taken = known.find(({ name }) => name === input.version);
      if (taken && !same(taken)) {
        throw new MalachiteError('Conflict', `Dataset "${input.name}:${input.version}" exists and holds other bytes.`);
      }
      const existing = taken ?? (input.version === undefined ? known.find(same) : undefined);
      if (existing && existing.properties.isArchived !== true) return show(input.name, existing);
      const version = existing?.name ?? input.version ?? nextVersion(known);
      const { description, tags, properties } = input;
      const written = {
        dataType: type,
        dataUri,
        isArchived: false,
        ...(description !== undefined && { description }),
        ...(tags && { tags }),
        ...(properties && { properties }),
      };
      const created = await asked(`Creating dataset "${input.name}:${version}"`, () => put(input.name, version, written));
      return show(input.name, created);
    },
    get: async ({ name, version }) => show(name, await versions.find(name, version)),
    async list({ includeArchived = false }) {
      return Promise.all((await versions.latest(includeArchived)).map(({ name, version }) => show(name, version)));
    },
    versions: async ({ name }) => Promise.all((await versions.all(name)).map((version) => show(name, version))),
    profile: notSupported('Azure ML keeps no statistics of a data asset'),
    preview: notSupported('Azure ML does not read the rows of a data asset'),
    query: notSupported('Azure ML does not query data assets'),
    ...archiveOf({
      noun: 'dataset',
      versions,
      put,
      putContainer: (name, { properties: { dataType } }, isArchived) =>
        client.dataContainers.createOrUpdate(group, workspace, name, { properties: { dataType, isArchived } }),
    }),
    resource: ({ name, version }) => versions.find(name, version),
  };
}

function toCore(name: string, resource: DataVersionBase, content: Content | undefined): Dataset {
  const { dataType, dataUri, isArchived, ...rest } = resource.properties;
  const files = content?.files ?? [];
  return {
    name,
    version: resource.name ?? '',
    type: dataType as Dataset['type'],
    format: formatOf(files.length === 1 ? (files[0]?.path ?? '') : dataUri),
    ...fieldsOf(rest),
    // What others uploaded is known by its address: nobody reads it to say which bytes it is.
    files: [...files],
    sha256: content?.sha256 ?? sha256Of(`${resource.id} ${dataUri}`),
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    rowCount: null,
    columns: [],
    isArchived: isArchived === true,
    createdAt: createdAtOf(resource.systemData),
  };
}

/** By its name; nobody looks inside. */
function formatOf(path: string): Dataset['format'] {
  if (/\.(csv|tsv|txt)$/i.test(path)) return 'csv';
  if (/\.parquet$/i.test(path)) return 'parquet';
  return /\.jsonl?$/i.test(path) ? 'jsonl' : 'binary';
}

function defaultType(files: DatasetCreate['files']): Dataset['type'] {
  if (files.some(({ path }) => path === 'MLTable')) return 'mltable';
  return files.length === 1 ? 'uri_file' : 'uri_folder';
}

/** Long and short form of one address. */
function samePlace(a: string, b: string, storage: Storage): boolean {
  const [left, right] = [storage.placeOf(a), storage.placeOf(b)];
  return left !== undefined && left.datastore === right?.datastore && left.path === right.path;
}
