/** Rows of models that take a tensor of more than two dimensions: `[[…], […]]`, or its values one after the other. */
import { MalachiteError } from '@malachite/core/errors';

export interface TensorRow {
  /** Sizes of the dimensions after that of the rows. */
  readonly sizes: readonly number[];
  /** In the order of memory: the last dimension varies fastest. */
  readonly values: readonly unknown[];
}

/** @throws InvalidInput naming the row when it does not have the sizes that the model takes; null is any */
export function tensorRow(row: unknown, index: number, dims: readonly (number | null)[]): TensorRow {
  const given = Array.isArray(row) ? laidOut(row) : undefined;
  if (given === undefined || given.values.length === 0) throw misshapen(index, dims, 'lists that differ in length, or none');
  const { sizes, values } = given;
  if (sizes.length === 1 && dims.length > 1) return { sizes: sizesOf(values.length, index, dims), values };
  const fits = sizes.length === dims.length && dims.every((size, i) => size === null || size === sizes[i]);
  if (!fits) throw misshapen(index, dims, `[${sizes.join(', ')}]`);
  return given;
}

/** One dimension after the other, so that lists in lists without end take no stack. @returns undefined for lists of several lengths */
function laidOut(row: readonly unknown[]): TensorRow | undefined {
  const sizes = [row.length];
  let values = row;
  while (Array.isArray(values[0])) {
    const { length } = values[0];
    if (!values.every((each) => Array.isArray(each) && each.length === length)) return undefined;
    values = values.flat();
    sizes.push(length);
  }
  return { sizes, values };
}

/** Of values one after the other: one size that is free is what is left to it, several are 1. */
function sizesOf(count: number, index: number, dims: readonly (number | null)[]): readonly number[] {
  const free = dims.filter((size) => size === null).length;
  const fixed = dims.reduce<number>((product, size) => product * (size ?? 1), 1);
  const left = free === 1 ? count / fixed : 1;
  if (!Number.isInteger(left) || fixed * left !== count) throw misshapen(index, dims, `${count} values`);
  return dims.map((size) => size ?? left);
}

function misshapen(index: number, dims: readonly (number | null)[], got: string): MalachiteError {
  const expected = dims.map((size) => size ?? 'any').join(', ');
  return new MalachiteError('InvalidInput', `Row ${index} is ${got}; expected a tensor [${expected}], as lists in lists.`);
}
