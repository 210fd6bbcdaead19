/** The memory of a compiled graph: columns of one block of rows by the type of their values, tables of constants, and the kernels over both. */
import { type Kernels, newKernels } from './kernels.ts';
import type { Slot, ValueType } from './slot.ts';
import { Unsupported } from './unsupported.ts';

/**
 * Rows that are evaluated together: as many as make a column of floats one line of the processor's cache, so that a lone row spoils no
 * more of it than it must.
 */
export const BLOCK = 16;

/** The kernels' word for a column: its address. */
export const COLUMN_BYTES = BLOCK * 4;

/** A node of a tree has 15 bits for its column. */
const MOST_COLUMNS = 2 ** 15;
const PAGE = 65536;

/** All columns of a type in one array, one column behind the other. */
export interface Arenas {
  float: Float32Array;
  /** Of linear models and networks, which are computed in double precision between their features and their scores. */
  double: Float64Array;
  /** int64 and int32. Exact within 2^53; what is beyond never enters, but for the smallest int64 (which stands for missing). */
  integer: Float64Array;
  boolean: Uint8Array;
  text: string[];
}

export class Heap {
  readonly kernels: Kernels = newKernels();
  /** Arrays are replaced when they grow, which is while a graph is compiled: kernels look them up when they run. */
  readonly data: Arenas;
  private readonly counts: Record<ValueType, number> = { float: 0, double: 0, integer: 0, boolean: 0, text: 0 };
  private end = MOST_COLUMNS * COLUMN_BYTES;

  constructor() {
    this.kernels.memory.grow((MOST_COLUMNS * COLUMN_BYTES) / PAGE);
    this.data = {
      float: this.floats(),
      double: new Float64Array(0),
      integer: new Float64Array(0),
      boolean: new Uint8Array(0),
      text: [],
    };
  }

  /** New columns side by side. @throws Unsupported when there are too many */
  slot<T extends ValueType>(type: T, width: number): Slot<T> {
    const first = this.counts[type];
    this.counts[type] += width;
    if (this.counts[type] > MOST_COLUMNS) throw new Unsupported(`more than ${MOST_COLUMNS} columns`);
    this.reserve(type, this.counts[type] * BLOCK);
    return { type, width, columns: Array.from({ length: width }, (_, c) => (first + c) * BLOCK) };
  }

  /** Columns of which every row is the same. */
  filled(type: ValueType, values: readonly (number | string)[]): readonly number[] {
    const { columns } = this.slot(type, values.length);
    const target: Record<number, number | string> = this.data[type];
    for (const [c, at] of columns.entries()) for (let r = 0; r < BLOCK; r++) target[at + r] = values[c] as number | string;
    return columns;
  }

  /** Keeps constants for a kernel. @returns their address, a multiple of 16 */
  table(words: Uint32Array | Float32Array): number {
    const at = this.end;
    this.end = Math.ceil((at + words.byteLength) / 16) * 16;
    const { memory } = this.kernels;
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE));
      this.data.float = this.floats();
    }
    new Uint8Array(memory.buffer).set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), at);
    return at;
  }

  /** A table of the addresses of float columns. */
  addresses(columns: readonly number[]): number {
    return this.table(Uint32Array.from(columns, (at) => at * 4));
  }

  private floats(): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, 0, MOST_COLUMNS * BLOCK);
  }

  private reserve(type: ValueType, length: number): void {
    const { data } = this;
    if (type === 'double') data.double = grown(data.double, length, (size) => new Float64Array(size));
    if (type === 'integer') data.integer = grown(data.integer, length, (size) => new Float64Array(size));
    if (type === 'boolean') data.boolean = grown(data.boolean, length, (size) => new Uint8Array(size));
    if (type === 'text') while (data.text.length < length) data.text.push('');
  }
}

function grown<A extends Float64Array | Uint8Array>(values: A, length: number, allocate: (size: number) => A): A {
  if (length <= values.length) return values;
  const larger = allocate(Math.max(length, values.length * 2));
  larger.set(values);
  return larger;
}
