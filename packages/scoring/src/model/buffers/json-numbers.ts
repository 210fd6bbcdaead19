/** JSON values as numbers, by NumPy's rules. */

export const LEAST_INT64 = -(2n ** 63n);
const LARGEST_INT64 = 2n ** 63n - 1n;

/** What NumPy's `astype(int64)` makes of it: fractions are cut, text must spell an integer, booleans are 0 and 1. */
export function asInteger(value: unknown): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  // Beyond 2^53 a number has lost digits of the text it was read from: those come as bigints.
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? BigInt(Math.trunc(value)) : undefined;
  if (typeof value === 'bigint') return inInt64(value);
  if (typeof value === 'string' && /^\s*[+-]?\d{1,19}\s*$/.test(value)) return inInt64(BigInt(value.trim().replace('+', '')));
  return undefined;
}

function inInt64(value: bigint): bigint | undefined {
  return value >= LEAST_INT64 && value <= LARGEST_INT64 ? value : undefined;
}

/** What NumPy's `astype(float)` makes of it; null is NaN, as pandas reads it. */
export function asFloat(value: unknown): number | undefined {
  if (value === null) return Number.NaN;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf|infinity|nan)\s*$/i.test(value))
    return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  if (/nan/i.test(value)) return Number.NaN;
  return value.trim().startsWith('-') ? -Infinity : Infinity;
}
