/** `text/csv` on MLflow's `/invocations`: a header line, then a line a row; an empty value is a missing one. */
import { MalachiteError } from '@malachite/core/errors';
import type { ColumnSignature, Signature } from '@malachite/onnx';
import type { Rows } from '../model/batch.ts';
import { spelling } from '../model/columns.ts';
import { readCsv } from '../wire/read-csv.ts';

/**
 * Every value comes as the text it is; a model's column reads numbers from texts.
 *
 * @throws InvalidInput when there is no header line, or a quote is never closed
 */
export function csvRows(text: string, { inputs }: Signature): Rows {
  const [header, ...lines] = readCsv(text);
  if (header === undefined) throw new MalachiteError('InvalidInput', 'The CSV is empty; its first line should name the columns.');
  const columns = inputs.flatMap((input) => input.columns);
  const types = new Map(columns.map(({ name, type }) => [spelling(name), type]));
  const readers = header.map((name) => readerOf(types.get(spelling(name))));
  const lists = lines.map((line) => line.map((value, c) => (value === '' ? null : (readers[c] ?? asText)(value))));
  return columns.length === 0 ? { kind: 'matrix', lists } : { kind: 'lists', columns: header, lists };
}

function readerOf(type: ColumnSignature['type'] | undefined): (value: string) => unknown {
  if (type === 'integer') return asInteger;
  return type === 'boolean' ? asBoolean : asText;
}

const asText = (value: string): unknown => value;

/** pandas writes a column of integers that has missing values as `57.0`. */
function asInteger(value: string): unknown {
  return /^\s*[+-]?\d+\.0*\s*$/.test(value) ? Number(value) : value;
}

function asBoolean(value: string): unknown {
  if (/^(true|1)$/i.test(value)) return true;
  return /^(false|0)$/i.test(value) ? false : value;
}
