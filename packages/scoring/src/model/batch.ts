/** Rows waiting for one run of the model, already in the tensors' own memory. */
import { MalachiteError } from '@malachite/core/errors';
import type { Signature } from '@malachite/onnx';
import { type Copied, type ElementBuffer, type TensorValues, volume } from './buffers/element-buffer.ts';
import { inputBuffer } from './buffers/input-buffer.ts';
import { type ColumnPlan, findColumns, openMatrix, planColumns, short } from './columns.ts';
import { tensorRow } from './tensor-rows.ts';

/** Rows as a caller gives them. */
export type Rows =
  /** One object a row. */
  | { readonly kind: 'records'; readonly records: readonly unknown[] }
  /** One list a row, in the order of `columns`, or of the model's own columns when absent. */
  | { readonly kind: 'lists'; readonly columns?: readonly string[]; readonly lists: readonly unknown[] }
  /** One list a row, for models that take a matrix and so name no columns. */
  | { readonly kind: 'matrix'; readonly lists: readonly unknown[] }
  /** One list a column. */
  | { readonly kind: 'columns'; readonly columns: ReadonlyMap<string, ArrayLike<unknown>> };

const SMALLEST_CAPACITY = 64;

export class Batch {
  rows = 0;
  /** Rows of different callers may share a run; not when each may bring another number of columns. */
  readonly joins: boolean;
  private capacity = 0;
  private readonly columns: readonly ColumnPlan[];
  private readonly buffers: readonly ElementBuffer[];
  private readonly signature: Signature;
  /** The sizes of the one input's dimensions after that of the rows, where it has several: a row may be lists in lists. */
  private readonly tensor: readonly (number | null)[] | undefined;
  /** What the run's first row set of a width that the model leaves open. */
  private openSizes: readonly number[] = [];
  /** How the last caller spelled the columns: the next one most likely does the same. */
  private keys: readonly string[];

  constructor(signature: Signature) {
    this.signature = signature;
    this.joins = openMatrix(signature) === undefined;
    this.columns = planColumns(signature);
    this.keys = this.columns.map((column) => column.signature.name);
    this.buffers = signature.inputs.map(inputBuffer);
    const [only, ...others] = signature.inputs;
    this.tensor = others.length === 0 && only !== undefined && only.dims.length > 2 ? only.dims.slice(1) : undefined;
  }

  /** Adds rows. @throws InvalidInput naming the row and the column; nothing has been added then. */
  append(rows: Rows): void {
    const start = this.rows;
    try {
      if (!this.joins) this.appendOpen(rows);
      else if (rows.kind === 'records') this.appendRecords(rows.records);
      else if (rows.kind === 'lists') this.appendLists(rows.lists, rows.columns);
      else if (rows.kind === 'matrix') this.appendMatrix(rows.lists);
      else this.appendColumns(rows.columns);
    } catch (error) {
      this.rows = start;
      throw error;
    }
    if (this.rows === start) throw new MalachiteError('InvalidInput', 'There are no rows to score.');
  }

  clear(): void {
    this.rows = 0;
    this.openSizes = [];
  }

  /**
   * One tensor an input over the rows `from` to `to`. Where the graph takes a fixed number of rows, which is as many at least, the last
   * of them fills up the tensor.
   */
  feeds(from: number, to: number): Record<string, TensorValues> {
    const rows = this.signature.batch ?? to - from;
    const first = to - from === rows ? from : this.rows;
    const feeds: Record<string, TensorValues> = {};
    for (const [i, input] of this.signature.inputs.entries()) {
      const buffer = this.buffers[i] as ElementBuffer;
      const rest = input.columns.length === 0 ? this.openSizes : input.dims.slice(1).map((size) => size ?? 1);
      if (first !== from) fillUp(buffer, from, to, first, rows, volume(rest));
      feeds[input.name] = buffer.tensor(first, first + rows, rest);
    }
    return feeds;
  }

  /**
   * Copies an input's values of some rows, column by column.
   *
   * @param starts where each of its columns begins in `into`
   * @returns false when one of them is beyond what a double holds exactly
   */
  copyInput(input: number, from: number, rows: number, into: Copied, starts: readonly number[]): boolean {
    const buffer = this.buffers[input] as ElementBuffer;
    const width = starts.length;
    for (let c = 0; c < width; c++) if (!buffer.copy(from * width + c, width, rows, into, starts[c] as number)) return false;
    return true;
  }

  private appendRecords(records: readonly unknown[]): void {
    const first = this.reserve(records.length);
    for (let r = 0; r < records.length; r++) if (!isRecord(records[r])) throw notARecord(records[r], r);
    const given = records as readonly Record<string, unknown>[];
    for (let c = 0; c < this.columns.length; c++) {
      const column = this.columns[c] as ColumnPlan;
      const buffer = this.buffers[column.input] as ElementBuffer;
      for (let r = 0; r < given.length; r++) {
        const row = given[r] as Record<string, unknown>;
        let value = row[this.keys[c] as string];
        // What objects inherit (a column may be called "constructor") is not a value of the row.
        if (value === undefined || typeof value === 'function') {
          this.keys = findColumns(this.columns, Object.keys(row), `Row ${r}`);
          value = row[this.keys[c] as string];
        }
        if (!buffer.write((first + r) * column.width + column.offset, value)) throw misfit(r, column, buffer, value);
      }
    }
  }

