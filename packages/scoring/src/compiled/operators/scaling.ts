/** Operators that rescale features: Scaler, Imputer, Normalizer. Every step is rounded as the runtime rounds it, for trees cut at exact values. */
import type { Compiled, Node } from '../node.ts';
import { floatSlot, integerSlot } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';

export function scaler(node: Node): Compiled {
  const { data, width, constant } = node.numbers(0);
  const offset = perColumn(node.floats('offset'), width);
  const scale = perColumn(node.floats('scale'), width);
  if (constant) throw new Unsupported('Scaler of a constant');
  if (offset.every((value) => value === 0) && scale.every((value) => value === 1) && node.input(0).type === 'float')
    return { outputs: [node.input(0)] };
  const out = floatSlot(width);
  const { data: target } = out;
  return {
    outputs: [out],
    run(rows) {
      for (let at = 0; at < rows * width; at += width) {
        for (let c = 0; c < width; c++)
          target[at + c] = Math.fround(Math.fround(data[at + c] as number) - (offset[c] as number)) * (scale[c] as number);
      }
    },
  };
}

export function imputer(node: Node): Compiled {
  const slot = node.numbers(0);
  const { data, width, type } = slot;
  if (type === 'boolean' || slot.constant) throw new Unsupported('Imputer of booleans');
  const isFloat = type === 'float';
  const values = perColumn(isFloat ? node.floats('imputed_value_floats') : node.integers('imputed_value_int64s'), width);
  const replaced = isFloat
    ? node.float('replaced_value_float', Number.NaN)
    : (node.integers('replaced_value_int64')[0] ?? node.integer('replaced_value_int64', 0));
  const replacesNaN = Number.isNaN(replaced);
  const out = isFloat ? floatSlot(width) : integerSlot(width);
  const { data: target } = out;
  return {
    outputs: [out],
    run(rows) {
      for (let at = 0; at < rows * width; at += width) {
        for (let c = 0; c < width; c++) {
          const value = data[at + c] as number;
          target[at + c] = value === replaced || (replacesNaN && Number.isNaN(value)) ? (values[c] as number) : value;
        }
      }
    },
  };
}

/** One number for all columns, or one a column. Kept as doubles: integers are exact in them, and floats are. */
function perColumn(values: readonly number[], width: number): Float64Array {
  if (values.length !== width && values.length !== 1) throw new Unsupported('a list that does not fit the columns');
  return Float64Array.from({ length: width }, (_, c) => values[values.length === 1 ? 0 : c] as number);
}

export function normalizer(node: Node): Compiled {
  const { data, width, constant } = node.numbers(0);
  if (constant) throw new Unsupported('Normalizer of a constant');
  const normalize = norms[node.text('norm', 'MAX')];
  if (normalize === undefined) throw new Unsupported('Normalizer of an unknown norm');
  const out = floatSlot(width);
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) normalize(data, r * width, width, out.data);
    },
  };
}

type Normalize = (data: ArrayLike<number>, from: number, width: number, out: Float32Array) => void;

const norms: Readonly<Record<string, Normalize>> = {
  MAX(data, from, width, out) {
    let max = -Infinity;
    for (let i = from; i < from + width; i++) max = Math.max(max, Math.fround(data[i] as number));
    for (let i = from; i < from + width; i++) out[i] = max === 0 ? (data[i] as number) : Math.fround(data[i] as number) / max;
  },
  L1(data, from, width, out) {
    let sum = 0;
    for (let i = from; i < from + width; i++) sum = Math.fround(sum + Math.abs(Math.fround(data[i] as number)));
    for (let i = from; i < from + width; i++) out[i] = sum === 0 ? (data[i] as number) : Math.fround(data[i] as number) / sum;
  },
  L2(data, from, width, out) {
    let sum = 0;
    for (let i = from; i < from + width; i++) sum = Math.fround(sum + square(data[i] as number));
    for (let i = from; i < from + width; i++) {
      const value = data[i] as number;
      // Nearly all of a one-hot encoded row is 0, which stays 0 without a division and a root.
      const size = sum === 0 || (value === 0 && sum < Infinity) ? value : Math.sqrt(Math.fround(square(value) / sum));
      out[i] = sum !== 0 && value < 0 ? -size : size;
    }
  },
};

function square(value: number): number {
  const single = Math.fround(value);
  return Math.fround(single * single);
}
