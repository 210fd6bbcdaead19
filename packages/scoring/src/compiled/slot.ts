/** The values of a graph while a block of rows is evaluated: columns by their place, so that picking and joining columns moves nothing. */
import { elementTypeName, type TensorProto, tensorValues } from '@malachite/onnx';
import type { Heap } from './heap.ts';
import { Unsupported } from './unsupported.ts';

export type ValueType = 'float' | 'double' | 'integer' | 'boolean' | 'text';

export interface Slot<T extends ValueType = ValueType> {
  readonly type: T;
  /** Values a row; for a constant, values in all. */
  readonly width: number;
  /** Where each column begins in the heap's array of that type. Several slots may share a column: nothing writes to another's. */
  readonly columns: readonly number[];
  /** Absent for what differs from row to row. */
  readonly constant?: Constant;
}

export interface Constant {
  readonly values: readonly (number | string)[];
  readonly dims: readonly number[];
}

export type FloatSlot = Slot<'float'>;
export type TextSlot = Slot<'text'>;
export type NumberSlot = Slot<'float' | 'double' | 'integer' | 'boolean'>;

/** The values of any type, for loops that only move them. */
export type Values = Record<number, number | string>;

/** @throws Unsupported for element types that are not compiled */
export function typeOf(elementType: string | undefined): ValueType {
  switch (elementType) {
    case 'float':
      return 'float';
    case 'double':
      return 'double';
    case 'int64':
    case 'int32':
      return 'integer';
    case 'bool':
      return 'boolean';
    case 'string':
      return 'text';
    default:
      throw new Unsupported(`values of type ${elementType}`);
  }
}

/** Columns are made only for a constant that takes part row by row. @throws Unsupported for other types, and for integers beyond 2^53 */
export function constantSlot(tensor: TensorProto, heap: Heap): Slot {
  // First the type: values of exotic types cannot even be read.
  const type = typeOf(elementTypeName(tensor.dataType));
  const given = tensorValues(tensor);
  const values = type === 'text' ? given.map(String) : given.map(exact);
  let columns: readonly number[] | undefined;
  return {
    type,
    width: values.length,
    get columns() {
      columns ??= heap.filled(type, values);
      return columns;
    },
    constant: { values, dims: tensor.dims.map(Number) },
  };
}

/** What stands for a missing integer in exports; a power of two, so exact as a double. */
export const SMALLEST_INT64 = -(2 ** 63);

/** @throws Unsupported for an integer that a double does not hold */
export function exact(value: number | bigint | string): number {
  const number = Number(value);
  if (typeof value === 'bigint' && BigInt(number) !== value) throw new Unsupported(`the integer ${value}`);
  return number;
}
