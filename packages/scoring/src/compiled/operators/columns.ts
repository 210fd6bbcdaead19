/** Operators that pick columns and put them side by side. Values keep their order in memory, so that most reshapes are another name. */
import type { Compiled, Kernel, Node } from '../node.ts';
import { floatSlot, type NumberSlot, type Slot, slotOf, type Values } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';

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
  return sideBySide(node.inputs.map((_, i) => node.input(i)));
}

/** Concat of numbers of any type, as floats. */
export function featureVectorizer(node: Node): Compiled {
  const parts = node.inputs.map((_, i) => node.numbers(i));
  const declared = node.integers('inputdimensions');
  if (parts.some(({ width }, i) => width !== declared[i])) throw new Unsupported('FeatureVectorizer that cuts its inputs');
  return sideBySide(parts, 'float');
}

function sideBySide(parts: readonly Slot[], type: Slot['type'] | undefined = parts[0]?.type): Compiled {
  const isCast = type === 'float' && parts.every((part) => part.type !== 'text');
  if (parts.some((part) => part.constant || (part.type !== type && !isCast))) throw new Unsupported('Concat of unlike values');
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const names = { float: 'float', integer: 'int64', boolean: 'bool', text: 'string' } as const;
  const out = slotOf(names[type ?? 'float'], width);
  let offset = 0;
  const copies = parts.map((part) => {
    const copy = columnCopy(part, out, offset);
    offset += part.width;
    return copy;
  });
  return {
    outputs: [out],
    run(rows) {
      for (const copy of copies) copy(rows);
    },
  };
}

function columnCopy(from: Slot, to: Slot, offset: number): Kernel {
  const source: Values = from.data;
  const target: Values = to.data;
  const { width } = from;
  const { width: stride } = to;
  return (rows) => {
    for (let r = 0; r < rows; r++) {
      const at = r * stride + offset;
      for (let c = 0; c < width; c++) target[at + c] = source[r * width + c] as number | string;
    }
  };
}

/** Some columns of each row, or for each row the values at its index in a constant list. */
export function arrayFeatureExtractor(node: Node): Compiled {
  const slot = node.input(0);
  return slot.constant ? lookUp(slot, node.numbers(1), 1) : someColumns(slot, node.constants(1));
}

/** Along the columns; or, along the first axis of a constant, one of its rows for each row: how encoders map a category to its codes. */
export function gather(node: Node): Compiled {
  const slot = node.input(0);
  const axis = node.integer('axis', 0);
  if (!slot.constant && axis === 1) return someColumns(slot, node.constants(1));
  if (!slot.constant || axis !== 0) throw new Unsupported('Gather of rows');
  return lookUp(
    slot,
    node.numbers(1),
    (slot.dims ?? []).slice(1).reduce((product, size) => product * size, 1),
  );
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

function someColumns(slot: Slot, given: readonly number[]): Compiled {
  const indices = given.map((index) => (index < 0 ? index + slot.width : index));
  if (indices.some((index) => index >= slot.width)) throw new Unsupported('Gather beyond the last column');
  const width = indices.length;
  const out = like(slot, width);
  const source: Values = slot.data;
  const target: Values = out.data;
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < width; c++)
          target[r * width + c] = source[r * slot.width + (indices[c] as number)] as number | string;
    },
  };
}

/** @param width values at each place of the list */
function lookUp(list: Slot, index: NumberSlot, width: number): Compiled {
  if (index.constant || index.width !== 1) throw new Unsupported('look-up of several values a row');
  const out = like(list, width);
  const target: Values = out.data;
  const values: Values = list.data;
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) {
        const from = (index.data[r] as number) * width;
        for (let c = 0; c < width; c++) target[r * width + c] = values[from + c] as number | string;
      }
    },
  };
}

export function like(slot: Slot, width: number): Slot {
  const names = { float: 'float', integer: 'int64', boolean: 'bool', text: 'string' } as const;
  return slotOf(names[slot.type], width);
}

export function reduceMean(node: Node): Compiled {
  return reduce(node, (sum, width) => Math.fround(sum / width));
}

export function reduceSum(node: Node): Compiled {
  return reduce(node, (sum) => sum);
}

function reduce(node: Node, finish: (sum: number, width: number) => number): Compiled {
  const axes = node.inputs.length > 1 ? node.constants(1) : node.integers('axes');
  if (axes.length !== 1 || (axes[0] !== 1 && axes[0] !== -1)) throw new Unsupported('reduction over rows');
  const { data, width } = node.floatInput(0);
  const out = floatSlot(1);
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) {
        let sum = 0;
        for (let c = 0; c < width; c++) sum = Math.fround(sum + (data[r * width + c] as number));
        out.data[r] = finish(sum, width);
      }
    },
  };
}

export function argMax(node: Node): Compiled {
  const axis = node.integer('axis', 0);
  if ((axis !== 1 && axis !== -1) || node.integer('select_last_index', 0) !== 0) throw new Unsupported('ArgMax over rows');
  const { data, width } = node.floatInput(0);
  const out = slotOf('int64', 1);
  const target = out.data as Float64Array;
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) target[r] = indexOfLargest(data, r * width, width);
    },
  };
}

/** The first of equals. */
export function indexOfLargest(data: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if ((data[from + c] as number) > (data[from + best] as number)) best = c;
  return best;
}
