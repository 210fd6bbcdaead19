/** The memory of a numeric input: a typed array that grows. Each kind of input fills it in a loop of its own, which keeps that quick. */
import type { Tensor } from 'onnxruntime-node';
import { type ElementBuffer, volume } from './element-buffer.ts';

type NumericArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

export interface TypedMemory<A extends NumericArray> extends Pick<ElementBuffer, 'grow' | 'copyRows' | 'tensor'> {
  /** Another array after each `grow`. */
  values: A;
}

export function typedMemory<A extends NumericArray>(type: Tensor.Type, allocate: (size: number) => A): TypedMemory<A> {
  const memory: TypedMemory<A> = {
    values: allocate(0),
    grow(capacity) {
      if (capacity <= memory.values.length) return;
      const larger = allocate(capacity);
      // Both are of the one type that `allocate` gives, which the compiler cannot say of a union.
      (larger.set as (values: A) => void)(memory.values);
      memory.values = larger;
    },
    copyRows: (from, to, at, width) => void memory.values.copyWithin(at * width, from * width, to * width),
    tensor(from, to, rest) {
      const width = volume(rest);
      return { type, data: memory.values.subarray(from * width, to * width), dims: [to - from, ...rest] };
    },
  };
  return memory;
}
