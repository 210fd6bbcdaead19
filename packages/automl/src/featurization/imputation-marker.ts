/** 1 where a number is missing or infinite, else 0: lets a linear learner see that a value was imputed. */
import { requireNumbers } from './columns.ts';
import { type Featurizer, sharedFloats } from './featurizer.ts';

export type FittedImputationMarker = { readonly columns: readonly string[] };

export const imputationMarker: Featurizer<FittedImputationMarker> = {
  name: 'ImputationMarker',

  fit(planned) {
    return { columns: planned.map(({ column }) => column.name) };
  },

  transform({ columns }, table) {
    const numeric = columns.map((name) => {
      const source = requireNumbers(table, name).values;
      const values = sharedFloats(table.rowCount);
      for (let row = 0; row < values.length; row++) {
        const value = Math.fround(source[row] as number);
        values[row] = value - value === 0 ? 0 : 1;
      }
      return { name: `${name}_ImputationMarker`, raw: name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const values = raw.numbers(columns);
    const unusable = graph.node('IsNaN', [graph.node('Sub', [values, values])]);
    return { numeric: graph.node('Cast', [unusable], { to: 1 }), categorical: [] };
  },
};
