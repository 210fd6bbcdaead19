/** Settles how one CSV file is read: dialect, encoding, header and the type of every column, from the whole file. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { MalachiteError } from '@malachite/core';
import { identifier, literal, rowsOf } from './duckdb.ts';
import type { FileHead } from './format.ts';
import { renamedColumns } from './header-names.ts';
import { columnTypeOf, missingMarkers, numberOf, relation, type Source, type SourceColumn } from './reading.ts';
import { type CsvOptions, dialect, mustBeRegular, sniffCsv } from './sniff-csv.ts';

/** What the person who made the data said about it; the rest is found out. */
export type CsvWishes = { readonly delim?: string; readonly header?: boolean; readonly encoding?: string };

/**
 * DuckDB's sniffer over all rows, with our own rules for what it gets wrong for learning:
 * - only `true` and `false` make a boolean (the sniffer also takes yes, no, t, f; they are labels here);
 * - numbers among which stand markers such as `?` or `NA` are numbers with missing values, `inf` is one; `01234` stays text;
 * - where semicolons separate, a comma may be the decimal point (`1,23;4,50`), as in much of Europe;
 * - lines that do not fit are an error with their numbers, never skipped in silence.
 */
export async function settleCsv(
  connection: DuckDBConnection,
  file: { readonly path: string; readonly name: string },
  head: FileHead,
  wishes: CsvWishes = {},
): Promise<Source> {
  if (head.encoding === 'utf-16be') {
    throw new MalachiteError('InvalidInput', `"${file.name}" is UTF-16 with the high byte first. Save it as UTF-8.`);
  }
  const options: CsvOptions = { compression: head.compression, ...head.dialect, ...wishes };
  if (head.encoding !== 'utf-8') options.encoding = head.encoding;
  if (head.leadingComments > 0) options.skip = head.leadingComments;

  const sniffed = await sniffCsv(connection, file, options, head);
  const spoken = dialect(sniffed);
  const columns = sniffed.Columns.map(({ name, type }) => ({ name, duckdbType: type, type: columnTypeOf(type) }));
  await mustBeRegular(connection, file, options, sniffed, head);
  const read = await withBetterTypes(connection, { ...file, options: { ...options, ...spoken }, columns });
  const packed = { compression: head.compression, encoding: String(options.encoding ?? 'utf-8') };
  const names = columns.map(({ name }) => name);
  const notes = [
    ...(options.strict_mode === false ? [lenientNote(file.name)] : []),
    ...(sniffed.HasHeader ? await renamedColumns(connection, { path: file.path, ...packed }, spoken, names) : []),
  ];
  return notes.length === 0 ? read : { ...read, notes };
}

const lenientNote = (name: string): string =>
  `Quotes in "${name}" are not as RFC 4180 wants them: one inside a quoted value stands twice, and each that opens is closed. It was read as well as it could be; look at its texts.`;

type TextVerdict = { boolean: boolean | null; numeric: boolean | null; whole: boolean | null };

/** Looks at every value of the columns that may be booleans or numbers with markers; first at a few rows to find them. */
async function withBetterTypes(connection: DuckDBConnection, source: Source): Promise<Source> {
  const asText: Source = { ...source, columns: source.columns.map(textIfBooleanOrText) };
  const texts = asText.columns.filter((column) => column.duckdbType === 'VARCHAR').map((column) => column.name);
  const open = await withoutPlainTexts(connection, asText, texts);
  const promising = [...(await verdicts(connection, asText, open, 10_000))]
    .filter(([, verdict]) => verdict.boolean || verdict.numeric)
    .map(([name]) => name);
  const settled = await verdicts(connection, asText, promising);
  const columns = asText.columns.map((column): SourceColumn => {
    const verdict = settled.get(column.name);
    if (verdict?.boolean) return { ...column, duckdbType: 'BOOLEAN', type: 'boolean' };
    if (verdict?.numeric) return { ...column, type: verdict.whole ? 'integer' : 'number' };
    return column;
  });
  return { ...source, columns };
}

