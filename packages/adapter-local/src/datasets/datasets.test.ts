import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, Datasets } from '@malachite/core';
import { beforeEach, expect, test } from 'vitest';
import type { Context } from '../store/context.ts';
import { crashingChild } from '../test-child.ts';
import { temporaryContext, temporaryHome } from '../test-home.ts';
import { datasetReading, localDatasets } from './datasets.ts';
import { readTable } from './read-table.ts';

let context: Context;
let datasets: Datasets;

beforeEach(() => {
  context = temporaryContext();
  datasets = localDatasets(context);
});

/** Files from paths and texts, their bytes put. */
function put(files: Record<string, string>): Promise<Dataset['files']> {
  return Promise.all(
    Object.entries(files).map(async ([path, text]) => ({
      path,
      sha256: (await context.blobs.putBytes(Buffer.from(text))).sha256,
    })),
  );
}

const people = 'name,age\nann,40\nbob,\n';

test('A dataset has its columns, its rows and its size', async () => {
  const dataset = await datasets.create({ name: 'people', tags: { a: 'b' }, files: await put({ 'people.csv': people }) });
  expect(dataset).toMatchObject({
    name: 'people',
    version: '1',
    type: 'uri_file',
    format: 'csv',
    tags: { a: 'b' },
    rowCount: 2,
    sizeBytes: people.length,
    columns: [
      { name: 'name', type: 'string' },
      { name: 'age', type: 'integer' },
    ],
    isArchived: false,
  });
  expect(await datasets.get({ name: 'people' })).toEqual(dataset);
  expect(await readTable(datasetReading(context, { name: 'people' }))).toMatchObject({ rowCount: 2 });
});

test('Versions count up; the same content answers its version; who listens hears of new ones only', async () => {
  const heard: string[] = [];
  context.onDatasetVersion.subscribe(({ name, version }) => {
    // After the commit: whoever hears it finds it.
    heard.push(`${name}:${version}`);
  });
  const first = await put({ 'people.csv': people });
  const second = await put({ 'people.csv': `${people}eve,3\n` });
  expect((await datasets.create({ name: 'people', files: first })).version).toBe('1');
  expect((await datasets.create({ name: 'people', files: second })).version).toBe('2');
  expect((await datasets.create({ name: 'people', files: first })).version).toBe('1');
  expect((await datasets.create({ name: 'people', version: 'v-x', files: first })).version).toBe('v-x');
  expect((await datasets.versions({ name: 'people' })).map(({ version }) => version)).toEqual(['v-x', '2', '1']);
  expect(heard).toEqual(['people:1', 'people:2', 'people:v-x']);
});

test('Created at the same time from the same bytes, there is one version', async () => {
  const files = await put({ 'people.csv': people });
  const created = await Promise.all(Array.from({ length: 5 }, () => datasets.create({ name: 'people', files })));
  expect(created.map(({ version }) => version)).toEqual(['1', '1', '1', '1', '1']);
});

test('Another content under a version that exists is a Conflict', async () => {
  await datasets.create({ name: 'people', version: '7', files: await put({ 'a.csv': people }) });
  const other = await put({ 'a.csv': 'a,b\n1,2\n' });
  await expect(datasets.create({ name: 'people', version: '7', files: other })).rejects.toMatchObject({ code: 'Conflict' });
  expect((await datasets.create({ name: 'people', files: other })).version).toBe('8');
});

test('NotFound names what there is', async () => {
  await expect(datasets.get({ name: 'nobody' })).rejects.toMatchObject({ code: 'NotFound' });
  await datasets.create({ name: 'people', files: await put({ 'a.csv': people }) });
  await expect(datasets.get({ name: 'people', version: '9' })).rejects.toThrow('Dataset "people:9" does not exist. Versions: 1.');
});

test('An archived version is out of lists, and there for who names it', async () => {
  const files = await put({ 'a.csv': people });
  await datasets.create({ name: 'people', files });
  await datasets.create({ name: 'people', files: await put({ 'a.csv': 'a,b\n1,2\n' }) });
  await datasets.archive({ name: 'people', version: '2' });
  expect(await datasets.list({})).toMatchObject([{ version: '1' }]);
  expect(await datasets.list({ includeArchived: true })).toMatchObject([{ version: '2', isArchived: true }]);
  expect(await datasets.get({ name: 'people' })).toMatchObject({ version: '1' });
  await datasets.archive({ name: 'people' });
  expect(await datasets.list({})).toEqual([]);
  expect(await datasets.get({ name: 'people', version: '1' })).toMatchObject({ isArchived: true });
  expect(await datasets.create({ name: 'people', files })).toMatchObject({ version: '1', isArchived: false });
});

test.each(['../a.csv', '/a.csv', 'a/../../b.csv', 'C:\\a.csv', 'a\\b.csv', '.', ''])(
  'The path %j may not leave the dataset',
  async (path) => {
    const [file] = await put({ 'a.csv': people });
    await expect(
      datasets.create({ name: 'people', files: [{ ...file, path } as Dataset['files'][number]] }),
    ).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  },
);

