import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { columnNamed, type Table } from '@malachite/automl';
import { expect, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { withDuckDB } from './duckdb.ts';
import { readTableFile } from './read-table.ts';

const bank = join(import.meta.dirname, '../../../../../shared/data/bankmarketing_train.csv');

async function read(content: string | Buffer, name = 'file.csv'): Promise<Table> {
  const path = join(temporaryHome(), name);
  writeFileSync(path, content);
  return readTableFile(path);
}

/** A table as plain values: `undefined` for what is missing. */
function plain(table: Table): Record<string, (string | number | undefined)[]> {
  return Object.fromEntries(
    table.columns.map((column) => [
      column.name,
      column.kind === 'numeric'
        ? [...column.values].map((value) => (Number.isNaN(value) ? undefined : value))
        : [...column.codes].map((code) => column.dictionary[code]),
    ]),
  );
}

/** `integer`, `number`, or what a text column held. */
function types(table: Table): Record<string, string> {
  return Object.fromEntries(
    table.columns.map((column) => [
      column.name,
      column.kind === 'string' ? column.source : column.integer ? 'integer' : 'number',
    ]),
  );
}

test('Numbers are float64, whole ones without a hole are integers, texts are codes in order of appearance', async () => {
  const table = await read('n,x,hole,word\n1,1.5,1,b\n2,2,,a\n3,-1e3,3,b\n');
  expect(types(table)).toEqual({ n: 'integer', x: 'number', hole: 'number', word: 'string' });
  expect(plain(table)).toEqual({ n: [1, 2, 3], x: [1.5, 2, -1000], hole: [1, undefined, 3], word: ['b', 'a', 'b'] });
  const word = columnNamed(table, 'word');
  expect(word).toMatchObject({ dictionary: ['b', 'a'], codes: new Int32Array([0, 1, 0]) });
  expect(word?.kind === 'string' && word.codes.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('Names that stand twice or not at all are told with what they are read as; a header as it should be is not', async () => {
  const rows = '1,2,3,4\n5,6,7,8\n';
  expect((await read(`a,"b ""x""",A,a\n${rows}`)).notes).toEqual([
    'Column 3 is named "A" like one before it (in any case of letters); it is read as "A_1".',
    'Column 4 is named "a" like one before it (in any case of letters); it is read as "a_2".',
  ]);
  const nameless = await read(`a,,c,a\n${rows}`);
  expect(nameless.notes).toEqual([
    expect.stringMatching(/^Column 2 has no name; /),
    expect.stringMatching(/^Column 4 is named "a" /),
  ]);
  expect((await read(gzipSync(`a,a,c,d\n${rows}`), 'packed.csv.gz')).notes).toHaveLength(1);
  expect((await read('\ufeff"a";a_1; c;"d;e"\r\n1;2;3;4\r\n5;6;7;8\r\n')).notes).toBeUndefined();
  expect((await read('0.5,x,yes\n1.5,y,no\n')).notes).toBeUndefined();
});

test('A workbook of Excel is told as one, whatever its name', async () => {
  const workbook = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), Buffer.alloc(200)]);
  await expect(read(workbook, 'table.csv')).rejects.toThrow('It is a ZIP archive or an Excel workbook; save its sheet as CSV.');
  await expect(read(workbook, 'table.xlsx')).rejects.toThrow('Excel workbook');
});

test('An infinity among numbers is a number and no word', async () => {
  const table = await read('x,word\n1.5,inf\ninf,a\n-Infinity,b\n2,c\n');
  const [above, below] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(plain(table)).toEqual({ x: [1.5, above, below, 2], word: ['inf', 'a', 'b', 'c'] });
});

test('Only true and false are booleans; yes, no, t and f are the labels they look like', async () => {
  const table = await read('flag,y,t\ntrue,yes,t\nFalse,no,f\nTRUE,yes,t\n');
  expect(types(table)).toEqual({ flag: 'boolean', y: 'string', t: 'string' });
  expect(plain(table)).toEqual({ flag: ['True', 'False', 'True'], y: ['yes', 'no', 'yes'], t: ['t', 'f', 't'] });
});

test.each([
  [',', '"'],
  [';', '"'],
  ['\t', "'"],
])('1,200 columns separated by %j, quoted by %s, are each read as they are among few', async (delimiter, quote) => {
  const few = ['x', 'a b', 'yes', '2024-05-06', '?', `${quote}p${delimiter}q${quote}`];
  const more = ['2.5', 'c', 'no', '2024-05-07', '3', `${quote}r${quote}`];
  const repeat = (values: readonly string[]) => Array.from({ length: 1200 }, (_, i) => values[i % 6]);
  const header = repeat(few).map((_, i) => `column ${i}`);
  const lines = [header, repeat(['1.5', ...few.slice(1)]), repeat(more)].map((line) => line.join(delimiter));
  const columns = Object.entries(plain(await read(lines.join('\n'))));
  expect(columns.map(([name]) => name)).toEqual(header);
  const expected = [
    [1.5, 2.5],
    ['a b', 'c'],
    ['yes', 'no'],
    ['2024-05-06', '2024-05-07'],
    [undefined, 3],
    [`p${delimiter}q`, 'r'],
  ];
  for (const [i, [, values]] of columns.entries()) expect(values).toEqual(expected[i % 6]);
});

test('Dates and timestamps become ISO text', async () => {
  const table = await read('d,at,zoned\n2020-01-02,2020-01-02 03:04:05,2020-01-02T03:04:05+02:00\n,,\n');
  expect(types(table)).toEqual({ d: 'date', at: 'timestamp', zoned: 'timestamp' });
  expect(plain(table)).toEqual({
    d: ['2020-01-02', undefined],
    at: ['2020-01-02 03:04:05', undefined],
    zoned: ['2020-01-02 01:04:05', undefined],
  });
  expect(plain(await read('us\n12/31/2020\n01/02/2021\n'))).toEqual({ us: ['2020-12-31', '2021-01-02'] });
});

test('Markers for missing among numbers are missing, among texts they are texts', async () => {
  const table = await read('a,b,c\n1,NA,NA\n?,x,0123\n3,NaN,0456\n');
  expect(types(table)).toEqual({ a: 'number', b: 'string', c: 'string' });
  expect(plain(table)).toEqual({ a: [1, undefined, 3], b: ['NA', 'x', 'NaN'], c: ['NA', '0123', '0456'] });
});

test('Leading zeros keep a column text; NaN is missing', async () => {
  const table = await read('zip,x\n01234,1.5\n99999,2\n00123,nan\n');
  expect(plain(table)).toEqual({ zip: ['01234', '99999', '00123'], x: [1.5, 2, undefined] });
});

test('A type is settled by all rows: one word in the last of 30 000 makes the column text', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i}`).join('\n');
  const table = await read(`a,b\n${rows}\nword,1.5\n`);
  expect(types(table)).toEqual({ a: 'string', b: 'number' });
  expect(table.rowCount).toBe(30_001);
});

test('A column of as many texts as rows is encoded like any other', async () => {
  const ids = Array.from({ length: 50_000 }, (_, i) => (i % 7 === 3 ? '' : `id-${i % 40_000}`));
  const table = await read(`id,n\n${ids.map((id, i) => `${id},${i}`).join('\n')}\n`);
  expect(plain(table).id).toEqual(ids.map((id) => id || undefined));
  const column = columnNamed(table, 'id');
  expect(column?.kind === 'string' && new Set(column.dictionary).size === column.dictionary.length).toBe(true);
});

test('Whole numbers beyond 2^53 are not called integers, for they are not exact, and a note says so', async () => {
  const table = await read('a,b\n9007199254740993,1\n1,2\n');
  expect(types(table)).toEqual({ a: 'number', b: 'integer' });
  expect(table.notes).toEqual([expect.stringMatching(/^Whole numbers beyond 2\^53 in "a" are rounded /)]);
});

test.each([
  ['semicolons', 'a;b\n1;x\n2;y\n'],
  ['tabs', 'a\tb\n1\tx\n2\ty\n'],
  ['bars', 'a|b\n1|x\n2|y\n'],
  ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
  ['CR LF', 'a,b\r\n1,x\r\n2,y\r\n'],
  ['no line end at the end', 'a,b\n1,x\n2,y'],
  ['blank lines', 'a,b\n1,x\n\n2,y\n'],
  ['comment lines before the header', '# made by hand\n# in 2020\na,b\n1,x\n2,y\n'],
  ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a,b\n1,x\n2,y\n', 'utf16le')])],
  ['quotes', '"a","b"\n"1","x"\n"2","y"\n'],
])('CSV with %s', async (_, content) => {
  expect(plain(await read(content))).toEqual({ a: [1, 2], b: ['x', 'y'] });
});

test('Quoted values hold delimiters, line breaks and quotes', async () => {
  expect(plain(await read('a,b\n1,"x, y"\n2,"line\nbreak"\n3,"say ""hi"""\n'))).toEqual({
    a: [1, 2, 3],
    b: ['x, y', 'line\nbreak', 'say "hi"'],
  });
});

test('A lone line feed in a quoted name, and in texts, is no end of a line where CR LF is', async () => {
  const table = await read('a,"two\nlines","say ""x"""\r\n1,"p\nq",2\r\n3,"r, ""s""",4\r\n');
  expect(plain(table)).toEqual({ a: [1, 3], 'two\nlines': ['p\nq', 'r, "s"'], 'say "x"': [2, 4] });
  expect(table.notes).toBeUndefined();
});

test('Bytes of Windows-1252, and UTF-16 without its mark, are refused with what to do', async () => {
  const quoted = Buffer.from([0x93, 0x61, 0x94]);
  const windows = Buffer.concat([Buffer.from('name,n\n'), quoted, Buffer.from(',1\n')]);
  await expect(read(windows)).rejects.toThrow('is neither UTF-8 nor Latin-1; it may be Windows-1252');
  await expect(read(Buffer.from('a,b\n1,x\n', 'utf16le'))).rejects.toThrow('as UTF-16 without a byte order mark does');
});

test('A packed file that was cut off is refused, not read as far as it goes', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},${Math.sin(i)}`).join('\n');
  const packed = gzipSync(`a,b\n${rows}\n`);
  await expect(read(packed.subarray(0, packed.length / 2), 'half.csv.gz')).rejects.toThrow(
    '"half.csv.gz" is packed with gzip and is cut off or damaged: unexpected end of file.',
  );
  const zstd = zstdCompressSync(`a,b\n${rows}\n`);
  await expect(read(zstd.subarray(0, zstd.length / 2), 'half.csv.zst')).rejects.toThrow('is packed with zstd and is cut off');
});

