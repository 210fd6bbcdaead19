/**
 * A column of at most two values as 0 or 1. A missing or unseen value counts as the most frequent one (Azure's ModeCatImputer), or as
 * the value that the job imputes.
 */
import type { Column } from '../table/table.ts';
import { compare, countValues } from './categories.ts';
import { requireNumbers, requireText } from './columns.ts';
import { type Featurizer, isMissing, joinNumeric, sharedFloats, valueAt } from './featurizer.ts';

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
    const parts = columns.map(({ name, numbers, one, zero, mode }) => {
      const known = [[zero, 0] as const, [one, 1] as const].filter(([key]) => !isMissing(key));
      // A LabelEncoder needs a key; a column that was all missing has only its mode.
      const pairs = known.length > 0 ? known : [[numbers ? 0 : '', mode] as const];
      const values = { values_floats: { floats: pairs.map(([, value]) => value) }, default_float: mode };
      const domain = { domain: 'ai.onnx.ml' } as const;
      if (!numbers) {
        return graph.node(
          'LabelEncoder',
          [raw.text(name)],
          { keys_strings: { strings: pairs.map(([key]) => String(key)) }, ...values },
          domain,
        );
      }
      return graph.node(
        'LabelEncoder',
        [raw.numbers([name])],
        { keys_floats: { floats: pairs.map(([key]) => Number(key)) }, ...values },
        domain,
      );
    });
    return { numeric: joinNumeric(graph, parts), categorical: [] };
  },
};

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
