/** Numbers with the training mean where a value is missing or infinite: for learners that need a finite number. */
import { requireNumbers } from './columns.ts';
import { type Featurizer, sharedFloats } from './featurizer.ts';

/** One mean a column, rounded to float32; 0 for a column without a finite value. */
export type FittedMeanImputer = { readonly columns: readonly string[]; readonly means: Float32Array };

export const meanImputer: Featurizer<FittedMeanImputer> = {
  name: 'MeanImputer',

  fit(columns, rows) {
    const means = Float32Array.from(columns, (column) => (column.kind === 'numeric' ? finiteMean(column.values, rows) : 0));
    return { columns: columns.map((column) => column.name), means };
  },

  transform({ columns, means }, table) {
    const numeric = columns.map((name, j) => {
      const source = requireNumbers(table, name).values;
      const values = sharedFloats(table.rowCount);
      for (let row = 0; row < values.length; row++) {
        const value = Math.fround(source[row] as number);
        values[row] = Number.isFinite(value) ? value : (means[j] as number);
      }
      return { name: `${name}_MeanImputer`, raw: name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns, means }, graph, raw) {
    const values = raw.numbers(columns);
    // x - x is NaN for NaN and for both infinities.
    const unusable = graph.node('IsNaN', [graph.node('Sub', [values, values])]);
    return { numeric: graph.node('Where', [unusable, graph.constant(means, [1, columns.length]), values]), categorical: [] };
  },
};

function finiteMean(values: Float64Array, rows: Int32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = Math.fround(values[rows[i] as number] as number);
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
