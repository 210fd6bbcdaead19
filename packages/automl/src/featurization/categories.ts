/**
 * Values as category codes: trees split on sets of them, linear learners read them one-hot. A missing value is a category
 * where training saw one; a value that training did not see has code 0 and belongs to nothing.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column, Table } from '../table/table.ts';
import { requireNumbers, requireText } from './columns.ts';
import { type Featurizer, isMissing, sharedCodes, valueAt } from './featurizer.ts';
import type { RawInputs } from './raw-inputs.ts';

export type FittedCategories = {
  readonly columns: readonly {
    readonly name: string;
    /** The value with code `i + 1`; texts, or float32 numbers of a number column; '' or NaN is the missing one. */
    readonly keys: readonly string[] | readonly number[];
  }[];
};

/** Categories kept a column; rarer ones share code 0 with unseen ones. */
const MOST_CATEGORIES = 1000;

/** What stands for NaN among the keys of a LabelEncoder, which cannot be asked for NaN on every runtime. */
const NAN_KEY = Math.fround(-3.4028234663852886e38);

export const categories: Featurizer<FittedCategories> = {
  name: 'CharGramCountVectorizer',

  fit(columns, rows) {
    return { columns: columns.map((column) => ({ name: column.name, keys: frequentValues(column, rows) })) };
  },

  transform({ columns }, table) {
    const categorical = columns.map(({ name, keys }) => ({
      name: `${name}_CharGramCountVectorizer`,
      raw: name,
      codes: codesOf(holdsNumbers(keys) ? requireNumbers(table, name) : requireText(table, name), keys, table),
      labels: keys.map((key) => (isMissing(key) ? 'nan' : String(key))),
    }));
    return { numeric: [], categorical };
  },

  emit({ columns }, graph, raw) {
    return { numeric: undefined, categorical: columns.map(({ name, keys }) => emitCodes(graph, raw, name, keys)) };
  },
};

/** The distinct values of the rows, most frequent ones when there are too many, in code-point or numeric order; missing last. */
function frequentValues(column: Column, rows: Int32Array): string[] | number[] {
  const counts = countValues(column, rows);
  const frequent = [...counts.keys()].sort((a, b) => (counts.get(b) as number) - (counts.get(a) as number) || compare(a, b));
  const kept = frequent.slice(0, MOST_CATEGORIES).sort((a, b) => Number(isMissing(a)) - Number(isMissing(b)) || compare(a, b));
  return kept as string[] | number[];
}

/** How often each value occurs in `rows`. */
export function countValues(column: Column, rows: Int32Array): Map<string | number, number> {
  if (column.kind === 'numeric') {
    const counts = new Map<number, number>();
    for (const row of rows) {
      const value = Math.fround(column.values[row] as number);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return counts;
  }
  const byCode = new Int32Array(column.dictionary.length + 1);
  for (const row of rows) {
    const slot = (column.codes[row] as number) + 1;
    byCode[slot] = (byCode[slot] as number) + 1;
  }
  const counts = new Map<string, number>();
  byCode.forEach((count, slot) => {
    if (count > 0) counts.set(slot === 0 ? '' : (column.dictionary[slot - 1] as string), count);
  });
  return counts;
}

/** Numbers by size, texts by code point. */
export function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function holdsNumbers(keys: readonly string[] | readonly number[]): keys is readonly number[] {
  return typeof keys[0] === 'number';
}

function codesOf(column: Column, keys: readonly (string | number)[], table: Table): Int32Array {
  const codeOfKey = new Map<string | number, number>(keys.map((key, i) => [key, i + 1]));
  const codes = sharedCodes(table.rowCount);
  if (column.kind === 'string') {
    const codeOfEntry = Int32Array.from(column.dictionary, (text) => codeOfKey.get(text) ?? 0);
    const codeOfMissing = codeOfKey.get('') ?? 0;
    for (let row = 0; row < codes.length; row++) {
      const entry = column.codes[row] as number;
      codes[row] = entry < 0 ? codeOfMissing : (codeOfEntry[entry] as number);
    }
  } else {
    for (let row = 0; row < codes.length; row++) codes[row] = codeOfKey.get(valueAt(column, row)) ?? 0;
  }
  return codes;
}

function emitCodes(graph: GraphBuilder, raw: RawInputs, name: string, keys: readonly string[] | readonly number[]): string {
  const codes = { values_int64s: keys.map((_, i) => i + 1), default_int64: 0 };
  if (holdsNumbers(keys)) {
    const attributes = { keys_floats: { floats: keys.map((key) => (Number.isNaN(key) ? NAN_KEY : key)) }, ...codes };
    return graph.node('LabelEncoder', [numberKeys(graph, raw, name)], attributes, { domain: 'ai.onnx.ml' });
  }
  return graph.node('LabelEncoder', [raw.text(name)], { keys_strings: { strings: keys }, ...codes }, { domain: 'ai.onnx.ml' });
}

/** float [n, 1]: a number column as keys of a LabelEncoder, NaN replaced. */
function numberKeys(graph: GraphBuilder, raw: RawInputs, name: string): string {
  const values = raw.numbers([name]);
  return graph.node('Where', [graph.node('IsNaN', [values]), graph.constant(Float32Array.of(NAN_KEY), [1]), values]);
}