const textIfBooleanOrText = (column: SourceColumn): SourceColumn =>
  column.type === 'boolean' ? { ...column, duckdbType: 'VARCHAR', type: 'string' } : column;

/** A glance at so many rows leaves few columns of words to be looked at, which takes DuckDB seconds for a few thousand. */
const rowsOfGlance = 50;
const columnsOfGlance = 500;

/** The columns whose first rows hold nothing but what may be a number, a boolean, or stand for a missing one. */
async function withoutPlainTexts(connection: DuckDBConnection, source: Source, names: readonly string[]): Promise<string[]> {
  if (names.length <= columnsAtOnce) return [...names];
  const open: string[] = [];
  for (let begin = 0; begin < names.length; begin += columnsOfGlance) {
    const some = names.slice(begin, begin + columnsOfGlance);
    const asked = new Set(some);
    const rows = relation({ format: 'csv', columns: source.columns.filter(({ name }) => asked.has(name)), sources: [source] });
    const seen = await rowsOf<{ texts: (string | null)[] }>(
      connection,
      `SELECT [${some.map(identifier).join(', ')}] AS texts FROM ${rows} LIMIT ${rowsOfGlance}`,
    );
    open.push(...some.filter((_, i) => seen.every(({ texts }) => !isWord(texts[i] ?? null))));
  }
  return open;
}

const wordsThatAreMore = new Set([
  'true',
  'false',
  'inf',
  'infinity',
  'nan',
  ...missingMarkers.map((text) => text.toLowerCase()),
]);

/** Whether a value can be read as text only. */
function isWord(value: string | null): boolean {
  const text = value?.trim().toLowerCase() ?? '';
  return /^[a-z]/.test(text) && !wordsThatAreMore.has(text);
}

/** Columns that are looked at together: the time that DuckDB takes to plan a query grows with the square of its columns. */
const columnsAtOnce = 16;

async function verdicts(
  connection: DuckDBConnection,
  source: Source,
  names: readonly string[],
  limit?: number,
): Promise<Map<string, TextVerdict>> {
  const all = new Map<string, TextVerdict>();
  for (let begin = 0; begin < names.length; begin += columnsAtOnce) {
    const some = await verdictsAtOnce(connection, source, names.slice(begin, begin + columnsAtOnce), limit);
    for (const [name, verdict] of some) all.set(name, verdict);
  }
  return all;
}

async function verdictsAtOnce(
  connection: DuckDBConnection,
  source: Source,
  names: readonly string[],
  limit?: number,
): Promise<Map<string, TextVerdict>> {
  const asked = new Set(names);
  const rows = relation({ format: 'csv', columns: source.columns.filter(({ name }) => asked.has(name)), sources: [source] });
  const markers = missingMarkers.map(literal).join(', ');
  const checks = names.map((name) => {
    const value = identifier(name);
    const isMarker = `${value} IN (${markers})`;
    const isNumber = `${numberOf(value, source)} IS NOT NULL AND NOT regexp_matches(${value}, '^\\s*[+-]?0[0-9]')`;
    const isWhole = `regexp_matches(${value}, '^\\s*[+-]?[0-9]{1,18}\\s*$')`;
    // A limited look need not contain a marker, an infinity or a number yet.
    const isSpecial = `(${isMarker} OR regexp_matches(lower(${value}), '^\\s*[+-]?inf(inity)?\\s*$'))`;
    const both = limit ? 'true' : `count(*) FILTER (${isSpecial}) > 0 AND count(*) FILTER (NOT ${isSpecial}) > 0`;
    return `{'boolean': bool_and(lower(${value}) IN ('true', 'false')),
      'numeric': bool_and(${isMarker} OR (${isNumber})) AND ${both},
      'whole': bool_and(${isMarker} OR ${isWhole})}`;
  });
  const [row] = await rowsOf<{ verdicts: TextVerdict[] }>(
    connection,
    `SELECT [${checks.join(', ')}] AS verdicts FROM (SELECT * FROM ${rows}${limit ? ` LIMIT ${limit}` : ''})`,
  );
  return new Map(names.map((name, i) => [name, (row as { verdicts: TextVerdict[] }).verdicts[i] as TextVerdict]));
}
