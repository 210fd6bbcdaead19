/**
 * A column of at most two values as 0 or 1. A missing or unseen value counts as the most frequent one (Azure's ModeCatImputer), or as
 * the value that the job imputes.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { compare, countValues } from './categories.ts';
import { requireNumbers, requireText } from './columns.ts';
import { type Featurizer, isMissing, joinNumeric, sharedFloats, valueAt } from './featurizer.ts';
import type { RawInputs } from './raw-inputs.ts';

export type FittedLabelEncoder = {
  readonly columns: readonly {
    readonly name: string;
    readonly numbers: boolean;
    /** The value that is 1; '' or NaN when training saw one value only. */
    readonly one: string | number;
    /** The value that is 0. */
    readonly zero: string | number;
    /** What a missing or unseen value is. */
    readonly mode: 0 | 1;
  }[];
};

export const labelEncoder: Featurizer<FittedLabelEncoder> = {
  name: 'LabelEncoder',

  fit(planned, rows) {
    return {
      columns: planned.map(({ column, plan }) => ({
        name: column.name,
        numbers: column.kind === 'numeric',
        ...twoValues(column, rows, plan.imputation?.fillValue),
      })),
    };
  },

  transform({ columns }, table) {
    const numeric = columns.map(({ name, numbers, one, zero, mode }) => {
      const column = numbers ? requireNumbers(table, name) : requireText(table, name);
      const values = sharedFloats(table.rowCount);
      for (let row = 0; row < values.length; row++) {
        const value = valueAt(column, row);
        values[row] = isMissing(value) ? mode : value === one ? 1 : value === zero ? 0 : mode;
      }
      return { name: `${name}_ModeCatImputer_LabelEncoder`, raw: name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const together = columns.filter(({ numbers }) => numbers);
    if (together.length <= mostAlone) {
      const parts = columns.map((column) => emitAlone(graph, raw, column));
      return { numeric: joinNumeric(graph, parts), categorical: [] };
    }
    const alone = columns.filter(({ numbers }) => !numbers).map((column) => emitAlone(graph, raw, column));
    const joined = joinNumeric(graph, [emitTogether(graph, raw, together), ...alone]) as string;
    if (alone.length === 0) return { numeric: joined, categorical: [] };
    let [number, text] = [0, together.length];
    const order = BigInt64Array.from(columns, ({ numbers }) => BigInt(numbers ? number++ : text++));
    return { numeric: graph.node('Gather', [joined, graph.constant(order, [order.length])], { axis: 1 }), categorical: [] };
  },
};

/** Number columns that have a node each; more are compared side by side, because a graph of thousands of nodes is slow to load. */
const mostAlone = 16;

type TwoValues = FittedLabelEncoder['columns'][number];

function emitAlone(graph: GraphBuilder, raw: RawInputs, { name, numbers, one, zero, mode }: TwoValues): string {
  const known = [[zero, 0] as const, [one, 1] as const].filter(([key]) => !isMissing(key));
  // A LabelEncoder needs a key; a column that was all missing has only its mode.
  const pairs = known.length > 0 ? known : [[numbers ? 0 : '', mode] as const];
  const values = { values_floats: { floats: pairs.map(([, value]) => value) }, default_float: mode };
  const domain = { domain: 'ai.onnx.ml' } as const;
  if (numbers) {
    const keys = { keys_floats: { floats: pairs.map(([key]) => Number(key)) } };
    return graph.node('LabelEncoder', [raw.numbers([name])], { ...keys, ...values }, domain);
  }
  const keys = { keys_strings: { strings: pairs.map(([key]) => String(key)) } };
  return graph.node('LabelEncoder', [raw.text(name)], { ...keys, ...values }, domain);
}

/** float [n, columns.length] of number columns; NaN, which equals nothing, stands for a value that training did not see. */
function emitTogether(graph: GraphBuilder, raw: RawInputs, columns: readonly TwoValues[]): string {
  const values = raw.numbers(columns.map(({ name }) => name));
  const row = (numberOf: (column: TwoValues) => number) =>
    graph.constant(Float32Array.from(columns, numberOf), [1, columns.length]);
  const isKey = (key: (column: TwoValues) => string | number) =>
    graph.node('Equal', [values, row((column) => (isMissing(key(column)) ? Number.NaN : Number(key(column))))]);
  const number = (value: number) => graph.constant(Float32Array.of(value), [1]);
  const zeroOrMode = graph.node('Where', [isKey(({ zero }) => zero), number(0), row(({ mode }) => mode)]);
  return graph.node('Where', [isKey(({ one }) => one), number(1), zeroOrMode]);
}

function twoValues(
  column: Column,
  rows: Int32Array,
  fill: string | number | undefined,
): { zero: string | number; one: string | number; mode: 0 | 1 } {
  const counts = countValues(column, rows);
  const [zero = '', one = ''] = [...counts.keys()].filter((value) => !isMissing(value)).sort(compare);
  if (fill !== undefined && (fill === zero || fill === one)) return { zero, one, mode: fill === one ? 1 : 0 };
  return { zero, one, mode: (counts.get(one) ?? 0) > (counts.get(zero) ?? 0) ? 1 : 0 };
}