test('Bytes that are no UTF-8 are read as Latin-1', async () => {
  expect(plain(await read(Buffer.from('name,n\ncafé,1\nnaïve,2\n', 'latin1')))).toEqual({ name: ['café', 'naïve'], n: [1, 2] });
});

test('A file of texts has a header; a file of numbers without one gets names', async () => {
  expect(plain(await read('name,city\nann,Paris\nbob,Rome\n'))).toEqual({ name: ['ann', 'bob'], city: ['Paris', 'Rome'] });
  expect(plain(await read('1,2\n3,4\n'))).toEqual({ column0: [1, 3], column1: [2, 4] });
});

test.each([
  ['that could be the separator', 'x;z;preis\n1,23;4,50;0,33\n', { x: [1.23], z: [4.5], preis: [0.33] }],
  ['now and then', 'x;n;word\n1,5;2;a\n-2;3;b\n3,25e1;4;c\n', { x: [1.5, -2, 32.5], n: [2, 3, 4], word: ['a', 'b', 'c'] }],
  ['in quotes', 'x;word\n"1,5";"a, b"\n"2,5";c\n', { x: [1.5, 2.5], word: ['a, b', 'c'] }],
  ['among markers for missing', 'x;n\n1,5;1\nNA;2\n2,25;3\n', { x: [1.5, undefined, 2.25], n: [1, 2, 3] }],
])('Semicolons separate, and commas are decimal points %s', async (_, content, expected) => {
  expect(plain(await read(content))).toEqual(expected);
});

