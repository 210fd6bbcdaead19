/** How a result is printed: `-o json|table|yaml|tsv|none`, after `--query`. */
import { MalachiteError } from '@malachite/core/errors';
import jmespath from 'jmespath';
import { stringify } from 'yaml';
import type { Command } from './command.ts';
import { snakeKeys } from './snake-keys.ts';
import { type Cell, renderTable } from './table.ts';

export const outputFormats = ['json', 'table', 'yaml', 'tsv', 'none'] as const;
export type OutputFormat = (typeof outputFormats)[number];

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

type Print = { readonly format: OutputFormat; readonly query: string | undefined; readonly command: Command };

/** The text for stdout; empty when there is nothing to print. */
export function renderResult(result: unknown, { format, query, command }: Print): string {
  if (result === undefined || format === 'none') return '';
  if (format === 'table' && query === undefined && command.text) return `${command.text(result as never).trimEnd()}\n`;
  const plain = JSON.parse(JSON.stringify(command.data ? command.data(result as never) : result)) as Json;
  const named = (command.camelCase ? plain : snakeKeys(plain)) as Json;
  const value = query === undefined ? named : search(named, query);
  switch (format) {
    case 'json':
      return `${JSON.stringify(value, null, 2)}\n`;
    case 'yaml':
      return stringify(value);
    case 'tsv':
      return `${rowsOf(value)
        .map((row) => row.map(tsvCell).join('\t'))
        .join('\n')}\n`;
    case 'table':
      return `${tableOf(value, query === undefined ? command.columns : undefined)}\n`;
  }
}

function search(value: Json, query: string): Json {
  try {
    return jmespath.search(value, query) as Json;
  } catch (error) {
    throw new MalachiteError('InvalidInput', `--query "${query}" is no JMESPath expression: ${(error as Error).message}.`);
  }
}

function tableOf(value: Json, columns: readonly string[] | undefined): string {
  if (isRows(value))
    return renderTable(
      value.columns.map((column) => column.name),
      value.rows,
    );
  if (typeof value !== 'object' || value === null) return String(value);
  const records: Json[] = Array.isArray(value) ? value : [value];
  if (records.length > 0 && !records.every((record) => typeof record === 'object' && record !== null && !Array.isArray(record))) {
    return records.map((record) => (Array.isArray(record) ? record.map(scalar).join('  ') : scalar(record))).join('\n');
  }
  const chosen = columns ?? scalarFields(records);
  return renderTable(
    chosen.map((column) => column.split('.').at(-1) as string),
    records.map((record) => chosen.map((column) => scalar(search(record, column)))),
  );
}

/** The fields that hold a single value in some record, in order of appearance. */
function scalarFields(records: readonly Json[]): string[] {
  const names = new Set<string>();
  for (const record of records) {
    for (const [name, field] of Object.entries(record as Record<string, Json>)) {
      if (typeof field !== 'object' && /^\w+$/.test(name)) names.add(name);
    }
  }
  return [...names];
}

/** A table as core answers it: preview, SQL, KQL. */
function isRows(value: Json): value is { columns: { name: string }[]; rows: (string | number | boolean | null)[][] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Array.isArray(value.columns) &&
    Array.isArray(value.rows)
  );
}

function rowsOf(value: Json): Json[][] {
  if (isRows(value)) return value.rows;
  const records = Array.isArray(value) ? value : [value];
  return records.map((record) => {
    if (Array.isArray(record)) return record;
    return typeof record === 'object' && record !== null ? Object.values(record) : [record];
  });
}

function scalar(value: Json): Cell {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function tsvCell(value: Json): string {
  return value === null ? '' : String(scalar(value)).replaceAll(/[\t\n]/g, ' ');
}
