/** Columns that hold the same as an earlier one in every row. */
import type { Column } from '../table/table.ts';

/** @returns the name of each duplicate and of the earlier column that it repeats. */
export function duplicateColumns(columns: readonly Column[]): Map<string, string> {
  const seen = new Map<number, Column[]>();
  const duplicates = new Map<string, string>();
  for (const column of columns) {
    const hash = hashOf(column);
    const alike = seen.get(hash) ?? [];
    const earlier = alike.find((candidate) => holdsSame(candidate, column));
    if (earlier !== undefined) duplicates.set(column.name, earlier.name);
    else seen.set(hash, [...alike, column]);
  }
  return duplicates;
}

/** 32 bits of what the column holds; columns of the same content have the same. */
function hashOf(column: Column): number {
  const words =
    column.kind === 'numeric'
      ? new Int32Array(column.values.buffer, column.values.byteOffset, 2 * column.values.length)
      : column.codes;
  let hash = column.kind === 'numeric' ? 1 : 2;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ (words[i] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Text columns from one source number their values alike: in the order of first appearance. */
function holdsSame(a: Column, b: Column): boolean {
  if (a.kind === 'numeric') {
    if (b.kind !== 'numeric') return false;
    for (let row = 0; row < a.values.length; row++) if (!Object.is(a.values[row], b.values[row])) return false;
    return true;
  }
  if (b.kind !== 'string') return false;
  for (let row = 0; row < a.codes.length; row++) {
    const code = a.codes[row] as number;
    if (code !== b.codes[row] || (code >= 0 && a.dictionary[code] !== b.dictionary[code])) return false;
  }
  return true;
}
