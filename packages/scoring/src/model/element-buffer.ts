/** Typed storage for one graph input, filled with JSON values: the one place where JSON meets tensor types. */
import { MalachiteError } from '@malachite/core/errors';
import type { InputSignature } from '@malachite/onnx';
import type { Tensor } from 'onnxruntime-node';
import { fullDate } from './dates.ts';

export interface ElementBuffer {
  /** What a value must be, for messages: "an integer". */
  readonly expects: string;
  /** Puts a JSON value at a position; false when it does not fit the type. Positions beyond the capacity are made by `grow`. */
  write(position: number, value: unknown): boolean;
  /** Makes room for that many values, keeping what is there. */
  grow(capacity: number): void;
  /** Copies the row `row`, `width` values wide, to all rows after it up to `to`. */
  repeat(row: number, to: number, width: number): void;
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

/** @throws NotSupported for element types that no tabular export uses. */
export function elementBuffer(input: InputSignature): ElementBuffer {
  const nullable = input.columns.every((column) => column.nullable) && input.columns.length > 0;
  switch (input.elementType) {
    case 'string':
      return textBuffer(input.missingText, textReader(input));
    case 'float':
      return floatBuffer('float32', (size) => new Float32Array(size));
    case 'double':
      return floatBuffer('float64', (size) => new Float64Array(size));
    case 'int64':
      return int64Buffer(nullable);
    case 'uint64':
      return uint64Buffer();
    case 'int32':
      return integerBuffer('int32', (size) => new Int32Array(size), -(2 ** 31), 2 ** 31 - 1);
    case 'int16':
      return integerBuffer('int16', (size) => new Int16Array(size), -(2 ** 15), 2 ** 15 - 1);
    case 'int8':
      return integerBuffer('int8', (size) => new Int8Array(size), -128, 127);
    case 'uint32':
      return integerBuffer('uint32', (size) => new Uint32Array(size), 0, 2 ** 32 - 1);
    case 'uint16':
      return integerBuffer('uint16', (size) => new Uint16Array(size), 0, 2 ** 16 - 1);
    case 'uint8':
      return integerBuffer('uint8', (size) => new Uint8Array(size), 0, 255);
    case 'bool':
      return booleanBuffer();
    default:
      throw new MalachiteError(
        'NotSupported',
        `Input "${input.name}" takes ${input.elementType}, which cannot be fed from JSON here.`,
      );
  }
}

/** Texts of one kind: how a given text is spelled for the graph, or that it is none. */
interface TextReader {
  readonly expects: string;
  readonly read: (text: string) => string | undefined;
  /** Numbers and booleans may stand for text: an id, a zip code. Not for a date. */
  readonly takesOthers: boolean;
}

function textReader({ fullDates, columns }: InputSignature): TextReader {
  if (fullDates) return { expects: 'a date such as 2024-02-29 or 2024-02-29 13:45:00', read: fullDate, takesOthers: false };
  if (columns[0]?.type === 'boolean') return { expects: 'true or false', read: booleanText, takesOthers: true };
  return { expects: 'text', read: (text) => text, takesOthers: true };
}

/** A boolean column that the graph takes as text knows Python's spelling; other spellings mean the same. */
function booleanText(text: string): string {
  const lower = text.toLowerCase();
  return lower === 'true' ? 'True' : lower === 'false' ? 'False' : text;
}

/** What is no text is spelled as the real server's `str(value)` does. */
function textBuffer(missingText: string, { expects, read, takesOthers }: TextReader): ElementBuffer {
  const values: string[] = [];
  return {
    expects,
    write(position, value) {
      const text =
        typeof value === 'string' ? read(value) : value === null ? missingText : takesOthers ? plainText(value) : undefined;
      if (text === undefined) return false;
      values[position] = text;
      return true;
    },
    grow() {},
    repeat(row, to, width) {
      values.length = Math.max(values.length, to * width);
      repeatRow(values, row, to, width);
    },
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type: 'string', data: values.slice(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as string;
      return true;
    },
  };
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isNaN(value) ? 'nan' : String(value);
  return typeof value === 'bigint' ? String(value) : undefined;
}

function floatBuffer(type: 'float32' | 'float64', allocate: (size: number) => Float32Array | Float64Array): ElementBuffer {
  let values = allocate(0);
  return {
    expects: 'a number',
    write(position, value) {
      const number = typeof value === 'number' ? value : asFloat(value);
      if (number === undefined) return false;
      values[position] = number;
      return true;
    },
    grow(capacity) {
      if (capacity <= values.length) return;
      const larger = allocate(capacity);
      larger.set(values);
      values = larger;
    },
    repeat: (row, to, width) => repeatRow(values, row, to, width),
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type, data: values.subarray(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as number;
      return true;
    },
  };
}

/**
 * @param nullable null is the smallest int64, which Azure's exports and ours take for missing
 *
 * 64-bit integers are written as two 32-bit halves: no BigInt is made for the small numbers that nearly all are.
 */
function int64Buffer(nullable: boolean): ElementBuffer {
  let values = new BigInt64Array(0);
  let halves = new Int32Array(values.buffer);
  return {
    expects: 'an integer',
    write(position, value) {
      if (typeof value === 'number' && (value | 0) === value) {
        halves[position * 2] = value;
        halves[position * 2 + 1] = value < 0 ? -1 : 0;
        return true;
      }
      const integer = value === null || Number.isNaN(value) ? (nullable ? MISSING_INT64 : undefined) : asInteger(value);
      if (integer === undefined) return false;
      values[position] = integer;
      return true;
    },
    grow(capacity) {
      if (capacity <= values.length) return;
      const larger = new BigInt64Array(capacity);
      larger.set(values);
      values = larger;
      halves = new Int32Array(values.buffer);
    },
    repeat: (row, to, width) => repeatRow(values, row, to, width),
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type: 'int64', data: values.subarray(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) {
        const place = (from + i * step) * 2;
        const high = halves[place + 1] as number;
        const value = high * 2 ** 32 + ((halves[place] as number) >>> 0);
        if ((high >= 2 ** 21 || high < -(2 ** 21)) && value !== -(2 ** 63)) return false;
        into[at + i] = value;
      }
      return true;
    },
  };
}

