/** What a CSV file's own header says, where DuckDB had to change it: names that stand twice, and names that are not there. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { fileLiteral, literal, rowsOf } from './duckdb.ts';

type Dialect = { readonly delim: string; readonly quote: string; readonly escape: string; readonly skip: number };
type File = { readonly path: string; readonly compression: string; readonly encoding: string };

/** A character that is in no header: the first line is read as one value. */
const noDelimiter = '\u001f';

/**
 * A sentence for each column that is read under another name than its header has. None where the header cannot be read alone,
 * such as one with a line end in a name.
 *
 * @param names What the columns are called.
 */
export async function renamedColumns(
  connection: DuckDBConnection,
  file: File,
  dialect: Dialect,
  names: readonly string[],
): Promise<string[]> {
  const written = await headerOf(connection, file, dialect);
  if (written?.length !== names.length) return [];
  return names.flatMap((name, i) => {
    const own = (written[i] as string).trim();
    if (own === name.trim()) return [];
    return own === ''
      ? [`Column ${i + 1} has no name; it is read as "${name}".`]
      : [`Column ${i + 1} is named "${own}" like one before it (in any case of letters); it is read as "${name}".`];
  });
}

/** The values of the first line, out of their quotes; undefined where it cannot be read. */
export async function headerOf(connection: DuckDBConnection, file: File, dialect: Dialect): Promise<string[] | undefined> {
  const { path, compression, encoding } = file;
  const options = [
    "auto_detect = false, header = false, quote = '', escape = '', columns = {line: 'VARCHAR'}",
    `delim = ${literal(noDelimiter)}, skip = ${dialect.skip}`,
    `compression = ${literal(compression)}, encoding = ${literal(encoding)}`,
  ];
  const sql = `SELECT line FROM read_csv(${fileLiteral(path)}, ${options.join(', ')}) LIMIT 1`;
  const [row] = await rowsOf<{ line: string }>(connection, sql).catch(noLine);
  return row && splitLine(row.line.replace(/^\uFEFF/, ''), dialect);
}

/** DuckDB's word for bytes that are no line to it: in another encoding, longer than any line may be, or with the delimiter that is in no header. */
function noLine(error: unknown): [] {
  if (error instanceof Error && error.message.startsWith('Invalid Input Error')) return [];
  throw error;
}

/** The values of one line, out of their quotes. */
function splitLine(line: string, { delim, quote, escape: escaping }: Omit<Dialect, 'skip'>): string[] {
  const values: string[] = [];
  let value = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; ) {
    const isEscaped = isQuoted && escaping !== '' && line.startsWith(escaping + quote, at);
    if (isEscaped) {
      value += quote;
      at += escaping.length + quote.length;
    } else if (quote !== '' && line.startsWith(quote, at)) {
      isQuoted = !isQuoted;
      at += quote.length;
    } else if (!isQuoted && line.startsWith(delim, at)) {
      values.push(value);
      value = '';
      at += delim.length;
    } else value += line.charAt(at++);
  }
  return [...values, value];
}
