/** The values of a graph while a block of rows is evaluated: one row after the other, `width` values a row. */
import { elementTypeName, type TensorProto, tensorValues } from '@malachite/onnx';
import { Unsupported } from './unsupported.ts';

/** Rows that are evaluated together: enough to use a tree while it is in the processor's cache, few enough that all values are. */
export const BLOCK = 64;

interface Shape {
  /** Values a row; for a constant, values in all. */
  readonly width: number;
  /** The same for every row, and stored once. */
  readonly constant: boolean;
  /** The tensor's shape, for constants. */
  readonly dims?: readonly number[];
}

export interface FloatSlot extends Shape {
  readonly type: 'float';
  readonly data: Float32Array;
}
/** int64 and int32. Exact within 2^53; what is beyond never enters, but for the smallest int64 (which stands for missing). */
export interface IntegerSlot extends Shape {
  readonly type: 'integer';
  readonly data: Float64Array;
}
export interface BooleanSlot extends Shape {
  readonly type: 'boolean';
  readonly data: Uint8Array;
}
export interface TextSlot extends Shape {
  readonly type: 'text';
  readonly data: string[];
}
export type NumberSlot = FloatSlot | IntegerSlot | BooleanSlot;
export type Slot = NumberSlot | TextSlot;

/** The values of any slot, for loops that only move them. */
export type Values = Record<number, number | string>;

export const floatSlot = (width: number): FloatSlot => ({
  type: 'float',
  width,
  constant: false,
  data: new Float32Array(width * BLOCK),
});
export const integerSlot = (width: number): IntegerSlot => ({
  type: 'integer',
  width,
  constant: false,
  data: new Float64Array(width * BLOCK),
});
export const booleanSlot = (width: number): BooleanSlot => ({
  type: 'boolean',
  width,
  constant: false,
  data: new Uint8Array(width * BLOCK),
});
export const textSlot = (width: number): TextSlot => ({ type: 'text', width, constant: false, data: [] });

/** A slot for values of an ONNX element type. @throws Unsupported */
export function slotOf(elementType: string | undefined, width: number): Slot {
  switch (elementType) {
    case 'float':
      return floatSlot(width);
    case 'int64':
    case 'int32':
      return integerSlot(width);
    case 'bool':
      return booleanSlot(width);
    case 'string':
      return textSlot(width);
    default:
      throw new Unsupported(`values of type ${elementType}`);
  }
}

/** @throws Unsupported for element types that `slotOf` does not take, and for integers beyond 2^53 */
export function constantSlot(tensor: TensorProto): Slot {
  const values = tensorValues(tensor);
  const shape = { width: values.length, constant: true, dims: tensor.dims.map(Number) };
  const type = elementTypeName(tensor.dataType);
  if (type === 'string') return { ...shape, type: 'text', data: values.map(String) };
  const numbers = values.map(exact);
  if (type === 'float') return { ...shape, type: 'float', data: Float32Array.from(numbers) };
  if (type === 'bool') return { ...shape, type: 'boolean', data: Uint8Array.from(numbers) };
  if (type === 'int64' || type === 'int32') return { ...shape, type: 'integer', data: Float64Array.from(numbers) };
  throw new Unsupported(`constants of type ${type}`);
}

/** What stands for a missing integer in exports; a power of two, so exact as a double. */
export const SMALLEST_INT64 = -(2 ** 63);

/** @throws Unsupported for an integer that a double does not hold */
export function exact(value: number | bigint | string): number {
  const number = Number(value);
  if (typeof value === 'bigint' && BigInt(number) !== value) throw new Unsupported(`the integer ${value}`);
  return number;
}

/** How far the value of the next row and of the next column is; both 0 where one value serves all (broadcasting). */
export function strides(slot: Slot): { row: number; column: number } {
  return { row: slot.constant ? 0 : slot.width, column: slot.width === 1 ? 0 : 1 };
}
