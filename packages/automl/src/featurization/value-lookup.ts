/** A number looked up for each value of a column. */
import type { Column } from '../table/table.ts';

/**
 * @param keys values, none of them missing: texts, or float32 numbers of a number column; `numbers` has one for each.
 * @param missing for rows without a value; `unseen` for values that are no key.
 * @param out one number a row.
 */
export function lookedUp(
  column: Column,
  keys: readonly (string | number)[],
  numbers: Float32Array,
  missing: number,
  unseen: number,
  out: Float32Array,
): void {
  const indexOf = new Map<string | number, number>(keys.map((key, i) => [key, i]));
  const numberOf = (value: string | number): number => {
    const index = indexOf.get(value);
    return index === undefined ? unseen : (numbers[index] as number);
  };
  if (column.kind === 'numeric') {
    for (let row = 0; row < out.length; row++) {
      const value = Math.fround(column.values[row] as number);
      out[row] = Number.isNaN(value) ? missing : numberOf(value);
    }
    return;
  }
  const ofEntry = Float32Array.from(column.dictionary, (text) => (text === '' ? missing : numberOf(text)));
  for (let row = 0; row < out.length; row++) {
    const entry = column.codes[row] as number;
    out[row] = entry < 0 ? missing : (ofEntry[entry] as number);
  }
}