  private appendLists(lists: readonly unknown[], names: readonly string[] | undefined): void {
    const first = this.reserve(lists.length);
    const order = names === undefined ? undefined : findColumns(this.columns, names, '"columns"');
    const width = names?.length ?? this.columns.length;
    const places = order?.map((name) => (names as readonly string[]).indexOf(name));
    for (let r = 0; r < lists.length; r++) {
      const given = lists[r];
      const list = this.tensor !== undefined && isNested(given) ? tensorRow(given, r, this.tensor).values : given;
      if (!Array.isArray(list)) throw new MalachiteError('InvalidInput', `Row ${r} is not a list of ${width} values.`);
      if (list.length !== width)
        throw new MalachiteError('InvalidInput', `Row ${r} has ${list.length} values, expected ${width}.`);
      for (const [c, column] of this.columns.entries()) {
        const buffer = this.buffers[column.input] as ElementBuffer;
        const value: unknown = list[places === undefined ? c : (places[c] as number)];
        if (!buffer.write((first + r) * column.width + column.offset, value)) throw misfit(r, column, buffer, value);
      }
    }
  }

  /** Lists of values say nothing of columns; where the model has names for them, the caller must give them. */
  private appendMatrix(lists: readonly unknown[]): void {
    if (this.signature.inputs.length > 1) throw notARecord(lists[0], 0);
    this.appendLists(lists, undefined);
  }

  private appendColumns(columns: ReadonlyMap<string, ArrayLike<unknown>>): void {
    const keys = findColumns(this.columns, [...columns.keys()], 'The table');
    const length = columns.get(keys[0] ?? '')?.length ?? 0;
    const first = this.reserve(length);
    for (const [c, column] of this.columns.entries()) {
      const values = columns.get(keys[c] as string) as ArrayLike<unknown>;
      if (values.length !== length) {
        throw new MalachiteError(
          'InvalidInput',
          `Column "${keys[c]}" has ${values.length} values, column "${keys[0]}" has ${length}.`,
        );
      }
      const buffer = this.buffers[column.input] as ElementBuffer;
      for (let r = 0; r < length; r++) {
        if (!buffer.write((first + r) * column.width + column.offset, values[r])) throw misfit(r, column, buffer, values[r]);
      }
    }
  }

  /** A matrix whose width the model leaves open: the first row sets it for the run. */
  private appendOpen(rows: Rows): void {
    if (rows.kind !== 'lists' && rows.kind !== 'matrix') {
      throw new MalachiteError('InvalidInput', 'This model names no columns: give each row as a list of numbers.');
    }
    const buffer = this.buffers[0] as ElementBuffer;
    const leastWidth = this.signature.inputs[0]?.leastWidth ?? 1;
    for (const [r, given] of rows.lists.entries()) {
      if (!Array.isArray(given) || given.length === 0)
        throw new MalachiteError('InvalidInput', `Row ${r} is not a list of numbers.`);
      const { sizes, values } =
        this.tensor === undefined ? { sizes: [given.length], values: given } : tensorRow(given, r, this.tensor);
      if (this.rows === 0 && r === 0) this.openSizes = sizes;
      if (values.length < leastWidth) {
        throw new MalachiteError('InvalidInput', `Row ${r} has ${values.length} values, expected ${leastWidth} or more.`);
      }
      if (sizes.some((size, i) => size !== this.openSizes[i])) {
        const [got, expected] = [sizes, this.openSizes].map((each) => each.join(' x '));
        throw new MalachiteError('InvalidInput', `Row ${r} has ${got} values, expected ${expected}.`);
      }
      const width = values.length;
      if (r === 0) buffer.grow((this.rows + rows.lists.length) * width);
      for (const [c, value] of values.entries()) {
        if (buffer.write((this.rows + r) * width + c, value)) continue;
        throw new MalachiteError('InvalidInput', `Row ${r}, value ${c}: expected ${buffer.expects}, got ${short(value)}.`);
      }
    }
    this.rows += rows.lists.length;
  }

  /** Makes room for more rows and counts them in. @returns the index of the first. */
  private reserve(count: number): number {
    const first = this.rows;
    this.rows += count;
    if (this.rows > this.capacity) {
      this.capacity = Math.max(SMALLEST_CAPACITY, this.capacity * 2, this.rows);
      for (const [i, input] of this.signature.inputs.entries()) {
        (this.buffers[i] as ElementBuffer).grow(this.capacity * input.columns.length);
      }
    }
    return first;
  }
}

/** Copies rows to behind all others, and the last of them until there are `rows`: those of other callers are left out of the run. */
function fillUp(buffer: ElementBuffer, from: number, to: number, at: number, rows: number, width: number): void {
  buffer.grow((at + rows) * width);
  buffer.copyRows(from, to, at, width);
  for (let row = at + to - from; row < at + rows; row++) buffer.copyRows(to - 1, to, row, width);
}

function isNested(row: unknown): boolean {
  return Array.isArray(row) && Array.isArray(row[0]);
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notARecord(value: unknown, row: number): MalachiteError {
  const what = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
  return new MalachiteError('InvalidInput', `Row ${row} is ${what}; expected an object with one value a column.`);
}

function misfit(row: number, { signature }: ColumnPlan, buffer: ElementBuffer, value: unknown): MalachiteError {
  const got = value === null ? 'null' : typeof value === 'string' ? `"${short(value)}"` : short(value);
  return new MalachiteError('InvalidInput', `Row ${row}, column "${signature.name}": expected ${buffer.expects}, got ${got}.`);
}
