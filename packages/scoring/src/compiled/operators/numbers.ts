/** Arithmetic, comparisons and conversions of numbers, value by value, rounded to single precision wherever the runtime does. */
import { elementTypeName } from '@malachite/onnx';
import type { Compiled, Kernel, Node } from '../node.ts';
import {
  booleanSlot,
  floatSlot,
  integerSlot,
  type NumberSlot,
  type Slot,
  SMALLEST_INT64,
  strides,
  textSlot,
  type Values,
} from '../slot.ts';
import { Unsupported } from '../unsupported.ts';
import { like } from './columns.ts';

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
      return from.type === 'float' ? { outputs: [from] } : unary(from, floatSlot(from.width), (x) => x);
    case 'int64':
      return from.type === 'float'
        ? unary(from, integerSlot(from.width), truncate)
        : unary(from, integerSlot(from.width), (x) => x);
    case 'int32':
      return unary(from, integerSlot(from.width), (x) => x | 0);
    case 'bool':
      return unary(from, booleanSlot(from.width), (x) => (x === 0 ? 0 : 1));
    case 'string':
      return integerTexts(from);
    default:
      throw new Unsupported(`Cast to ${to}`);
  }
}

/** What is no integer becomes the smallest, as the processor's own conversion does. */
function truncate(x: number): number {
  return Math.abs(x) < 2 ** 63 ? Math.trunc(x) : SMALLEST_INT64;
}

function integerTexts(from: NumberSlot): Compiled {
  if (from.type !== 'integer') throw new Unsupported(`Cast of ${from.type} values to texts`);
  const out = textSlot(from.width);
  return {
    outputs: [out],
    run(rows) {
      for (let i = 0; i < rows * from.width; i++) {
        const value = from.data[i] as number;
        out.data[i] = value === SMALLEST_INT64 ? '-9223372036854775808' : String(value);
      }
    },
  };
}

function unary(from: NumberSlot, out: NumberSlot, of: (x: number) => number): Compiled {
  const { data, width } = from;
  const { data: target } = out;
  return {
    outputs: [out],
    run(rows) {
      for (let i = 0; i < rows * width; i++) target[i] = of(data[i] as number);
    },
  };
}

/** An operator on each float by itself. */
export function floatFunction(of: (x: number) => number): (node: Node) => Compiled {
  return (node) => {
    const from = node.floatInput(0);
    if (from.constant) throw new Unsupported('arithmetic of constants');
    return unary(from, floatSlot(from.width), of);
  };
}

/** Limits that are constants; none on the side that is left out. */
export function clip(node: Node): Compiled {
  const from = node.floatInput(0);
  const [least, most] = [1, 2].map((index) => (node.inputs[index] === undefined ? [] : node.constants(index)));
  const low = least?.[0] ?? -Infinity;
  const high = most?.[0] ?? Infinity;
  if (from.constant) throw new Unsupported('Clip of a constant');
  return unary(from, floatSlot(from.width), (x) => (x < low ? low : x > high ? high : x));
}

export function isMissing(node: Node): Compiled {
  const from = node.floatInput(0);
  return unary(from, booleanSlot(from.width), (x) => (Number.isNaN(x) ? 1 : 0));
}

export function not(node: Node): Compiled {
  const from = node.numbers(0);
  return unary(from, booleanSlot(from.width), (x) => 1 - x);
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
      const width = sharedWidth(result, other);
      const out: NumberSlot = result.type === 'float' ? floatSlot(width) : integerSlot(width);
      runs.push(pairwise(result, other, out, result.type === 'float' ? of : ofIntegers));
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
    const out = booleanSlot(sharedWidth(a, b));
    return { outputs: [out], run: pairwise(a, b, out, (x, y) => (of(x, y) ? 1 : 0)) };
  };
}

function pairwise(a: Slot, b: Slot, out: NumberSlot, of: (a: number, b: number) => number): Kernel {
  const left: Values = a.data;
  const right: Values = b.data;
  const { data: target, width } = out;
  const [inA, inB] = [strides(a), strides(b)];
  return (rows) => {
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < width; c++)
        target[r * width + c] = of(left[r * inA.row + c * inA.column] as number, right[r * inB.row + c * inB.column] as number);
  };
}

/** @throws Unsupported when both are constants or their widths do not fit */
function sharedWidth(...slots: readonly Slot[]): number {
  const width = Math.max(...slots.map((slot) => slot.width));
  const fits = slots.every((slot) => slot.width === width || slot.width === 1) && slots.some((slot) => !slot.constant);
  if (!fits || slots.some(({ dims }) => dims !== undefined && dims.length > 1 && dims[0] !== 1))
    throw new Unsupported('broadcasting over rows');
  return width;
}

export function where(node: Node): Compiled {
  const condition = node.numbers(0);
  const yes = node.input(1);
  const no = node.input(2);
  if (yes.type !== no.type) throw new Unsupported('Where of unlike values');
  const width = sharedWidth(condition, yes, no);
  const out = like(yes, width);
  const target: Values = out.data;
  const [inCondition, inYes, inNo] = [strides(condition), strides(yes), strides(no)];
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < width; c++) {
          const takes = condition.data[r * inCondition.row + c * inCondition.column] !== 0;
          target[r * width + c] = (
            takes ? yes.data[r * inYes.row + c * inYes.column] : no.data[r * inNo.row + c * inNo.column]
          ) as number;
        }
      }
    },
  };
}
