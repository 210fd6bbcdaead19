/** Typed storage for one graph input, filled with JSON values: the one place where JSON meets tensor types. */
import type { Tensor } from 'onnxruntime-node';

export interface ElementBuffer {
  /** What a value must be, for messages: "an integer". */
  readonly expects: string;
  /** Puts a JSON value at a position; false when it does not fit the type. Positions beyond the capacity are made by `grow`. */
  write(position: number, value: unknown): boolean;
  /** Makes room for that many values, keeping what is there. */
  grow(capacity: number): void;
  /** Copies the rows `from` to `to`, `width` values wide, to where the rows from `at` on lie. */
  copyRows(from: number, to: number, at: number, width: number): void;
  /** A tensor `[to - from, ...rest]` over the rows `from` to `to`, sharing their memory. */
  tensor(from: number, to: number, rest: readonly number[]): TensorValues;
  /**
   * Copies every `step`-th of the values from a position on, `count` in all, to where `into` has room from `at` on.
   * False when one of them is an integer that a double does not hold exactly.
   */
  copy(from: number, step: number, count: number, into: Copied, at: number): boolean;
}

/** What a tensor of the runtime is made of; the runtime itself is not needed for it. */
export interface TensorValues {
  readonly type: Tensor.Type;
  readonly data: Tensor.DataType;
  readonly dims: readonly number[];
}

/** Where values are copied to: an array that takes the input's kind of values. */
export type Copied = Float32Array | Float64Array | Uint8Array | string[];

/** The values of one row whose dimensions are these. */
export function volume(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
