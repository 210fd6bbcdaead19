/** The data of a job as AutoML takes it: an MLTable. A table that is none gets one, in a folder with a copy of its files. */
import { type Dataset, MalachiteError, parseAssetReference } from '@malachite/core';
import type { DataUri } from './automl-details.ts';
import { copy } from './content.ts';
import type { AzureDatasets } from './datasets.ts';
import { blobPath } from './datastore.ts';
import { asked } from './errors.ts';
import type { Storage } from './storage.ts';

/** A version, and where AutoML reads it. */
export type TrainingData = { readonly reference: string; readonly type: Dataset['type']; readonly input: DataUri };

/** @throws MalachiteError `NotFound` for data that is not there, `InvalidInput` for files that are no table. */
export async function trainingData(datasets: AzureDatasets, storage: Storage, path: string): Promise<TrainingData> {
  const resource = await datasets.resource(parseAssetReference(path));
  const { name } = parseAssetReference(path);
  const dataset = await datasets.get({ name, version: resource.name });
  const reference = `azureml:${name}:${resource.name}`;
  // What others uploaded goes to Azure as it is named there: it says itself when it cannot be used.
  const uri = dataset.type === 'mltable' || dataset.files.length === 0 ? (resource.id ?? '') : await asTable(storage, dataset);
  return { reference, type: dataset.type, input: { jobInputType: 'mltable', uri } };
}

async function asTable(storage: Storage, { name, files, sha256, format }: Dataset): Promise<string> {
  if (format === 'binary') throw new MalachiteError('InvalidInput', `Dataset "${name}" is no table: CSV, Parquet or JSON lines.`);
  const folder = `malachite/tables/${sha256}`;
  const container = await storage.container();
  await asked(`Writing a table of "${name}"`, async () => {
    const table = container.getBlockBlobClient(`${folder}/MLTable`);
    if (await table.exists()) return;
    for (const file of files) await copy(storage, container, blobPath(file.sha256), `${folder}/${file.path}`);
    const text = tableOf(
      files.map(({ path }) => path),
      format,
    );
    await table.upload(text, Buffer.byteLength(text));
  });
  return storage.uriOf(folder);
}

/** The content of an `MLTable` file: https://learn.microsoft.com/azure/machine-learning/reference-yaml-mltable */
export function tableOf(paths: readonly string[], format: Dataset['format']): string {
  const files = paths.map((path) => `  - file: ${JSON.stringify(`./${path}`)}`);
  const reading = {
    csv: ['  - read_delimited:', "      delimiter: ','", '      encoding: utf8', '      header: all_files_same_headers'],
    parquet: ['  - read_parquet'],
    jsonl: ['  - read_json_lines:', '      encoding: utf8'],
    binary: [],
  }[format];
  return ['type: mltable', 'paths:', ...files, 'transformations:', ...reading, ''].join('\n');
}