test('Semicolons with decimal points, and commas in texts, stay what they are', async () => {
  expect(plain(await read('x;list\n1.5;1,2\n2.5;3,4\n'))).toEqual({ x: [1.5, 2.5], list: ['1,2', '3,4'] });
});

test('What has only blanks and line ends is empty', async () => {
  for (const content of ['', '\n', '\ufeff', ' \r\n\t\n']) {
    await expect(read(content)).rejects.toMatchObject({ code: 'InvalidInput', message: '"file.csv" is empty.' });
  }
});

test('Lines of another width are refused, not dropped', async () => {
  await expect(read('a,b\n1,2\n3\n4,5,6\n')).rejects.toThrow(/"file.csv" is no regular table: line 3/);
  await expect(read('a;b\n1;2\n3\n4;5;6\n')).rejects.toThrow(/line 3 .* separated by ";"/);
  const late = `a,b\n${'1,2\n'.repeat(500)}1,2,3\n${'1,2\n'.repeat(500)}`;
  await expect(read(late)).rejects.toThrow('line 502 has 3 values, separated by ",", and the first line has 2.');
});

test('Parquet, JSON lines, a JSON array and packed files give the same table as CSV', async () => {
  const csv = 'n,x,word,d\n1,1.5,b,2020-01-02\n2,,a,2020-01-03\n';
  const expected = plain(await read(csv));
  const parquet = join(temporaryHome(), 'data.parquet');
  await withDuckDB((connection) =>
    connection.run(
      `COPY (SELECT * FROM (VALUES (1, CAST(1.5 AS DECIMAL(5,2)), 'b', DATE '2020-01-02'), (2, NULL, 'a', DATE '2020-01-03')) t(n, x, word, d)) TO '${parquet}'`,
    ),
  );
  expect(plain(await readTableFile(parquet))).toEqual(expected);
  const objects = [
    { n: 1, x: 1.5, word: 'b', d: '2020-01-02' },
    { n: 2, x: null, word: 'a', d: '2020-01-03' },
  ];
  const lines = objects.map((row) => JSON.stringify(row)).join('\n');
  expect(plain(await read(lines, 'data.jsonl'))).toEqual(expected);
  expect(plain(await read(JSON.stringify(objects), 'data.json'))).toEqual(expected);
  expect(plain(await read(gzipSync(csv), 'data.csv.gz'))).toEqual(expected);
  expect(plain(await read(gzipSync(lines), 'data.jsonl.gz'))).toEqual(expected);
});

