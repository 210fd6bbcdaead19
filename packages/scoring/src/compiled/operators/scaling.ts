/** Operators that rescale features: Scaler, Imputer, Normalizer. Every step is rounded as the runtime rounds it, for trees cut at exact values. */
import type { Kernels } from '../kernels.ts';
import type { Compiled, Kernel, Node } from '../node.ts';
import type { FloatSlot } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';
import { asFloats } from './numbers.ts';

export function scaler(node: Node): Compiled {
  const { heap } = node;
  const { width } = node.numbers(0);
  const offset = perColumn(node.floats('offset'), width);
  const scale = perColumn(node.floats('scale'), width);
  const { slot, run } = asFloats(node, node.numbers(0));
  if (offset.every((value) => value === 0) && scale.every((value) => value === 1)) return { outputs: [slot], run };
  const pairs = heap.table(Float32Array.from({ length: width * 2 }, (_, i) => (i % 2 === 0 ? offset : scale)[i >> 1] as number));
  return overColumns(node, slot, run, (rows, table, columns, out) => heap.kernels.scale(rows, table, columns, pairs, out));
}

export function normalizer(node: Node): Compiled {
  const normalize = norms[node.text('norm', 'MAX')];
  if (normalize === undefined) throw new Unsupported('Normalizer of an unknown norm');
  const { slot, run } = asFloats(node, node.numbers(0));
  return overColumns(node, slot, run, node.heap.kernels[normalize]);
}

const norms: Readonly<Record<string, 'normalizeMax' | 'normalizeL1' | 'normalizeL2'>> = {
  MAX: 'normalizeMax',
  L1: 'normalizeL1',
  L2: 'normalizeL2',
};

/** A kernel from columns to as many new ones. @param before what computes the columns */
function overColumns({ heap }: Node, from: FloatSlot, before: Kernel | undefined, kernel: Kernels['normalizeL1']): Compiled {
  const table = heap.addresses(from.columns);
  const out = heap.slot('float', from.width);
  const to = (out.columns[0] ?? 0) * 4;
  return {
    outputs: [out],
    run(rows) {
      before?.(rows);
      kernel(rows, table, from.width, to);
    },
  };
}

export function imputer(node: Node): Compiled {
  const { heap } = node;
  const from = node.numbers(0);
  const { type, width } = from;
  if (type === 'boolean' || from.constant) throw new Unsupported('Imputer of booleans');
  const isFloat = type === 'float';
  const values = perColumn(isFloat ? node.floats('imputed_value_floats') : node.integers('imputed_value_int64s'), width);
  const replaced = isFloat
    ? node.float('replaced_value_float', Number.NaN)
    : (node.integers('replaced_value_int64')[0] ?? node.integer('replaced_value_int64', 0));
  const replacesNaN = Number.isNaN(replaced);
  const out = heap.slot(type, width);
  return {
    outputs: [out],
    run(rows) {
      const data = heap.data[type];
      for (let c = 0; c < width; c++) {
        const [at, to] = [from.columns[c] as number, out.columns[c] as number];
        for (let r = 0; r < rows; r++) {
          const value = data[at + r] as number;
          data[to + r] = value === replaced || (replacesNaN && Number.isNaN(value)) ? (values[c] as number) : value;
        }
      }
    },
  };
}

/** One number for all columns, or one a column. */
function perColumn(values: readonly number[], width: number): readonly number[] {
  if (values.length !== width && values.length !== 1) throw new Unsupported('a list that does not fit the columns');
  return values.length === width ? values : new Array<number>(width).fill(values[0] as number);
}
