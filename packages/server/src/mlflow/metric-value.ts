/** Metric values, which may be what JSON has no number for. */
import { invalid } from './errors.ts';

/** Protobuf's JSON writes them as texts. */
const specials = new Map<string, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** @throws MalachiteError `InvalidInput` for what is no number. */
export function metricValue(value: unknown): number {
  if (typeof value === 'number') return value;
  const number =
    typeof value === 'string' ? (specials.get(value) ?? (value.trim() === '' ? undefined : Number(value))) : undefined;
  if (number === undefined || (Number.isNaN(number) && value !== 'NaN'))
    throw invalid(`"value" of a metric is ${JSON.stringify(value)}, no number.`);
  return number;
}

/** As two columns: SQLite has no NaN. Infinities order as numbers do. */
export function toColumns(value: number): [value: number | null, special: string | null] {
  if (Number.isNaN(value)) return [null, 'NaN'];
  if (Number.isFinite(value)) return [value, null];
  return [value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE, value > 0 ? 'Infinity' : '-Infinity'];
}

export const fromColumns = (value: number | null, special: string | null): number | string => special ?? (value as number);
