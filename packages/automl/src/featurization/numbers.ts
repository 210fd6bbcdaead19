/** Numbers as they are, NaN where missing: for learners that route missing values themselves. */
import { requireNumbers } from './columns.ts';
import { type Featurizer, sharedFloats } from './featurizer.ts';

export type FittedNumbers = { readonly columns: readonly string[] };

export const numbers: Featurizer<FittedNumbers> = {
  name: 'Numbers',

  fit(planned) {
    return { columns: planned.map(({ column }) => column.name) };
  },

  transform({ columns }, table) {
    const numeric = columns.map((name) => {
      const values = sharedFloats(table.rowCount);
      values.set(requireNumbers(table, name).values);
      return { name, raw: name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, _graph, raw) {
    return { numeric: raw.numbers(columns), categorical: [] };
  },
};