function uint64Buffer(): ElementBuffer {
  let values = new BigUint64Array(0);
  return {
    expects: 'an integer from 0 to 18446744073709551615',
    write(position, value) {
      const integer = typeof value === 'bigint' ? value : asInteger(value);
      if (integer === undefined || integer < 0n || integer >= 2n ** 64n) return false;
      values[position] = integer;
      return true;
    },
    grow(capacity) {
      if (capacity <= values.length) return;
      const larger = new BigUint64Array(capacity);
      larger.set(values);
      values = larger;
    },
    repeat: (row, to, width) => repeatRow(values, row, to, width),
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type: 'uint64', data: values.subarray(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy: () => false,
  };
}

/** Writes row `row` into the rows after it, up to `to`. */
function repeatRow(
  values: { copyWithin(target: number, start: number, end: number): unknown },
  row: number,
  to: number,
  width: number,
): void {
  for (let at = row + 1; at < to; at++) values.copyWithin(at * width, row * width, (row + 1) * width);
}

type IntegerArray = Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;
type IntegerType = 'int32' | 'int16' | 'int8' | 'uint32' | 'uint16' | 'uint8';

function integerBuffer(type: IntegerType, allocate: (size: number) => IntegerArray, least: number, most: number): ElementBuffer {
  let values = allocate(0);
  return {
    expects: `an integer from ${least} to ${most}`,
    write(position, value) {
      const integer = asInteger(value);
      if (integer === undefined || integer < least || integer > most) return false;
      values[position] = Number(integer);
      return true;
    },
    grow(capacity) {
      if (capacity <= values.length) return;
      const larger = allocate(capacity);
      larger.set(values);
      values = larger;
    },
    repeat: (row, to, width) => repeatRow(values, row, to, width),
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type, data: values.subarray(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as number;
      return true;
    },
  };
}

function booleanBuffer(): ElementBuffer {
  let values = new Uint8Array(0);
  return {
    expects: 'true or false',
    write(position, value) {
      if (value === true || value === 1 || value === 'True' || value === 'true') values[position] = 1;
      else if (value === false || value === 0 || value === 'False' || value === 'false') values[position] = 0;
      else return false;
      return true;
    },
    grow(capacity) {
      if (capacity <= values.length) return;
      const larger = new Uint8Array(capacity);
      larger.set(values);
      values = larger;
    },
    repeat: (row, to, width) => repeatRow(values, row, to, width),
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type: 'bool', data: values.subarray(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as number;
      return true;
    },
  };
}

const MISSING_INT64 = -(2n ** 63n);
const LARGEST_INT64 = 2n ** 63n - 1n;

/** What NumPy's `astype(int64)` makes of it: fractions are cut, text must spell an integer, booleans are 0 and 1. */
function asInteger(value: unknown): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  // Beyond 2^53 a number has lost digits of the text it was read from: those come as bigints.
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? BigInt(Math.trunc(value)) : undefined;
  if (typeof value === 'bigint') return inInt64(value);
  if (typeof value === 'string' && /^\s*[+-]?\d{1,19}\s*$/.test(value)) return inInt64(BigInt(value.trim().replace('+', '')));
  return undefined;
}

function inInt64(value: bigint): bigint | undefined {
  return value >= MISSING_INT64 && value <= LARGEST_INT64 ? value : undefined;
}

/** What NumPy's `astype(float)` makes of it; null is NaN, as pandas reads it. */
function asFloat(value: unknown): number | undefined {
  if (value === null) return Number.NaN;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf|infinity|nan)\s*$/i.test(value))
    return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  if (/nan/i.test(value)) return Number.NaN;
  return value.trim().startsWith('-') ? -Infinity : Infinity;
}

function volume(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
