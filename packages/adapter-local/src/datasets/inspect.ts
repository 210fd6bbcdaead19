/** From stored files to a dataset's format, columns and reading. */
import { type Dataset, MalachiteError } from '@malachite/core';
import type { StoredFile } from '../store/assets.ts';
import type { Blobs } from '../store/blobs.ts';
import { withDuckDB } from './duckdb.ts';
import { extensionOf, type Format, fileHead, type TableFormat } from './format.ts';
import { type ColumnStep, type MLTable, parseMLTable } from './mltable.ts';
import { duckdbTypeOf, type Reading } from './reading.ts';
import { countRows, type NamedFile, settleReading } from './settle.ts';

export type Inspection =
  | { readonly format: 'binary'; readonly reading: null; readonly rowCount: null }
  | { readonly format: TableFormat; readonly reading: Reading; readonly rowCount: number };

const binary: Inspection = { format: 'binary', reading: null, rowCount: null };

/**
 * What the files hold. A `uri_folder` whose files are not all of one tabular format is binary, and so is a file that does
 * not say it is a table and cannot be read as one; a `.csv`, `.parquet` or `.jsonl` that cannot be read is `InvalidInput`.
 */
export async function inspectFiles(blobs: Blobs, type: Dataset['type'], files: readonly StoredFile[]): Promise<Inspection> {
  const named = (list: readonly StoredFile[]): NamedFile[] =>
    list.map(({ path, sha256 }) => ({ name: path, path: blobs.path(sha256) }));
  if (type === 'mltable') return inspectMLTable(blobs, files, named);
  const data = type === 'uri_folder' ? files.filter(({ path }) => !isMarkerFile(path)) : files;
  const format = await commonFormat(named(data));
  if (format === 'binary') return binary;
  try {
    return await settled(named(data), format);
  } catch (error) {
    const claims = data.every(({ path }) =>
      /^(csv|tsv|parquet|jsonl|ndjson)$/.test(extensionOf(path.replace(/\.(gz|zst)$/i, ''))),
    );
    if (claims || !(error instanceof MalachiteError)) throw error;
    return binary;
  }
}

async function inspectMLTable(
  blobs: Blobs,
  files: readonly StoredFile[],
  named: (list: readonly StoredFile[]) => NamedFile[],
): Promise<Inspection> {
  const description = files.find(({ path }) => path === 'MLTable');
  if (!description) {
    throw new MalachiteError('InvalidInput', 'A dataset of type mltable needs a file named "MLTable" at its top.');
  }
  const text = new TextDecoder().decode(await blobs.read(description.sha256));
  const table = parseMLTable(
    text,
    files.map(({ path }) => path),
  );
  const byPath = new Map(files.map((file) => [file.path, file]));
  const data = named(table.paths.map((path) => byPath.get(path) as StoredFile));
  const format = table.format ?? (await commonFormat(data));
  if (format === 'binary') {
    throw new MalachiteError(
      'InvalidInput',
      'MLTable: its files are not all CSV, all Parquet or all JSON lines. Name a read_… transformation.',
    );
  }
  return settled(data, format, table);
}

async function settled(files: readonly NamedFile[], format: TableFormat, table?: MLTable): Promise<Inspection> {
  return withDuckDB(async (connection) => {
    const read = await settleReading(connection, files, format, table?.csv);
    const reading = (table?.columnSteps ?? []).reduce(applied, read);
    return { format, reading, rowCount: await countRows(connection, reading) };
  });
}

function applied(reading: Reading, step: ColumnStep): Reading {
  const names = new Set(step.names);
  const unknown = step.names.find((name) => !reading.columns.some((column) => column.name === name));
  if (unknown !== undefined) {
    const there = reading.columns.map((column) => column.name).join(', ');
    throw new MalachiteError('InvalidInput', `MLTable: there is no column "${unknown}". Columns: ${there}.`);
  }
  if (step.kind === 'keep') return { ...reading, columns: reading.columns.filter(({ name }) => names.has(name)) };
  if (step.kind === 'drop') return { ...reading, columns: reading.columns.filter(({ name }) => !names.has(name)) };
  const columns = reading.columns.map((column) => (names.has(column.name) ? { ...column, type: step.type } : column));
  if (reading.format !== 'csv' || step.type !== 'string') return { ...reading, columns };
  // A CSV column that shall be text is read as the text that stands there: 1.50 stays 1.50.
  const sources = reading.sources.map((source) => ({
    ...source,
    columns: source.columns.map((column) => (names.has(column.name) ? { ...column, duckdbType: duckdbTypeOf.string } : column)),
  }));
  return { ...reading, columns, sources };
}

async function commonFormat(files: readonly NamedFile[]): Promise<Format> {
  const formats = new Set<Format>();
  for (const { name, path } of files) formats.add((await fileHead(name, path)).format);
  const [only] = formats;
  return formats.size === 1 && only ? only : 'binary';
}

/** `_SUCCESS`, `.part-0.crc` and the like, which Spark leaves beside its data. */
function isMarkerFile(path: string): boolean {
  return /^[._]/.test(path.split('/').at(-1) ?? '');
}
