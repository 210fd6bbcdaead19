/**
 * The raw columns a pipeline reads: how each is named and typed as an ONNX input, and how the graph reads its values.
 *
 * One input [n, 1] a raw column: whole numbers int64, other numbers float, text string. What is missing arrives as the int64
 * minimum, NaN or the empty string.
 */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import type { Column, StringColumn } from '../table/table.ts';

export type RawColumn = {
  readonly name: string;
  /** A valid identifier, unique among the columns: `emp.var.rate` is `emp_var_rate`. */
  readonly onnxName: string;
  readonly type: 'int64' | 'float' | 'string';
  readonly source: 'number' | StringColumn['source'];
  /** Known values of a text column with few of them, in code-point order. */
  readonly categories?: readonly string[];
  /** The value of the first row where it is not missing. */
  readonly example: string | number;
};

/** Runs of one type that are converted each on its own; of more the nodes would make the model slow to load. */
const mostRuns = 16;

/** How a missing int64 is written. */
export const MISSING_INT64 = -(2n ** 63n);

/** Names that the exported graph needs for itself, and one that the runtime for Node has no place for. */
const RESERVED = ['label', 'probabilities', 'variable', '__proto__'];

/** Categories listed in a signature; beyond that a column has free text. */
const MOST_LISTED = 200;

/** Describes `columns` as ONNX inputs. */
export function describeRawColumns(columns: readonly Column[]): RawColumn[] {
  const taken = new Set(RESERVED);
  return columns.map((column) => {
    const onnxName = uniqueIdentifier(column.name, taken);
    if (column.kind === 'numeric') {
      const example = column.values.find((value) => Number.isFinite(value)) ?? 0;
      return { name: column.name, onnxName, type: column.integer ? 'int64' : 'float', source: 'number', example };
    }
    const first = column.codes.find((code) => code >= 0) ?? -1;
    const raw = {
      name: column.name,
      onnxName,
      type: 'string',
      source: column.source,
      example: column.dictionary[first] ?? '',
    } as const;
    return column.dictionary.length <= MOST_LISTED ? { ...raw, categories: [...column.dictionary].sort() } : raw;
  });
}

function uniqueIdentifier(name: string, taken: Set<string>): string {
  const stem = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9]|$)/, '_');
  let identifier = stem;
  for (let i = 1; taken.has(identifier); i++) identifier = `${stem}_${i}`;
  taken.add(identifier);
  return identifier;
}

/** Reads raw columns inside a graph. */
export type RawInputs = {
  /** float [n, names.length]: number columns side by side, NaN where missing. */
  numbers(names: readonly string[]): string;
  /** string [n, 1]: a text column, '' where missing. */
  text(name: string): string;
};

/** @param values raw column name -> the graph value [n, 1] that holds it, of the type `describeRawColumns` gave it. */
export function rawInputs(graph: GraphBuilder, columns: readonly RawColumn[], values: ReadonlyMap<string, string>): RawInputs {
  const made = new Map<string, string>();
  const byName = new Map(columns.map((column) => [column.name, column]));
  const columnOf = (name: string): RawColumn => {
    const column = byName.get(name);
    if (column === undefined || !values.has(name)) {
      throw new MalachiteError(
        'InvalidInput',
        `The graph has no input for column "${name}". It has: ${[...values.keys()].join(', ')}.`,
      );
    }
    return column;
  };
  const sideBySide = (parts: readonly string[]) =>
    parts.length === 1 ? (parts[0] as string) : graph.node('Concat', parts, { axis: 1 });
  const joined = (names: readonly string[], type: RawColumn['type']): string => {
    const value = sideBySide(names.map((name) => values.get(name) as string));
    return type === 'int64' ? int64ToFloat(graph, value) : value;
  };
  /** Neighbours of the same type are joined before they are converted. */
  const runByRun = (names: readonly string[], types: readonly RawColumn['type'][]): string => {
    const parts: string[] = [];
    for (let begin = 0; begin < names.length; ) {
      const type = types[begin] as RawColumn['type'];
      let end = begin + 1;
      while (end < names.length && types[end] === type) end++;
      parts.push(joined(names.slice(begin, end), type));
      begin = end;
    }
    return sideBySide(parts);
  };
  /** All of a type are joined, converted, and put in their order at the end. */
  const typeByType = (names: readonly string[], types: readonly RawColumn['type'][]): string => {
    const places = [...names.keys()].sort((a, b) => Number(types[a] === 'int64') - Number(types[b] === 'int64') || a - b);
    const floats = types.filter((type) => type !== 'int64').length;
    const sorted = places.map((place) => names[place] as string);
    const both = sideBySide([joined(sorted.slice(0, floats), 'float'), joined(sorted.slice(floats), 'int64')]);
    const order = new BigInt64Array(names.length);
    for (const [at, place] of places.entries()) order[place] = BigInt(at);
    return graph.node('Gather', [both, graph.constant(order, [names.length])], { axis: 1 });
  };
  return {
    numbers(names) {
      const key = JSON.stringify(names);
      const known = made.get(key);
      if (known !== undefined) return known;
      const types = names.map((name) => columnOf(name).type);
      const runs = types.filter((type, i) => type !== types[i - 1]).length;
      const value = runs > mostRuns ? typeByType(names, types) : runByRun(names, types);
      made.set(key, value);
      return value;
    },
    text(name) {
      columnOf(name);
      return values.get(name) as string;
    },
  };
}

function int64ToFloat(graph: GraphBuilder, value: string): string {
  const missing = graph.node('Equal', [value, graph.constant(BigInt64Array.of(MISSING_INT64), [1])]);
  return graph.node('Where', [missing, graph.constant(Float32Array.of(Number.NaN), [1]), graph.node('Cast', [value], { to: 1 })]);
}
