/** Finds a CSV file's dialect with DuckDB's sniffer, which looks at all of it, and refuses what is no regular table. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { MalachiteError } from '@malachite/core';
import { fileLiteral, literal, rowsOf } from './duckdb.ts';
import type { FileHead } from './format.ts';
import { headerOf } from './header-names.ts';

/** Named arguments of DuckDB's `read_csv`. */
export type CsvOptions = Record<string, string | number | boolean>;

export type Sniffed = {
  readonly Delimiter: string;
  readonly Quote: string;
  readonly Escape: string;
  readonly NewLineDelimiter: string;
  readonly SkipRows: number;
  readonly HasHeader: boolean;
  readonly Columns: readonly { readonly name: string; readonly type: string }[];
  readonly DateFormat: string | null;
  readonly TimestampFormat: string | null;
};

type File = { readonly path: string; readonly name: string };

/** @param options What is known of the file; what had to be found out is added. */
export async function sniffCsv(connection: DuckDBConnection, file: File, options: CsvOptions, head: FileHead): Promise<Sniffed> {
  return sniffDecimals(connection, file, options, await sniffSeparated(connection, file, options, head), head);
}

/** Decimal commas look to the sniffer like separators; what fits no line of the file as commas may be a table as semicolons. */
async function sniffSeparated(connection: DuckDBConnection, file: File, options: CsvOptions, head: FileHead): Promise<Sniffed> {
  const sniffed = await sniff(connection, file, options, head);
  if (options.delim !== undefined || irregularity(sniffed, head) === undefined) return sniffed;
  const separated = await sniff(connection, file, { ...options, delim: ';' }, head).catch(() => undefined);
  return separated && separated.Columns.length > 1 && irregularity(separated, head) === undefined ? separated : sniffed;
}

/** Takes the comma for the decimal point, which `options` has then, unless numbers with a point stand in the file. */
async function sniffDecimals(
  connection: DuckDBConnection,
  file: File,
  options: CsvOptions,
  sniffed: Sniffed,
  head: FileHead,
): Promise<Sniffed> {
  const isNumber = ({ type }: { type: string } = { type: '' }) => type === 'DOUBLE' || type === 'BIGINT';
  if (sniffed.Delimiter !== ';' || sniffed.Columns.every(isNumber)) return sniffed;
  const withComma = { ...options, delim: ';', decimal_separator: ',' };
  const resniffed = await sniff(connection, file, withComma, head).catch(() => sniffed);
  if (sniffed.Columns.some((column, i) => isNumber(column) && !isNumber(resniffed.Columns[i]))) return sniffed;
  Object.assign(options, withComma);
  return resniffed;
}

/**
 * Tries as it is; as Latin-1 when the bytes are no UTF-8; with CR LF as the only end of lines, because a lone LF in a quoted name of
 * the header confuses the sniffer; lenient about quotes.
 */
async function sniff(connection: DuckDBConnection, file: File, options: CsvOptions, head: FileHead): Promise<Sniffed> {
  try {
    return await attempt(connection, file, options);
  } catch (error) {
    const { message } = error as Error;
    if (/not utf-8 encoded/i.test(message) && options.encoding === undefined) {
      options.encoding = 'latin-1';
      return sniff(connection, file, options, head);
    }
    if (/not latin-1 encoded/i.test(message)) {
      throw new MalachiteError(
        'InvalidInput',
        `"${file.name}" is neither UTF-8 nor Latin-1; it may be Windows-1252, which Excel writes. Save it as UTF-8 (in Excel: "CSV UTF-8").`,
      );
    }
    if (head.hasCrLf && options.new_line === undefined) {
      const separated = { ...options, new_line: '\\r\\n' };
      const sniffed = await attempt(connection, file, separated).catch(() => undefined);
      if (sniffed) {
        Object.assign(options, separated);
        return sniffed;
      }
    }
    if (options.strict_mode === undefined) {
      options.strict_mode = false;
      return sniff(connection, file, options, head);
    }
    throw error;
  }
}

async function attempt(connection: DuckDBConnection, file: File, options: CsvOptions): Promise<Sniffed> {
  const args = Object.entries(options).map(([name, value]) => `${name} = ${typeof value === 'string' ? literal(value) : value}`);
  const types = "auto_type_candidates = ['BIGINT', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR']";
  const rows = await rowsOf<Sniffed>(
    connection,
    `SELECT * FROM sniff_csv(${[fileLiteral(file.path), 'sample_size = -1', types, ...args].join(', ')})`,
  );
  return rows[0] as Sniffed;
}

/** The sniffer's answer as arguments of `read_csv`. */
export function dialect(sniffed: Sniffed) {
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

type Irregularity = { readonly where: string; readonly delimiter: string };

/** The sniffer drops leading lines of another width, and takes a ragged file for one wide column. Undefined when every line fits. */
function irregularity(sniffed: Sniffed, { leadingComments }: FileHead): Irregularity | undefined {
  const only = sniffed.Columns.length === 1 ? sniffed.Columns[0]?.name : undefined;
  const inName = /[,;\t|]/.exec(only ?? '')?.[0];
  if (sniffed.SkipRows > leadingComments) {
    return { where: `line ${sniffed.SkipRows} or one before it`, delimiter: inName ?? sniffed.Delimiter };
  }
  return inName === undefined ? undefined : { where: 'some line', delimiter: inName };
}

/** @throws MalachiteError `InvalidInput` that says which line has how many values. */
export async function mustBeRegular(
  connection: DuckDBConnection,
  file: File,
  options: CsvOptions,
  sniffed: Sniffed,
  head: FileHead,
): Promise<void> {
  const found = irregularity(sniffed, head);
  if (found === undefined) return;
  const separated = `separated by ${found.delimiter === '\t' ? 'tabs' : `"${found.delimiter}"`}`;
  const line = await firstMisfit(connection, file, options, found.delimiter, head);
  const what = line
    ? `line ${line.number} has ${line.values} ${line.values === 1 ? 'value' : 'values'}, ${separated}, and the first line has ${line.expected}`
    : `${found.where} has another number of values, ${separated}, than the lines after it`;
  throw new MalachiteError(
    'InvalidInput',
    `"${file.name}" is no regular table: ${what}. Give every line as many values as the header has names.`,
  );
}

type Misfit = { readonly number: number; readonly values: number; readonly expected: number };

/** The first line of another width than the first: DuckDB finds it when it reads the file as texts. */
async function firstMisfit(
  connection: DuckDBConnection,
  { path }: File,
  { compression, encoding }: CsvOptions,
  delim: string,
  { leadingComments: skip }: FileHead,
): Promise<Misfit | undefined> {
  const usual = { delim, quote: '"', escape: '"', skip };
  const packed = { compression: String(compression), encoding: String(encoding ?? 'utf-8') };
  const header = await headerOf(connection, { path, ...packed }, usual);
  if (header === undefined) return undefined;
  const columns = header.map((_, i) => `c${i}: 'VARCHAR'`).join(', ');
  const args = Object.entries({ ...usual, ...packed }).map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? literal(value) : value}`,
  );
  const sql = `SELECT count(c0) FROM read_csv(${fileLiteral(path)}, auto_detect = false, header = true, ${args.join(', ')}, columns = {${columns}})`;
  const said = await rowsOf(connection, sql).then(
    () => '',
    (error: Error) => error.message,
  );
  const [, number, expected, values] =
    /CSV Error on Line: (\d+)[\s\S]*Expected Number of Columns: (\d+) Found: (\d+)/.exec(said) ?? [];
  return number === undefined ? undefined : { number: Number(number), values: Number(values), expected: Number(expected) };
}
