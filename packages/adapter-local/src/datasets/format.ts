/** What a file holds, told by its name and its first bytes. */
import { open } from 'node:fs/promises';
import type { Dataset } from '@malachite/core';

export type Format = Dataset['format'];
export type TableFormat = Exclude<Format, 'binary'>;

const byExtension: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'jsonl',
};

export type FileHead = {
  /** No byte, or nothing but blanks and line ends. */
  readonly isEmpty: boolean;
  /** A ZIP archive, as Excel's workbooks are. */
  readonly isZip: boolean;
  readonly format: Format;
  /** How the bytes are packed; DuckDB must be told, because blobs have no extension. */
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly encoding: 'utf-8' | 'utf-16' | 'utf-16be';
  /** A text by its name that has NUL bytes, which no text of ours has. */
  readonly hasNul: boolean;
  /** Somewhere in the first 64 kB a line ends as on Windows; false for a packed file. */
  readonly hasCrLf: boolean;
  /** Lines at the beginning that are blank or begin with `#`; 0 for a packed file. */
  readonly leadingComments: number;
  /** How the values stand, where the header alone tells: one of very many columns. */
  readonly dialect?: Dialect;
};

export type Dialect = { readonly delim: string; readonly quote: string; readonly escape: string };

/** In bytes. */
const headLength = 65_536;

/**
 * Looks at the first 64 kB. The content wins over the name: a `.csv` that is a Parquet file is one. A text without a
 * known extension counts as CSV when its first line has a delimiter, as JSON lines when it begins with `{`.
 *
 * @param name the file's name inside its dataset; only its extension matters
 * @param path where its bytes lie
 */
export async function fileHead(name: string, path: string): Promise<FileHead> {
  const bytes = await firstBytes(path, headLength);
  const compression = startsWith(bytes, [0x1f, 0x8b]) ? 'gzip' : startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd]) ? 'zstd' : 'none';
  const extension = extensionOf(compression === 'none' ? name : name.replace(/\.(gz|zst)$/i, ''));
  const named = byExtension[extension];
  const isZip = startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]);
  const plain = {
    isEmpty: isBlank(bytes),
    isZip,
    compression,
    encoding: 'utf-8',
    hasNul: false,
    hasCrLf: false,
    leadingComments: 0,
  } as const;

  if (startsWith(bytes, [0x50, 0x41, 0x52, 0x31])) return { ...plain, format: 'parquet' };
  if (isZip) return { ...plain, format: 'binary' };
  if (compression !== 'none') return { ...plain, format: named ?? 'binary' };
  if (startsWith(bytes, [0xff, 0xfe])) return { ...plain, encoding: 'utf-16', format: named ?? 'csv' };
  if (startsWith(bytes, [0xfe, 0xff])) return { ...plain, encoding: 'utf-16be', format: named ?? 'csv' };
  if (bytes.includes(0)) return { ...plain, hasNul: named !== undefined, format: 'binary' };
  const text = bytes.toString('latin1');
  const format = named ?? (extension === '' || extension === 'txt' || extension === 'data' ? formatOfText(text) : 'binary');
  if (format !== 'csv') return { ...plain, format };
  const comments = leadingComments(text);
  return { ...plain, format, hasCrLf: text.includes('\r\n'), leadingComments: comments, dialect: dialectOfWide(text, comments) };
}

/** Lower case, without the dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** A byte order mark is a blank, too. More than what was looked at is not searched to its end. */
function isBlank(bytes: Buffer): boolean {
  return bytes.length < headLength && bytes.toString('utf8').trim() === '';
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(count);
    const { bytesRead } = await handle.read(buffer, 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function formatOfText(text: string): Format {
  if (/^\s*\{/.test(text)) return 'jsonl';
  const firstLine = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#'));
  return firstLine !== undefined && /[,;\t|]/.test(firstLine) ? 'csv' : 'binary';
}

function leadingComments(text: string): number {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  return Math.max(first, 0);
}

/** Delimiters in a header from which on it tells the dialect: trying out every one takes DuckDB seconds on thousands of columns. */
const wideHeader = 200;

function dialectOfWide(text: string, leadingComments: number): Dialect | undefined {
  const header = text.split('\n', leadingComments + 1)[leadingComments] ?? '';
  const counts = [',', ';', '\t', '|'].map((delim) => ({ delim, count: header.split(delim).length - 1 }));
  const [first, second] = counts.sort((a, b) => b.count - a.count) as [(typeof counts)[0], (typeof counts)[0]];
  if (first.count < wideHeader || 10 * second.count > first.count) return undefined;
  // Other quotes and escapes than the usual are left to be found out.
  const isUnusual = text.includes('\\"') || text.includes(`${first.delim}'`) || text.includes(`'${first.delim}`);
  return isUnusual ? undefined : { delim: first.delim, quote: '"', escape: '"' };
}