test('Nested JSON stays JSON text', async () => {
  expect(plain(await read('{"a": 1, "b": {"c": [1, 2]}}\n', 'nested.jsonl'))).toEqual({ a: [1], b: ['{"c":[1,2]}'] });
});

test('Names of files and columns may hold anything', async () => {
  const content = 'rowid,"it\'s ""x""",a.b,data\nz,1,2,3\na,4,5,6\n';
  expect(plain(await read(content, "it's [1] *? (a) %s.csv"))).toEqual({
    rowid: ['z', 'a'],
    'it\'s "x"': [1, 4],
    'a.b': [2, 5],
    data: [3, 6],
  });
});

test('What is no table is refused with its name', async () => {
  await expect(readTableFile('/nowhere/at/all.csv')).rejects.toMatchObject({ code: 'NotFound' });
  await expect(read(Buffer.from([0, 1, 2, 3]), 'model.onnx')).rejects.toThrow(/"model.onnx" is neither CSV/);
  await expect(read('not parquet', 'data.parquet')).rejects.toMatchObject({ code: 'InvalidInput' });
  await expect(read('', 'empty.csv')).rejects.toThrow(/"empty.csv" is empty/);
});

test.skipIf(!existsSync(bank))('The Bank Marketing data has its types (skipped without ../shared/data)', async () => {
  const table = await readTableFile(bank);
  expect(table.rowCount).toBe(32_950);
  expect(columnNamed(table, 'y')).toMatchObject({ source: 'string', dictionary: ['no', 'yes'] });
  expect(columnNamed(table, 'age')).toMatchObject({ integer: true });
  expect(columnNamed(table, 'emp.var.rate')).toMatchObject({ kind: 'numeric', integer: false });
  expect(columnNamed(table, 'job')).toMatchObject({ source: 'string' });
});

test('Reading ends at once when it is aborted, with the reason, at whatever moment', async () => {
  const path = join(temporaryHome(), 'long.csv');
  writeFileSync(path, `a,b\n${'1.5,some words\n'.repeat(300_000)}`);
  for (let turns = 0; turns < 60; turns += 4) {
    const abort = new AbortController();
    const reading = expect(readTableFile(path, abort.signal)).rejects.toThrow('enough');
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    abort.abort(new Error('enough'));
    await reading;
    await expect(readTableFile(path, abort.signal)).rejects.toThrow('enough');
  }
  expect((await readTableFile(path, new AbortController().signal)).rowCount).toBe(300_000);
});
