/** Arithmetic, comparisons and conversions of numbers, value by value, rounded to single precision wherever the runtime does. */
import { elementTypeName } from '@malachite/onnx';
import type { Compiled, Kernel, Node } from '../node.ts';
import { type FloatSlot, type NumberSlot, type Slot, SMALLEST_INT64, type Values, type ValueType } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';

export function cast(node: Node): Compiled {
  const from = node.input(0);
  const to = elementTypeName(node.integer('to', 0));
  if (from.constant) throw new Unsupported('Cast of a constant');
  if (from.type === 'text') {
    if (to === 'string') return { outputs: [from] };
    throw new Unsupported('Cast of texts');
  }
  switch (to) {
    case 'float':
      return from.type === 'float' ? { outputs: [from] } : unary(node, 'float', (x) => x);
    case 'double':
      return from.type === 'double' ? { outputs: [from] } : unary(node, 'double', (x) => x);
    case 'int64':
      return unary(node, 'integer', from.type === 'float' || from.type === 'double' ? truncate : (x) => x);
    case 'int32':
      return unary(node, 'integer', (x) => x | 0);
    case 'bool':
      return unary(node, 'boolean', (x) => (x === 0 ? 0 : 1));
    case 'string':
      return integerTexts(node);
    default:
      throw new Unsupported(`Cast to ${to}`);
  }
}

/** What is no integer becomes the smallest, as the processor's own conversion does. */
function truncate(x: number): number {
  return Math.abs(x) < 2 ** 63 ? Math.trunc(x) : SMALLEST_INT64;
}

function integerTexts(node: Node): Compiled {
  const from = node.input(0);
  if (from.type !== 'integer') throw new Unsupported(`Cast of ${from.type} values to texts`);
  const { heap } = node;
  const out = heap.slot('text', from.width);
  return {
    outputs: [out],
    run(rows) {
      const { integer, text } = heap.data;
      for (const [c, at] of from.columns.entries()) {
        const to = out.columns[c] as number;
        for (let r = 0; r < rows; r++) {
          const value = integer[at + r] as number;
          text[to + r] = value === SMALLEST_INT64 ? '-9223372036854775808' : String(value);
        }
      }
    },
  };
}

/** Numbers as floats: the slot itself when it has floats. */
export function asFloats(node: Node, from: NumberSlot): { slot: FloatSlot; run?: Kernel } {
  if (from.constant) throw new Unsupported('a constant where rows belong');
  if (from.type === 'double') throw new Unsupported('double values where floats belong');
  if (from.type === 'float') return { slot: from as FloatSlot };
  const { outputs, run } = valueByValue(node, from, 'float', (x) => x);
  return { slot: outputs[0] as FloatSlot, run };
}

function unary(node: Node, type: Exclude<ValueType, 'text'>, of: (x: number) => number): Compiled {
  return valueByValue(node, node.numbers(0), type, of);
}

function valueByValue(
  { heap }: Node,
  from: NumberSlot,
  type: Exclude<ValueType, 'text'>,
  of: (x: number) => number,
): Compiled & { run: Kernel } {
  const out = heap.slot(type, from.width);
  return {
    outputs: [out],
    run(rows) {
      const source = heap.data[from.type];
      const target = heap.data[type];
      for (let c = 0; c < from.width; c++) {
        const [at, to] = [from.columns[c] as number, out.columns[c] as number];
        for (let r = 0; r < rows; r++) target[to + r] = of(source[at + r] as number);
      }
    },
  };
}

/** An operator on each float by itself, or on each double. */
export function floatFunction(of: (x: number) => number, ofDoubles = of): (node: Node) => Compiled {
  return (node) => {
    const from = node.numbers(0);
    if (from.constant) throw new Unsupported('arithmetic of constants');
    return from.type === 'double' ? unary(node, 'double', ofDoubles) : unary(node, node.floatInput(0).type, of);
  };
}

/** Limits that are constants; none on the side that is left out. */
export function clip(node: Node): Compiled {
  const from = node.floatInput(0);
  const [least, most] = [1, 2].map((index) => (node.inputs[index] === undefined ? [] : node.constants(index)));
  const low = least?.[0] ?? -Infinity;
  const high = most?.[0] ?? Infinity;
  if (from.constant) throw new Unsupported('Clip of a constant');
  return unary(node, 'float', (x) => (x < low ? low : x > high ? high : x));
}

