/**
 * Numbers with a number where a value is missing or infinite (Azure's Imputer: mean, median, mode or a constant), for learners
 * that need a finite number.
 */
import type { NumericColumn } from '../table/table.ts';
import { requireNumbers } from './columns.ts';
import { type Featurizer, sharedFloats } from './featurizer.ts';
import type { Imputation } from './settings.ts';

/** One number a column, rounded to float32; 0 for a column without a finite value. */
export type FittedImputer = {
  readonly columns: readonly { readonly name: string; readonly strategy: Imputation['strategy'] }[];
  readonly fills: Float32Array;
};

/** Azure ML's names, by strategy. */
export const imputerNames = {
  mean: 'MeanImputer',
  median: 'MedianImputer',
  mode: 'ModeImputer',
  constant: 'ConstantImputer',
} as const satisfies Record<Imputation['strategy'], string>;

export const imputer: Featurizer<FittedImputer> = {
  name: 'Imputer',

  fit(planned, rows) {
    const imputations = planned.map(({ plan }): Imputation => plan.imputation ?? { strategy: 'mean' });
    return {
      columns: planned.map(({ column: { name } }, j) => ({ name, strategy: (imputations[j] as Imputation).strategy })),
      fills: Float32Array.from(planned, ({ column }, j) =>
        column.kind === 'numeric' ? fillOf(column, rows, imputations[j] as Imputation) : 0,
      ),
    };
  },

  transform({ columns, fills }, table) {
    const numeric = columns.map(({ name, strategy }, j) => {
      const source = requireNumbers(table, name).values;
      const values = sharedFloats(table.rowCount);
      const fill = fills[j] as number;
      for (let row = 0; row < values.length; row++) {
        const value = Math.fround(source[row] as number);
        values[row] = value - value === 0 ? value : fill;
      }
      return { name: `${name}_${imputerNames[strategy]}`, raw: name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns, fills }, graph, raw) {
    const values = raw.numbers(columns.map(({ name }) => name));
    // x - x is NaN for NaN and for both infinities.
    const unusable = graph.node('IsNaN', [graph.node('Sub', [values, values])]);
    return { numeric: graph.node('Where', [unusable, graph.constant(fills, [1, columns.length]), values]), categorical: [] };
  },
};

function fillOf({ values }: NumericColumn, rows: Int32Array, { strategy, fillValue }: Imputation): number {
  if (strategy === 'constant') return Number(fillValue ?? 0);
  const finite = new Float32Array(rows.length);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = Math.fround(values[rows[i] as number] as number);
    if (value - value !== 0) continue;
    finite[count++] = value;
    sum += value;
  }
  if (count === 0) return 0;
  if (strategy === 'mean') return sum / count;
  const sorted = finite.subarray(0, count).sort();
  return strategy === 'median' ? medianOf(sorted) : modeOf(sorted);
}

function medianOf(sorted: Float32Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The most frequent number, the smallest of several. */
function modeOf(sorted: Float32Array): number {
  let mode = sorted[0] as number;
  let most = 0;
  for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
    while (end < sorted.length && sorted[end] === sorted[begin]) end++;
    if (end - begin > most) {
      most = end - begin;
      mode = sorted[begin] as number;
    }
  }
  return mode;
}
