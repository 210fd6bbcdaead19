/** How often training saw a value (frequency encoding), for columns of many values: rare and unseen ones are told from common ones. */
import { compare, countValues, emitLookup, holdsNumbers } from './categories.ts';
import { requireNumbers, requireText } from './columns.ts';
import { type Featurizer, isMissing, joinNumeric, sharedFloats } from './featurizer.ts';
import { lookedUp } from './value-lookup.ts';

export type FittedCountEncoder = {
  readonly columns: readonly {
    readonly name: string;
    /** The most frequent values, none of them missing. */
    readonly keys: readonly string[] | readonly number[];
    readonly counts: Float32Array;
    /** Rows without a value. */
    readonly missing: number;
  }[];
};

/** Values that are remembered a column. */
export const MOST_KEYS = 10_000;

export const countEncoder: Featurizer<FittedCountEncoder> = {
  name: 'CountEncoder',

  fit(planned, rows) {
    return {
      columns: planned.map(({ column }) => {
        const counts = countValues(column, rows);
        const missing = counts.get(column.kind === 'numeric' ? Number.NaN : '') ?? 0;
        const keys = [...counts.keys()]
          .filter((key) => !isMissing(key))
          .sort((a, b) => (counts.get(b) as number) - (counts.get(a) as number) || compare(a, b))
          .slice(0, MOST_KEYS) as string[] | number[];
        return {
          name: column.name,
          keys,
          counts: Float32Array.from(keys as (string | number)[], (key) => counts.get(key) as number),
          missing,
        };
      }),
    };
  },

  transform({ columns }, table) {
    const numeric = columns.map(({ name, keys, counts, missing }) => {
      const values = sharedFloats(table.rowCount);
      lookedUp(holdsNumbers(keys) ? requireNumbers(table, name) : requireText(table, name), keys, counts, missing, 0, values);
      return { name: `${name}_${countEncoder.name}`, raw: name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const parts = columns.map((column) => emitLookup(graph, raw, column, column.counts, column.missing, 0));
    return { numeric: joinNumeric(graph, parts), categorical: [] };
  },
};
