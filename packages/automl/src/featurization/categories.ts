/**
 * Values as category codes: trees split on sets of them, linear learners read them one-hot (Azure's CharGramCountVectorizer over whole
 * values). A missing value is a category where training saw one, or counts as the value that the job imputes; a value that training
 * did not see has code 0 and belongs to nothing.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { requireNumbers, requireText } from './columns.ts';
import { type Featurizer, isMissing, sharedCodes } from './featurizer.ts';
import type { RawInputs } from './raw-inputs.ts';
import type { Imputation } from './settings.ts';

export type FittedCategory = {
  readonly name: string;
  /** Values with a code, none of them missing: texts, or float32 numbers of a number column. */
  readonly keys: readonly string[] | readonly number[];
  /** The code of each key; 1 is the first label. */
  readonly codes: Int32Array;
  /** The code of a missing value; 0 when it belongs to nothing. */
  readonly missingCode: number;
  /** Code `c` is `labels[c - 1]`; `nan` is the missing one. In code-point order, as Azure's vocabulary. */
  readonly labels: readonly string[];
};

export type FittedCategories = { readonly columns: readonly FittedCategory[] };

/** Categories kept a column; rarer ones share code 0 with unseen ones. */
export const MOST_CATEGORIES = 1000;

/** What stands for NaN among the keys of a LabelEncoder, which cannot be asked for NaN on every runtime. */
const NAN_KEY = Math.fround(-3.4028234663852886e38);

export const categories: Featurizer<FittedCategories> = {
  name: 'CharGramCountVectorizer',

  fit(planned, rows) {
    return { columns: planned.map(({ column, plan }) => fitCategory(column, rows, plan.imputation)) };
  },

  transform({ columns }, table) {
    const categorical = columns.map((category) => ({
      name: `${category.name}_${categories.name}`,
      raw: category.name,
      codes: codesOf(
        holdsNumbers(category.keys) ? requireNumbers(table, category.name) : requireText(table, category.name),
        category,
      ),
      labels: category.labels,
    }));
    return { numeric: [], categorical };
  },

  emit({ columns }, graph, raw) {
    return { numeric: undefined, categorical: columns.map((category) => emitCodes(graph, raw, category)) };
  },
};

function fitCategory(column: Column, rows: Int32Array, imputation: Imputation | undefined): FittedCategory {
  const counts = countValues(column, rows);
  const missing = column.kind === 'numeric' ? Number.NaN : '';
  const present = [...counts.keys()].filter((value) => !isMissing(value));
  const fill = imputation?.strategy === 'constant' ? imputation.fillValue : imputation && mostFrequent(counts, present);
  if (fill !== undefined) {
    if (!counts.has(fill)) present.push(fill);
    counts.set(fill, (counts.get(fill) ?? 0) + (counts.get(missing) ?? 0));
    counts.delete(missing);
  }
  const kept = present
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || compare(a, b))
    .slice(0, MOST_CATEGORIES)
    .map((key) => ({ key, label: String(key) }));
  const labelled = counts.has(missing) ? [...kept, { key: missing, label: 'nan' }] : kept;
  labelled.sort((a, b) => compare(a.label, b.label) || Number(isMissing(a.key)) - Number(isMissing(b.key)));
  const code = (value: string | number): number => labelled.findIndex(({ key }) => Object.is(key, value)) + 1;
  const known = labelled.map(({ key }, i) => ({ key, code: i + 1 })).filter(({ key }) => !isMissing(key));
  return {
    name: column.name,
    // A column without a value still says by its keys what it holds.
    keys: (known.length > 0 ? known.map(({ key }) => key) : [column.kind === 'numeric' ? 0 : ' ']) as string[] | number[],
    codes: known.length > 0 ? Int32Array.from(known, (entry) => entry.code) : Int32Array.of(0),
    missingCode: fill === undefined ? code(missing) : code(fill),
    labels: labelled.map(({ label }) => label),
  };
}