test('Bytes that are not in the datastore are NotFound, a false size and a bad name InvalidInput', async () => {
  const [file] = (await put({ 'a.csv': people })) as [Dataset['files'][number]];
  const create = (name: string, change: object) => datasets.create({ name, files: [{ ...file, ...change }] });
  await expect(create('people', { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'NotFound' });
  await expect(create('people', { sizeBytes: 5 })).rejects.toThrow(/has 21 bytes, not 5/);
  await expect(create('no/name', {})).rejects.toMatchObject({ code: 'InvalidInput' });
});

test('The files of a folder are one table; columns that only some have are missing in the others', async () => {
  const files = await put({ 'b/2.csv': 'b,a\nx,1.5\n', 'a/1.csv': 'a,b\n1,y\n', _SUCCESS: '' });
  const dataset = await datasets.create({ name: 'folder', files });
  expect(dataset).toMatchObject({
    type: 'uri_folder',
    format: 'csv',
    rowCount: 2,
    columns: [
      { name: 'a', type: 'number' },
      { name: 'b', type: 'string' },
    ],
  });
  expect((await datasets.preview({ name: 'folder' })).rows).toEqual([
    [1, 'y'],
    [1.5, 'x'],
  ]);
});

test('Files that disagree on a type are read as the text that stands there', async () => {
  const files = await put({ '1.csv': 'a\n1.50\n', '2.csv': 'a\nword\n' });
  await datasets.create({ name: 'folder', files });
  expect((await datasets.preview({ name: 'folder' })).rows).toEqual([['1.50'], ['word']]);
});

test('Files that are no table make a binary dataset, which cannot be profiled', async () => {
  const dataset = await datasets.create({ name: 'mixed', files: await put({ 'a.csv': people, 'image.png': '\u0000png' }) });
  expect(dataset).toMatchObject({ format: 'binary', columns: [], rowCount: null });
  await expect(datasets.profile({ name: 'mixed' })).rejects.toThrow(/has no columns/);
  expect(await datasets.create({ name: 'notes', files: await put({ 'notes.txt': 'just words\n' }) })).toMatchObject({
    format: 'binary',
  });
});

test('A preview is a part of the rows in their order, with ISO times and exact large numbers', async () => {
  const text = 'at,id,ok\n2020-01-02 03:04:05,1,true\n2020-01-02 03:04:05.5,9007199254740993,false\n,3,\n';
  await datasets.create({ name: 'rows', files: await put({ 'a.csv': text }) });
  expect(await datasets.preview({ name: 'rows', limit: 2, offset: 1 })).toEqual({
    columns: [
      { name: 'at', type: 'timestamp' },
      { name: 'id', type: 'integer' },
      { name: 'ok', type: 'boolean' },
    ],
    rows: [
      ['2020-01-02T03:04:05.5', '9007199254740993', false],
      [null, 3, null],
    ],
  });
});

test('A home may lie in a folder of any name', async () => {
  const odd = temporaryContext(`${temporaryHome()}/it's [1] *`);
  const { sha256 } = await odd.blobs.putBytes(Buffer.from(people));
  const port = localDatasets(odd);
  await port.create({ name: 'people', files: [{ path: 'a.csv', sha256 }] });
  expect((await port.query({ name: 'people', sql: 'SELECT count(*) FROM data' })).rows).toEqual([[2]]);
  await expect(port.query({ name: 'people', sql: "SELECT * FROM read_text('/etc/passwd')" })).rejects.toMatchObject({
    code: 'InvalidInput',
  });
});

test('A home that was moved reads its datasets where it is now', async () => {
  const home = temporaryHome();
  const before = temporaryContext(home);
  const { sha256 } = await before.blobs.putBytes(Buffer.from(people));
  await localDatasets(before).create({ name: 'people', files: [{ path: 'a.csv', sha256 }] });
  const stored = before.db.all<{ reading: string; files: string }>('SELECT reading, files FROM datasets');
  expect(JSON.stringify(stored)).not.toContain(home);
});

test('After kill -9 while datasets are made, every acknowledged version is there with readable rows', async () => {
  const home = temporaryHome();
  const child = crashingChild(
    `import { pino } from 'pino';
     import { openContext } from './store/context.ts';
     import { localDatasets } from './datasets/datasets.ts';
     const context = openContext({ home: ${JSON.stringify(home)}, workspaceName: 'test', clock: () => new Date(), log: pino({ level: 'silent' }) });
     const datasets = localDatasets(context);
     for (let n = 1; ; n++) {
       const rows = Array.from({ length: n }, (_, i) => i + ',' + n).join('\\n');
       const { sha256 } = await context.blobs.putBytes(Buffer.from('a,b\\n' + rows + '\\n'));
       const { version, rowCount } = await datasets.create({ name: 'growing', files: [{ path: 'a.csv', sha256 }] });
       console.log(version + ' ' + rowCount);
     }`,
  );
  await child.lineCount(15);
  await child.kill();
  const reopened = temporaryContext(home);
  const port = localDatasets(reopened);
  const versions = await port.versions({ name: 'growing' });
  const there = new Map(versions.map(({ version, rowCount }) => [version, rowCount]));
  const acknowledged = child.lines.map((line) => line.split(' ') as [string, string]);
  expect(acknowledged.filter(([version, rows]) => there.get(version) !== Number(rows))).toEqual([]);
  for (const { version, rowCount } of versions) {
    expect((await readTable(datasetReading(reopened, { name: 'growing', version }))).rowCount).toBe(rowCount);
  }
});

test('Every file of the fixtures can be made a dataset', async () => {
  const bytes = readFileSync(join(import.meta.dirname, '../../../../fixtures/bank-marketing/bank-marketing-synthetic.csv'));
  const { sha256 } = await context.blobs.putBytes(bytes);
  const dataset = await datasets.create({ name: 'bank', files: [{ path: 'bank.csv', sha256 }] });
  expect(dataset.columns.length).toBe(21);
  expect(dataset.columns.find(({ name }) => name === 'y')).toEqual({ name: 'y', type: 'string' });
});
