/** Room in the memory of the kernels, handed out from the beginning; a fit gives all of it back at once. */
import type { RowRange } from './kernels.ts';
import { PAGE } from './wasm-module.ts';

export type KernelRoom = {
  /** The address of so many bytes. */
  take(bytes: number): number;
  bytes(length: number): Uint8Array;
  ints(length: number): Int32Array;
  floats(length: number): Float64Array;
  singles(length: number): Float32Array;
};

/** Arrays begin where a cache line does. */
const LINE = 64;

/** Address 0, where nothing that a kernel reads lies, stands for "none". */
export function openRoom(memory: WebAssembly.Memory): KernelRoom {
  let top = LINE;
  const take = (bytes: number): number => {
    const at = top;
    top += Math.ceil(bytes / LINE) * LINE;
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return at;
  };
  // The memory is asked for its buffer after it may have grown.
  const room = (bytes: number) => [take(bytes), memory.buffer] as const;
  const bytes = (length: number): Uint8Array => {
    const [at, buffer] = room(length);
    return new Uint8Array(buffer, at, length);
  };
  const ints = (length: number): Int32Array => {
    const [at, buffer] = room(4 * length);
    return new Int32Array(buffer, at, length);
  };
  const floats = (length: number): Float64Array => {
    const [at, buffer] = room(8 * length);
    return new Float64Array(buffer, at, length);
  };
  return {
    take,
    bytes,
    ints,
    floats,
    singles(length) {
      const [at, buffer] = room(4 * length);
      return new Float32Array(buffer, at, length);
    },
  };
}

/** The address of the first row of a range. */
export function firstRow({ rows, begin }: RowRange): number {
  return rows.byteOffset + 4 * begin;
}
