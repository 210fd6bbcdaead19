import type { Dataset, Datasets } from '@malachite/core';
import { beforeEach, expect, test } from 'vitest';
import type { Context } from '../store/context.ts';
import { temporaryContext } from '../test-home.ts';
import { localDatasets } from './datasets.ts';

let context: Context;
let datasets: Datasets;

beforeEach(() => {
  context = temporaryContext();
  datasets = localDatasets(context);
});

const csv = 'a;b;zip\n1;x;01\n2;y;2\n';

async function create(description: string, files: Record<string, string> = { 'data/train.csv': csv }): Promise<Dataset> {
  const stored = await Promise.all(
    Object.entries({ MLTable: description, ...files }).map(async ([path, text]) => ({
      path,
      sha256: (await context.blobs.putBytes(Buffer.from(text))).sha256,
    })),
  );
  return datasets.create({ name: 'table', files: stored });
}

const columnsOf = ({ columns }: Dataset) => columns.map(({ name, type }) => `${name}: ${type}`);

test('A folder with an MLTable file is an mltable; its transformations are applied in order', async () => {
  const dataset = await create(`
type: mltable
paths:
  - file: ./data/train.csv
transformations:
  - read_delimited:
      delimiter: ';'
      encoding: utf8
      header: all_files_same_headers
      support_multi_line: true
  - keep_columns: [zip, a]
  - convert_column_types:
      - columns: zip
        column_type: string
      - columns: [a]
        column_type: float
`);
  expect(dataset).toMatchObject({ type: 'mltable', format: 'csv', rowCount: 2 });
  expect(columnsOf(dataset)).toEqual(['a: number', 'zip: string']);
  expect((await datasets.preview({ name: 'table' })).rows).toEqual([
    [1, '01'],
    [2, '2'],
  ]);
});

test('Without a header the first line is a row', async () => {
  const dataset = await create(
    'paths: [{file: a.csv}]\ntransformations: [{read_delimited: {delimiter: ",", header: no_header}}]',
    {
      'a.csv': 'x,y\nz,w\n',
    },
  );
  expect(dataset.rowCount).toBe(2);
});

test('Folders and patterns name their files in order; nothing else of the asset is read', async () => {
  const files = { 'd/2.csv': 'a\n2\n', 'd/1.csv': 'a\n1\n', 'd/deep/3.csv': 'a\n3\n', 'other.csv': 'b\n9\n' };
  expect((await create('paths: [{pattern: ./d/*.csv}]', files)).rowCount).toBe(2);
  expect((await create('paths: [{pattern: "d/**/*.csv"}]', files)).rowCount).toBe(3);
  expect((await create('paths: [{folder: ./d}]', files)).rowCount).toBe(3);
});

test.each([
  ['paths: [{file: ./nowhere.csv}]', /"\.\/nowhere.csv" was not uploaded/],
  ['paths: [{file: ../../etc/passwd}]', /no path inside an asset/],
  ['paths: [{file: "https://example.org/a.csv"}]', /lies elsewhere/],
  ['paths: [{pattern: "*.parquet"}]', /names no file/],
  [
    'paths: [{file: data/train.csv}]\ntransformations: [{sample: {probability: 0.1}}]',
    /transformation "sample" is not understood/,
  ],
  ['paths: [{file: data/train.csv}]\ntransformations: [{drop_columns: nope}]', /no column "nope". Columns: a, b, zip/],
  ['paths: [{file: data/train.csv}]\ntransformations: [{read_delimited: {empty_as_string: true}}]', /empty_as_string: true/],
  ['paths: [', /it is no YAML/],
  ['just text', /is no mapping/],
])('%j is refused with a sentence', async (description, sentence) => {
  await expect(create(description)).rejects.toThrow(sentence);
});

test('An mltable without an MLTable file is refused', async () => {
  const { sha256 } = await context.blobs.putBytes(Buffer.from(csv));
  const files = [{ path: 'a.csv', sha256 }];
  await expect(datasets.create({ name: 'table', type: 'mltable', files })).rejects.toThrow(/needs a file named "MLTable"/);
});
