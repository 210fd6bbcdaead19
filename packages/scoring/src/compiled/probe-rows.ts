/** Rows to compare two evaluations of a model on: typical ones, unseen categories, missing values, extremes; always the same ones. */
import type { ColumnSignature, ColumnType, Signature } from '@malachite/onnx';

/** @returns column name -> values */
export function probeColumns(signature: Signature, rows: number): Map<string, unknown[]> {
  const random = generator(20260101);
  const columns = new Map<string, unknown[]>();
  for (const input of signature.inputs) {
    for (const column of input.columns) {
      const draw = drawer(column, column.type, input.fullDates, input.elementType, random);
      columns.set(column.name, Array.from({ length: rows }, draw));
    }
  }
  return columns;
}

type Random = () => number;

function drawer(
  { example, categories = [], nullable }: ColumnSignature,
  type: ColumnType,
  isDate: boolean,
  elementType: string,
  random: Random,
): () => unknown {
  const oneOf = (values: readonly unknown[]): unknown => values[Math.floor(random() * values.length)];
  const orMissing = (value: unknown): unknown => (nullable && random() < 0.05 ? null : value);
  if (isDate || type === 'date') return () => orMissing(dates[Math.floor(random() * dates.length)]);
  if (type === 'boolean') return () => orMissing(random() < 0.5);
  if (elementType === 'string') {
    const known = [...categories, ...(example === undefined || example === null ? [] : [example])];
    return () => orMissing(known.length > 0 && random() < 0.9 ? oneOf(known) : oneOf(unseen));
  }
  const typical = typeof example === 'number' ? example : 1;
  const isInteger = elementType !== 'float' && elementType !== 'double';
  const limit = largest[elementType] ?? 2 ** 31 - 1;
  const least = elementType.startsWith('u') ? 0 : -limit;
  return () => {
    const kind = random();
    // Around the typical value most of the time; else small whole numbers, and now and then an extreme.
    const number =
      kind < 0.6
        ? typical * (random() * 3 - 0.5)
        : kind < 0.9
          ? Math.floor(random() * 20)
          : kind < 0.97
            ? (random() - 0.5) * 1e5
            : (oneOf([least, limit, 0]) as number);
    return orMissing(isInteger ? Math.min(limit, Math.max(least, Math.round(number))) : number);
  };
}

const dates = ['2024-02-29 13:45:10', '1999-12-31 00:00:00', '2026-07-04 23:59:59', '2000-01-01 00:00:00'];
const unseen = ['', 'nan', 'NaN', 'None', 'never seen', 'Ünïcode ☃', '#', '0', '-1', '3.5', ' a b ', 'True'];
const largest: Readonly<Record<string, number>> = {
  float: 1e30,
  double: 1e30,
  int8: 127,
  uint8: 255,
  int16: 32767,
  uint16: 65535,
};

/** Mulberry32: 32 bits of state, and the same numbers on every machine. */
function generator(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
