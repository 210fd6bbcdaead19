import type { ColumnProfile, Datasets } from '@malachite/core';
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

async function profileOf(text: string): Promise<Record<string, ColumnProfile>> {
  const { sha256 } = await context.blobs.putBytes(Buffer.from(text));
  await datasets.create({ name: 'data', files: [{ path: 'data.csv', sha256 }] });
  const { columns } = await datasets.profile({ name: 'data' });
  return Object.fromEntries(columns.map((column) => [column.name, column]));
}

test('Numbers: moments, quantiles and a histogram that holds every value once', async () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  const { x } = await profileOf(`x,y\n${values.map((value) => `${value},a`).join('\n')}\n,b\n`);
  expect(x).toMatchObject({
    type: 'integer',
    count: 101,
    missing: 1,
    distinct: 101,
    min: 0,
    max: 100,
    mean: 50,
    topValues: null,
  });
  // Of 0 … 100 the sample variance is (101² - 1) / 12 · 101 / 100.
  expect(x?.std).toBeCloseTo(Math.sqrt((((101 ** 2 - 1) / 12) * 101) / 100), 12);
  expect(x?.quantiles).toEqual({ '0.01': 1, '0.05': 5, '0.25': 25, '0.5': 50, '0.75': 75, '0.95': 95, '0.99': 99 });
  expect(x?.histogram?.edges).toEqual(Array.from({ length: 21 }, (_, i) => i * 5));
  expect(x?.histogram?.counts).toEqual([...Array.from({ length: 19 }, () => 5), 6]);
});

test('A column of one value has bins around it; a column without values has none', async () => {
  const { x, empty } = await profileOf('x,empty\n3.5,\n3.5,\n');
  expect(x?.histogram?.edges.at(0)).toBe(3);
  expect(x?.histogram?.edges.at(-1)).toBe(4);
  expect(x?.histogram?.counts.reduce((sum, count) => sum + count)).toBe(2);
  expect(empty).toMatchObject({ count: 0, missing: 2, distinct: 0, min: null, max: null, histogram: null, topValues: [] });
});

test('Texts and booleans: the most frequent values, most frequent first, then in order', async () => {
  const { word, flag } = await profileOf('word,flag\nb,true\na,false\nb,true\n,true\nc,\n');
  expect(word).toMatchObject({
    count: 4,
    missing: 1,
    distinct: 3,
    min: 'a',
    max: 'c',
    mean: null,
    topValues: [
      { value: 'b', count: 2 },
      { value: 'a', count: 1 },
      { value: 'c', count: 1 },
    ],
  });
  expect(flag).toMatchObject({
    type: 'boolean',
    missing: 1,
    topValues: [
      { value: 'True', count: 3 },
      { value: 'False', count: 1 },
    ],
  });
});

test('Dates and timestamps: first and last, as ISO 8601', async () => {
  const { d, at } = await profileOf('d,at\n2020-03-01,2020-03-01 10:00:00\n2019-12-31,2019-12-31 23:59:59\n');
  expect(d).toMatchObject({ type: 'date', min: '2019-12-31', max: '2020-03-01', histogram: null, topValues: null });
  expect(at).toMatchObject({ type: 'timestamp', min: '2019-12-31T23:59:59', max: '2020-03-01T10:00:00' });
});

test('A profile is computed once for the same content', async () => {
  await profileOf('x\n1\n2\n');
  await profileOf('x\n1\n2\n');
  expect(context.db.get('SELECT count(*) AS n FROM dataset_profiles')).toMatchObject({ n: 1 });
  const { x } = await profileOf('x\n1\n2\n3\n');
  expect(x?.count).toBe(3);
  expect(context.db.get('SELECT count(*) AS n FROM dataset_profiles')).toMatchObject({ n: 2 });
});
