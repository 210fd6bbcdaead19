/** The `MLTable` file: which files of the folder make the table, and how they are read. */
import { type DatasetColumn, MalachiteError } from '@malachite/core';
import { parse } from 'yaml';
import { assetPath } from '../store/assets.ts';
import type { TableFormat } from './format.ts';
import type { CsvWishes } from './settle-csv.ts';

export type MLTable = {
  /** Paths inside the asset, in the order their rows come. */
  readonly paths: readonly string[];
  /** Undefined: told by the files themselves. */
  readonly format: TableFormat | undefined;
  readonly csv: CsvWishes;
  /** Applied after reading, in order. */
  readonly columnSteps: readonly ColumnStep[];
};

export type ColumnStep =
  | { readonly kind: 'keep'; readonly names: readonly string[] }
  | { readonly kind: 'drop'; readonly names: readonly string[] }
  | { readonly kind: 'convert'; readonly names: readonly string[]; readonly type: DatasetColumn['type'] };

type Yaml = Readonly<Record<string, unknown>>;

/**
 * Reads an MLTable: `paths` of kinds file, folder and pattern; `read_delimited` (delimiter, encoding, header),
 * `read_parquet`, `read_json_lines`, `keep_columns`, `drop_columns`, `convert_column_types`. What is none of these is refused
 * by name, because leaving it out would train on other data than was meant.
 *
 * @param text the YAML
 * @param files the paths of all files of the asset
 * @see https://learn.microsoft.com/azure/machine-learning/reference-yaml-mltable
 */
export function parseMLTable(text: string, files: readonly string[]): MLTable {
  const document = asMap(parseYaml(text), 'the file');
  const listed = asList(document.paths, 'paths').flatMap((entry) => matching(asMap(entry, 'paths'), files));
  if (listed.length === 0) throw invalid('paths names no file that was uploaded with it');
  let table: MLTable = { paths: [...new Set(listed)], format: undefined, csv: {}, columnSteps: [] };
  for (const entry of asList(document.transformations ?? [], 'transformations')) {
    const [name, value] = typeof entry === 'string' ? [entry, {}] : (Object.entries(asMap(entry, 'transformations'))[0] ?? []);
    const read = transformations[name ?? ''];
    if (!read) throw notUnderstood(`transformation "${name}"`, Object.keys(transformations));
    table = read(table, value);
  }
  return table;
}

const transformations: Readonly<Record<string, (table: MLTable, value: unknown) => MLTable>> = {
  read_delimited: (table, value) => ({ ...table, format: 'csv', csv: csvWishes(asMap(value ?? {}, 'read_delimited')) }),
  read_parquet: (table) => ({ ...table, format: 'parquet' }),
  read_json_lines: (table) => ({ ...table, format: 'jsonl' }),
  keep_columns: (table, value) => withStep(table, { kind: 'keep', names: namesOf(value) }),
  drop_columns: (table, value) => withStep(table, { kind: 'drop', names: namesOf(value) }),
  convert_column_types: (table, value) =>
    asList(value, 'convert_column_types').reduce<MLTable>((before, entry) => {
      const { columns, column_type: type } = asMap(entry, 'convert_column_types');
      return withStep(before, { kind: 'convert', names: namesOf(columns), type: convertedType(type) });
    }, table),
};

const withStep = (table: MLTable, step: ColumnStep): MLTable => ({ ...table, columnSteps: [...table.columnSteps, step] });

const types: Readonly<Record<string, DatasetColumn['type']>> = {
  int: 'integer',
  float: 'number',
  string: 'string',
  boolean: 'boolean',
  datetime: 'timestamp',
};

/** `float`, or `{datetime: {…}}`; the formats of a datetime are found out from the data. */
function convertedType(value: unknown): DatasetColumn['type'] {
  const name = typeof value === 'string' ? value : Object.keys(asMap(value, 'column_type'))[0];
  const type = types[name ?? ''];
  if (!type) throw notUnderstood(`column_type "${name}"`, Object.keys(types));
  return type;
}

/** Settings that change nothing here: types are always inferred, quoted line breaks always understood. */
const harmless = new Set([
  'infer_column_types',
  'support_multi_line',
  'include_path_column',
  'empty_as_string',
  'partition_size',
]);
const headers: Readonly<Record<string, boolean>> = {
  all_files_same_headers: true,
  from_first_file: true,
  all_files_different_headers: true,
  no_header: false,
};
const encodings: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  utf8bom: 'utf-8',
  ascii: 'utf-8',
  utf16: 'utf-16',
  latin1: 'latin-1',
  iso88591: 'latin-1',
  windows1252: 'latin-1',
};

function csvWishes(settings: Yaml): CsvWishes {
  const wishes: { delim?: string; header?: boolean; encoding?: string } = {};
  for (const [name, value] of Object.entries(settings)) {
    if (name === 'delimiter' && typeof value === 'string') wishes.delim = value;
    else if (name === 'header') {
      const header = typeof value === 'boolean' ? value : headers[String(value)];
      if (header === undefined) throw notUnderstood(`header "${value}"`, Object.keys(headers));
      wishes.header = header;
    } else if (name === 'encoding') {
      const encoding = encodings[String(value).toLowerCase().replace(/[-_]/g, '')];
      if (!encoding) throw notUnderstood(`encoding "${value}"`, Object.keys(encodings));
      if (encoding !== 'utf-8') wishes.encoding = encoding;
    } else if (!harmless.has(name) || (value === true && /^(include_path_column|empty_as_string)$/.test(name))) {
      throw notUnderstood(`read_delimited setting "${name}: ${value}"`, ['delimiter', 'encoding', 'header']);
    }
  }
  return wishes;
}

/** The files of the asset that one entry of `paths` stands for, sorted. */
function matching(entry: Yaml, files: readonly string[]): string[] {
  const [kind, value] = Object.entries(entry)[0] ?? [];
  if (typeof value !== 'string' || !kind || !['file', 'folder', 'pattern'].includes(kind)) {
    throw notUnderstood(`entry of paths "${kind}"`, ['file', 'folder', 'pattern']);
  }
  if (/^[a-z]+:\/\//i.test(value)) {
    throw new MalachiteError(
      'NotSupported',
      `MLTable: "${value}" lies elsewhere. Put the file into the folder and name it relatively.`,
    );
  }
  const data = files.filter((file) => file !== 'MLTable').sort();
  if (kind === 'folder') {
    const folder = /^\.?\/?$/.test(value) ? '' : `${assetPath(value)}/`;
    return data.filter((file) => file.startsWith(folder));
  }
  const path = assetPath(value);
  if (kind === 'pattern') return data.filter((file) => globPattern(path).test(file));
  if (!data.includes(path)) throw invalid(`the file "${value}" was not uploaded with it`);
  return [path];
}

/** `*` and `?` stay inside a folder, `**` crosses folders. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, (part) => {
    if (part.startsWith('**')) return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 });
  } catch (error) {
    throw invalid(`it is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

function asMap(value: unknown, where: string): Yaml {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Yaml;
  throw invalid(`${where} is no mapping`);
}

function asList(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`"${where}" is no list`);
}

function namesOf(value: unknown): readonly string[] {
  const names = typeof value === 'string' ? [value] : value;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw invalid('columns are named by a text or a list of texts');
}

const invalid = (sentence: string) => new MalachiteError('InvalidInput', `MLTable: ${sentence}.`);
const notUnderstood = (what: string, understood: readonly string[]) =>
  invalid(`the ${what} is not understood. Understood: ${understood.join(', ')}`);