export function isMissing(node: Node): Compiled {
  node.floatInput(0);
  return unary(node, 'boolean', (x) => (Number.isNaN(x) ? 1 : 0));
}

export function not(node: Node): Compiled {
  return unary(node, 'boolean', (x) => 1 - x);
}

/** Two numbers in, one out, of the same type; integers are never rounded but by `Div`. */
export function arithmetic(of: (a: number, b: number) => number, ofIntegers = of): (node: Node) => Compiled {
  return (node) => {
    let result = node.numbers(0);
    if (node.inputs.length === 1) return { outputs: [result] };
    const runs: Kernel[] = [];
    for (let i = 1; i < node.inputs.length; i++) {
      const other = node.numbers(i);
      if (other.type !== result.type || result.type === 'boolean') throw new Unsupported('arithmetic of unlike values');
      const out: NumberSlot = node.heap.slot(result.type, sharedWidth(result, other));
      runs.push(pairwise(node, result, other, out, result.type === 'integer' ? ofIntegers : of));
      result = out;
    }
    return { outputs: [result], run: inTurn(runs) };
  };
}

function inTurn(runs: readonly Kernel[]): Kernel {
  return (rows) => {
    for (const run of runs) run(rows);
  };
}

/** Two numbers in, true or false out. */
export function comparison(of: (a: number | string, b: number | string) => boolean): (node: Node) => Compiled {
  return (node) => {
    const a = node.input(0);
    const b = node.input(1);
    if ((a.type === 'text') !== (b.type === 'text')) throw new Unsupported('comparison of unlike values');
    const out = node.heap.slot('boolean', sharedWidth(a, b));
    return { outputs: [out], run: pairwise(node, a, b, out, (x, y) => (of(x, y) ? 1 : 0)) };
  };
}

function pairwise({ heap }: Node, a: Slot, b: Slot, out: NumberSlot, of: (a: number, b: number) => number): Kernel {
  const [left, right] = [spread(a, out.width), spread(b, out.width)];
  return (rows) => {
    const ofA: Values = heap.data[a.type];
    const ofB: Values = heap.data[b.type];
    const target = heap.data[out.type];
    for (let c = 0; c < out.width; c++) {
      const [inA, inB, to] = [left[c] as number, right[c] as number, out.columns[c] as number];
      for (let r = 0; r < rows; r++) target[to + r] = of(ofA[inA + r] as number, ofB[inB + r] as number);
    }
  };
}

/** Broadcasting: one column stands for all. */
function spread({ columns, width }: Slot, to: number): readonly number[] {
  return width === to ? columns : new Array<number>(to).fill(columns[0] as number);
}

/** @throws Unsupported when both are constants or their widths do not fit */
function sharedWidth(...slots: readonly Slot[]): number {
  const width = Math.max(...slots.map((slot) => slot.width));
  const fits = slots.every((slot) => slot.width === width || slot.width === 1) && slots.some((slot) => !slot.constant);
  if (!fits || slots.some(({ constant }) => constant !== undefined && constant.dims.length > 1 && constant.dims[0] !== 1))
    throw new Unsupported('broadcasting over rows');
  return width;
}

export function where(node: Node): Compiled {
  const { heap } = node;
  const condition = node.numbers(0);
  const yes = node.input(1);
  const no = node.input(2);
  if (yes.type !== no.type) throw new Unsupported('Where of unlike values');
  const out = heap.slot(yes.type, sharedWidth(condition, yes, no));
  const [ifs, thens, elses] = [condition, yes, no].map((slot) => spread(slot, out.width)) as [number[], number[], number[]];
  return {
    outputs: [out],
    run(rows) {
      const conditions = heap.data[condition.type];
      const values: Values = heap.data[out.type];
      for (let c = 0; c < out.width; c++) {
        const to = out.columns[c] as number;
        for (let r = 0; r < rows; r++) {
          const holds = conditions[(ifs[c] as number) + r] !== 0;
          values[to + r] = values[((holds ? thens[c] : elses[c]) as number) + r] as number | string;
        }
      }
    },
  };
}