function mostFrequent(
  counts: ReadonlyMap<string | number, number>,
  present: readonly (string | number)[],
): string | number | undefined {
  return present.reduce<string | number | undefined>((best, value) => {
    if (best === undefined) return value;
    const more = (counts.get(value) ?? 0) - (counts.get(best) ?? 0);
    return more > 0 || (more === 0 && compare(value, best) < 0) ? value : best;
  }, undefined);
}

/** How often each value occurs in `rows`. */
export function countValues(column: Column, rows: Int32Array): Map<string | number, number> {
  if (column.kind === 'numeric') {
    const counts = new Map<number, number>();
    for (let i = 0; i < rows.length; i++) {
      const value = Math.fround(column.values[rows[i] as number] as number);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return counts;
  }
  const byCode = new Int32Array(column.dictionary.length + 1);
  for (let i = 0; i < rows.length; i++) {
    const slot = (column.codes[rows[i] as number] as number) + 1;
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

export function holdsNumbers(keys: readonly string[] | readonly number[]): keys is readonly number[] {
  return typeof keys[0] === 'number';
}

/** One code a row of the column. */
function codesOf(column: Column, { keys, codes: codeOfIndex, missingCode }: FittedCategory): Int32Array {
  const codeOfKey = new Map<string | number, number>(keys.map((key, i) => [key, codeOfIndex[i] as number]));
  if (column.kind === 'numeric') {
    const codes = sharedCodes(column.values.length);
    for (let row = 0; row < codes.length; row++) {
      const value = Math.fround(column.values[row] as number);
      codes[row] = Number.isNaN(value) ? missingCode : (codeOfKey.get(value) ?? 0);
    }
    return codes;
  }
  const codes = sharedCodes(column.codes.length);
  const codeOfEntry = Int32Array.from(column.dictionary, (text) => (text === '' ? missingCode : (codeOfKey.get(text) ?? 0)));
  for (let row = 0; row < codes.length; row++) {
    const entry = column.codes[row] as number;
    codes[row] = entry < 0 ? missingCode : (codeOfEntry[entry] as number);
  }
  return codes;
}

function emitCodes(graph: GraphBuilder, raw: RawInputs, { name, keys, codes, missingCode }: FittedCategory): string {
  const values = { values_int64s: [...codes, missingCode], default_int64: 0 };
  const domain = { domain: 'ai.onnx.ml' } as const;
  return holdsNumbers(keys)
    ? graph.node(
        'LabelEncoder',
        [numberKeys(graph, raw, name)],
        { keys_floats: { floats: [...keys, NAN_KEY] }, ...values },
        domain,
      )
    : graph.node('LabelEncoder', [raw.text(name)], { keys_strings: { strings: [...keys, ''] }, ...values }, domain);
}

/** float [n, 1]: a number looked up for each value of a column; `missing` and `unseen` for those that are it. */
export function emitLookup(
  graph: GraphBuilder,
  raw: RawInputs,
  column: { readonly name: string; readonly keys: readonly string[] | readonly number[] },
  numbers: Float32Array,
  missing: number,
  unseen: number,
): string {
  const { name, keys } = column;
  const values = { values_floats: { floats: [...numbers, missing] }, default_float: unseen };
  const domain = { domain: 'ai.onnx.ml' } as const;
  return holdsNumbers(keys)
    ? graph.node(
        'LabelEncoder',
        [numberKeys(graph, raw, name)],
        { keys_floats: { floats: [...keys, NAN_KEY] }, ...values },
        domain,
      )
    : graph.node('LabelEncoder', [raw.text(name)], { keys_strings: { strings: [...keys, ''] }, ...values }, domain);
}

/** float [n, 1]: a number column as keys of a LabelEncoder, NaN replaced. */
function numberKeys(graph: GraphBuilder, raw: RawInputs, name: string): string {
  const values = raw.numbers([name]);
  return graph.node('Where', [graph.node('IsNaN', [values]), graph.constant(Float32Array.of(NAN_KEY), [1]), values]);
}
