/**
 * How often training saw a value (frequency encoding), for columns whose values tell of the target: how far their means are to be
 * trusted. Only which columns depends on the target, so no row knows its own.
 */
import { compare, countValues, emitLookup, holdsNumbers } from './categories.ts';
import { requireNumbers, requireText } from './columns.ts';
import { isMissing, joinNumeric, type SupervisedFeaturizer, sharedFloats } from './featurizer.ts';
import { MOST_KEYS, valuesTell } from './target-encoder.ts';
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

export const countEncoder: SupervisedFeaturizer<FittedCountEncoder> = {
  name: 'CountEncoder',

  fitOutOfFold(planned, rows, supervision) {
    const telling = planned.filter(({ column }) => valuesTell(column, rows, supervision));
    const fitted = {
      columns: telling.map(({ column }) => {
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
    const columns = telling.map(({ column }) => column);
    const [first] = columns;
    const rowCount = first === undefined ? 0 : first.kind === 'numeric' ? first.values.length : first.codes.length;
    return { fitted, training: countEncoder.transform(fitted, { rowCount, columns }) };
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
