/** Settles how one CSV file is read: dialect, encoding, header and the type of every column, from the whole file. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { MalachiteError } from '@malachite/core';
import { fileLiteral, identifier, literal, rowsOf } from './duckdb.ts';
import type { FileHead } from './format.ts';
import { renamedColumns } from './header-names.ts';
import { columnTypeOf, missingMarkers, numberOf, relation, type Source, type SourceColumn } from './reading.ts';

/** What the person who made the data said about it; the rest is found out. */
export type CsvWishes = { readonly delim?: string; readonly header?: boolean; readonly encoding?: string };

/** Named arguments of DuckDB's `read_csv`. */
type CsvOptions = Record<string, string | number | boolean>;

type Sniffed = {
  Delimiter: string;
  Quote: string;
  Escape: string;
  NewLineDelimiter: string;
  SkipRows: number;
  HasHeader: boolean;
  Columns: { name: string; type: string }[];
  DateFormat: string | null;
  TimestampFormat: string | null;
};

/**
 * DuckDB's sniffer over all rows, with our own rules for what it gets wrong for learning:
 * - only `true` and `false` make a boolean (the sniffer also takes yes, no, t, f; they are labels here);
 * - numbers among which stand markers such as `?` or `NA` are numbers with missing values, `inf` is missing too; `01234` stays text;
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

  const sniffed = await sniffDecimals(connection, file, options, await sniffSeparated(connection, file, options, head));
  const spoken = dialect(sniffed);
  const columns = sniffed.Columns.map(({ name, type }) => ({ name, duckdbType: type, type: columnTypeOf(type) }));
  mustBeRegular(file.name, sniffed, head);
  const read = await withBetterTypes(connection, { ...file, options: { ...options, ...spoken }, columns });
  if (!sniffed.HasHeader) return read;
  const { compression } = head;
  const encoding = String(options.encoding ?? 'utf-8');
  const names = columns.map(({ name }) => name);
  const notes = await renamedColumns(connection, { path: file.path, compression, encoding }, spoken, names);
  return notes.length === 0 ? read : { ...read, notes };
}

/** Decimal commas look to the sniffer like separators; what fits no line of the file as commas may be a table as semicolons. */
async function sniffSeparated(
  connection: DuckDBConnection,
  file: { readonly path: string; readonly name: string },
  options: CsvOptions,
  head: FileHead,
): Promise<Sniffed> {
  const sniffed = await sniff(connection, file, options);
  if (options.delim !== undefined || irregularity(sniffed, head) === undefined) return sniffed;
  const separated = await sniff(connection, file, { ...options, delim: ';' }).catch(() => undefined);
  return separated && separated.Columns.length > 1 && irregularity(separated, head) === undefined ? separated : sniffed;
}

/** Takes the comma for the decimal point, which `options` has then, unless numbers with a point stand in the file. */
async function sniffDecimals(
  connection: DuckDBConnection,
  file: { readonly path: string; readonly name: string },
  options: CsvOptions,
  sniffed: Sniffed,
): Promise<Sniffed> {
  const isNumber = ({ type }: { type: string } = { type: '' }) => type === 'DOUBLE' || type === 'BIGINT';
  if (sniffed.Delimiter !== ';' || sniffed.Columns.every(isNumber)) return sniffed;
  const withComma = { ...options, delim: ';', decimal_separator: ',' };
  const resniffed = await sniff(connection, file, withComma).catch(() => sniffed);
  if (sniffed.Columns.some((column, i) => isNumber(column) && !isNumber(resniffed.Columns[i]))) return sniffed;
  Object.assign(options, withComma);
  return resniffed;
}

/** Tries as it is, then as Latin-1 when the bytes are no UTF-8, then lenient about quotes. */
async function sniff(
  connection: DuckDBConnection,
  file: { readonly path: string; readonly name: string },
  options: CsvOptions,
): Promise<Sniffed> {
  const attempt = async () => {
    const args = Object.entries(options).map(
      ([name, value]) => `${name} = ${typeof value === 'string' ? literal(value) : value}`,
    );
    const types = "auto_type_candidates = ['BIGINT', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR']";
    const rows = await rowsOf<Sniffed>(
      connection,
      `SELECT * FROM sniff_csv(${[fileLiteral(file.path), 'sample_size = -1', types, ...args].join(', ')})`,
    );
    return rows[0] as Sniffed;
  };
  try {
    return await attempt();
  } catch (error) {
    if (/unicode|utf-8/i.test((error as Error).message) && options.encoding === undefined) {
      options.encoding = 'latin-1';
      return sniff(connection, file, options);
    }
    if (options.strict_mode === undefined) {
      options.strict_mode = false;
      return sniff(connection, file, options);
    }
    throw error;
  }
}

function dialect(sniffed: Sniffed) {
  const given = (text: string) => (text === '(empty)' ? '' : text);
  return {
    delim: given(sniffed.Delimiter),
    quote: given(sniffed.Quote),
    escape: given(sniffed.Escape),
    skip: sniffed.SkipRows,
    header: sniffed.HasHeader,
    ...(sniffed.DateFormat ? { dateformat: sniffed.DateFormat } : {}),
    ...(sniffed.TimestampFormat ? { timestampformat: sniffed.TimestampFormat } : {}),
  };
}

/**
 * The sniffer drops leading lines of another width, and takes a ragged file for one wide column; we say so instead.
 * @returns which line does not fit and what separates the values, or undefined when every line fits
 */
function irregularity(sniffed: Sniffed, { leadingComments }: FileHead): { where: string; delimiter: string } | undefined {
  const only = sniffed.Columns.length === 1 ? sniffed.Columns[0]?.name : undefined;
  const inName = /[,;\t|]/.exec(only ?? '')?.[0];
  if (sniffed.SkipRows > leadingComments) {
    return { where: `line ${sniffed.SkipRows} or one before it`, delimiter: inName ?? sniffed.Delimiter };
  }
  return inName === undefined ? undefined : { where: 'some line', delimiter: inName };
}

function mustBeRegular(name: string, sniffed: Sniffed, head: FileHead): void {
  const found = irregularity(sniffed, head);
  if (found === undefined) return;
  const delimiter = found.delimiter === '\t' ? 'tabs' : `"${found.delimiter}"`;
  throw new MalachiteError(
    'InvalidInput',
    `"${name}" is no regular table: ${found.where} has another number of values, separated by ${delimiter}, than the lines after it. Give every line as many values as the header has names.`,
  );
}

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
