/** What a graph tells of a raw column by the first things it does with it: its categories, a typical value, that it is a date. */
import { attributeInts, attributeTexts } from './attributes.ts';
import { initializers } from './graph-reading.ts';
import { elementTypeName, type GraphProto, type Int64, type NodeProto } from './proto.ts';
import { tensorValues } from './tensor.ts';

export interface ColumnHints {
  /** The texts that the graph knows one by one. */
  categories?: string[];
  /** What the exporter fills in for a missing value (a mean or a mode), else the first category. */
  example?: string | number;
  /** The text is cut at `-` and `:`: it must be spelled `YYYY-MM-DD HH:MM:SS`. */
  isDate: boolean;
  /** An integer column in which the smallest int64 stands for missing. */
  replacesMissingInteger: boolean;
  /** The one text that the graph replaces: what a missing value was in training. */
  missingText?: string;
}

/** What Azure's exports, and ours, put in place of a missing integer. */
const MISSING_INT64 = -(2n ** 63n);

/** Spellings that Azure's exports compare text with to find missing values. */
const missingSpellings = new Set(['NaN', 'nan', 'None', '']);

/** Operators that leave one column one column, so that what comes after them still speaks of it. */
const passOn = new Set([
  'Identity',
  'ArrayFeatureExtractor',
  'Cast',
  'Flatten',
  'Reshape',
  'Scaler',
  'Imputer',
  'Where',
  'Tokenizer',
  'Less',
  'StringNormalizer',
]);

const LONGEST_WAY = 8;

/** @param users the nodes that use each value, from `consumers` */
export function columnHints(graph: GraphProto, users: ReadonlyMap<string, NodeProto[]>, input: string): ColumnHints {
  const stored = initializers(graph);
  const hints: ColumnHints = { isDate: false, replacesMissingInteger: false };
  const seen = new Set<NodeProto>();

  function visit(value: string, steps: number): void {
    for (const node of users.get(value) ?? []) {
      if (seen.has(node) || steps > LONGEST_WAY) continue;
      seen.add(node);
      read(node);
      const isFreeText = node.opType === 'Tokenizer' && attributeTexts(node.attribute, 'separators').length > 1;
      if (passOn.has(node.opType ?? '') && !isFreeText && !isMatrix(node)) visit(node.output[0] ?? '', steps + 1);
    }
  }

  function read(node: NodeProto): void {
    switch (node.opType) {
      case 'Imputer':
        hints.example ??= imputed(node);
        hints.replacesMissingInteger ||= node.attribute.some(
          ({ name, i }) => name === 'replaced_value_int64' && BigInt(i ?? 0) === MISSING_INT64,
        );
        return;
      case 'Equal':
        hints.replacesMissingInteger ||= node.input.some((name) => storedValue(name) === MISSING_INT64);
        return;
      case 'Where':
        hints.example ??= asExample(node.input.map(storedValue).find((value) => value !== undefined));
        return;
      case 'Tokenizer': {
        const separators = attributeTexts(node.attribute, 'separators');
        hints.isDate ||= separators.includes('-') && separators.includes(':');
        return;
      }
      case 'TfIdfVectorizer':
        know(attributeTexts(node.attribute, 'pool_strings'));
        return;
      case 'LabelEncoder': {
        const keys = attributeTexts(node.attribute, 'keys_strings');
        const [only = ''] = keys;
        // scikit-learn's SimpleImputer marks the rows that are missing in this way.
        if (keys.length === 1 && missingSpellings.has(only)) hints.missingText ??= only;
        know(keys);
        know(attributeTexts(node.attribute, 'classes_strings'));
        return;
      }
      case 'OneHotEncoder':
        know(attributeTexts(node.attribute, 'cats_strings'));
        hints.example ??= asExample(attributeInts(node.attribute, 'cats_int64s')[0]);
    }
  }

  function know(texts: readonly string[]): void {
    const known = texts.filter((text) => !missingSpellings.has(text));
    if (known.length > 0) hints.categories ??= known;
  }

  function storedValue(name: string): Int64 | string | undefined {
    const tensor = stored.get(name);
    // Values of exotic types (8-bit floats, 4-bit integers) tell nothing of a column.
    return elementTypeName(tensor?.dataType) === undefined || tensor === undefined ? undefined : tensorValues(tensor)[0];
  }

  visit(input, 0);
  return hints;
}

/**
 * The same of one column of a matrix, where the graph takes it out by itself.
 *
 * @param column counted from 0
 */
export function matrixColumnHints(
  graph: GraphProto,
  users: ReadonlyMap<string, NodeProto[]>,
  input: string,
  column: number,
): ColumnHints | undefined {
  const stored = initializers(graph);
  const takes = ({ opType, input: [, index = ''], attribute }: NodeProto): boolean => {
    const isTaken =
      opType === 'ArrayFeatureExtractor' ||
      (opType === 'Gather' && attribute.some(({ name, i }) => name === 'axis' && Number(i) === 1));
    const tensor = isTaken ? stored.get(index) : undefined;
    const places = tensor === undefined ? [] : tensorValues(tensor);
    return places.length === 1 && Number(places[0]) === column;
  };
  const taker = users.get(input)?.find(takes);
  return taker && columnHints(graph, users, taker.output[0] ?? '');
}

/** Imputer and Scaler over several columns at once do not speak of this one. */
function isMatrix(node: NodeProto): boolean {
  return node.attribute.some(({ name, floats }) => (name === 'imputed_value_floats' || name === 'scale') && floats.length > 1);
}

function imputed(node: NodeProto): number | undefined {
  if (isMatrix(node)) return undefined;
  const integer = attributeInts(node.attribute, 'imputed_value_int64s')[0];
  if (integer !== undefined) return Number(integer);
  const float = node.attribute.find(({ name }) => name === 'imputed_value_floats')?.floats[0];
  return float === undefined ? undefined : Number(float.toPrecision(4));
}

function asExample(value: Int64 | string | undefined): string | number | undefined {
  return typeof value === 'bigint' ? undefined : value;
}
