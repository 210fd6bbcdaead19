/** Operators that pick columns and put them side by side. Nothing is moved: the output is a list of the inputs' own columns. */
import type { Compiled, Node } from '../node.ts';
import type { FloatSlot, NumberSlot, Slot, Values } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';
import { asFloats } from './numbers.ts';

export function identity(node: Node): Compiled {
  return { outputs: [node.input(0)] };
}

/** To `[-1]`, `[-1, width]`, `[0, -1]` and the like: what was a row stays a row. */
export function reshape(node: Node): Compiled {
  const slot = node.input(0);
  const [first = 0, ...rest] = node.constants(1);
  const width = rest.reduce((product, size) => product * size, 1);
  const keepsRows = (first === -1 && width === slot.width) || (first === 0 && (width === -1 || width === slot.width));
  if (slot.constant || !keepsRows) throw new Unsupported('Reshape across rows');
  return { outputs: [slot] };
}

/** Axes of size 1 come and go without moving a value. */
export function squeeze(node: Node): Compiled {
  const axes = node.inputs.length > 1 ? node.constants(1) : node.integers('axes');
  const slot = node.input(0);
  if (slot.constant || axes.length === 0 || axes.includes(0)) throw new Unsupported('Squeeze of rows');
  return { outputs: [slot] };
}

export function flatten(node: Node): Compiled {
  if (node.integer('axis', 1) !== 1) throw new Unsupported('Flatten across rows');
  return { outputs: [node.input(0)] };
}

export function concat(node: Node): Compiled {
  // Axis 2 joins `[n, 1, width]`, as a look-up gives it; of more than one in the middle, the proof at load would not hold.
  if (![-1, 1, 2].includes(node.integer('axis', 1))) throw new Unsupported('Concat of rows');
  const parts = node.inputs.map((_, i) => node.input(i));
  if (parts.some((part) => part.type !== parts[0]?.type)) throw new Unsupported('Concat of unlike values');
  return { outputs: [sideBySide(parts)] };
}

/** Concat of numbers of any type, as floats. */
export function featureVectorizer(node: Node): Compiled {
  const casts = node.inputs.map((_, i) => asFloats(node, node.numbers(i)));
  const declared = node.integers('inputdimensions');
  const parts = casts.map(({ slot }) => slot);
  if (parts.some(({ width }, i) => width !== declared[i])) throw new Unsupported('FeatureVectorizer that cuts its inputs');
  const runs = casts.flatMap(({ run }) => run ?? []);
  return {
    outputs: [sideBySide(parts)],
    run(rows) {
      for (const run of runs) run(rows);
    },
  };
}

function sideBySide(parts: readonly Slot[]): Slot {
  if (parts.some((part) => part.constant)) throw new Unsupported('Concat with a constant');
  const columns = parts.flatMap((part) => part.columns);
  return { type: (parts[0] as Slot).type, width: columns.length, columns };
}

/** Some columns of each row, or for each row the values at its index in a constant list. */
export function arrayFeatureExtractor(node: Node): Compiled {
  const slot = node.input(0);
  return slot.constant ? lookUp(node, slot, node.numbers(1), 1) : someColumns(slot, node.constants(1));
}

/** Along the columns; or, along the first axis of a constant, one of its rows for each row: how encoders map a category to its codes. */
export function gather(node: Node): Compiled {
  const slot = node.input(0);
  const axis = node.integer('axis', 0);
  if (!slot.constant && axis === 1) return someColumns(slot, node.constants(1));
  if (!slot.constant || axis !== 0) throw new Unsupported('Gather of rows');
  const width = slot.constant.dims.slice(1).reduce((product, size) => product * size, 1);
  return lookUp(node, slot, node.numbers(1), width);
}

/** `Slice` of columns, step 1. */
export function slice(node: Node): Compiled {
  const slot = node.input(0);
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((index) =>
    node.inputs[index] === undefined ? [] : node.constants(index),
  );
  const [start = 0, end = 0] = [starts?.[0], ends?.[0]].map((at = 0) => Math.min(slot.width, at < 0 ? at + slot.width : at));
  if (slot.constant || axes?.length !== 1 || (axes[0] !== 1 && axes[0] !== -1) || (steps?.[0] ?? 1) !== 1 || end <= start)
    throw new Unsupported('Slice of rows');
  return someColumns(
    slot,
    Array.from({ length: end - start }, (_, i) => start + i),
  );
}

function someColumns(slot: Slot, indices: readonly number[]): Compiled {
  const columns = indices.map((index) => slot.columns[index < 0 ? index + slot.width : index]);
  if (columns.some((column) => column === undefined)) throw new Unsupported('Gather beyond the last column');
  return { outputs: [{ type: slot.type, width: columns.length, columns: columns as number[] }] };
}

/** @param width values at each place of the list */
function lookUp({ heap }: Node, list: Slot, index: NumberSlot, width: number): Compiled {
  const at = index.columns[0];
  if (index.constant || index.width !== 1 || at === undefined) throw new Unsupported('look-up of several values a row');
  const out = heap.slot(list.type, width);
  const values = list.constant?.values ?? [];
  return {
    outputs: [out],
    run(rows) {
      const indices = heap.data[index.type];
      const target: Values = heap.data[out.type];
      for (let c = 0; c < width; c++) {
        const to = out.columns[c] as number;
        for (let r = 0; r < rows; r++) target[to + r] = values[(indices[at + r] as number) * width + c] as number | string;
      }
    },
  };
}

export function reduceMean(node: Node): Compiled {
  return reduce(node, (sum, width) => sum / width);
}

export function reduceSum(node: Node): Compiled {
  return reduce(node, (sum) => sum);
}

function reduce(node: Node, finish: (sum: number, width: number) => number): Compiled {
  const axes = node.inputs.length > 1 ? node.constants(1) : node.integers('axes');
  if (axes.length !== 1 || (axes[0] !== 1 && axes[0] !== -1)) throw new Unsupported('reduction over rows');
  const { columns, width } = node.floatInput(0);
  const { heap } = node;
  const out = heap.slot('float', 1);
  const to = out.columns[0] as number;
  return {
    outputs: [out],
    run(rows) {
      const { float } = heap.data;
      for (let r = 0; r < rows; r++) {
        let sum = 0;
        for (let c = 0; c < width; c++) sum = Math.fround(sum + (float[(columns[c] as number) + r] as number));
        float[to + r] = finish(sum, width);
      }
    },
  };
}

export function argMax(node: Node): Compiled {
  const axis = node.integer('axis', 0);
  if ((axis !== 1 && axis !== -1) || node.integer('select_last_index', 0) !== 0) throw new Unsupported('ArgMax over rows');
  const from = node.floatInput(0);
  const { heap } = node;
  const out = heap.slot('integer', 1);
  const to = out.columns[0] as number;
  return {
    outputs: [out],
    run(rows) {
      const { float, integer } = heap.data;
      for (let r = 0; r < rows; r++) integer[to + r] = indexOfLargest(float, from, r);
    },
  };
}

/** The column with the largest value of a row; the first of equals. */
export function indexOfLargest(float: Float32Array, { columns }: FloatSlot, row: number): number {
  let best = 0;
  let largest = float[(columns[0] as number) + row] as number;
  for (let c = 1; c < columns.length; c++) {
    const value = float[(columns[c] as number) + row] as number;
    if (!(value > largest)) continue;
    best = c;
    largest = value;
  }
  return best;
}
