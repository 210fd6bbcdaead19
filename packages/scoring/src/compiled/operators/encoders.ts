/** Operators that turn categories into numbers, and back. */
import type { Compiled, Node } from '../node.ts';
import { floatSlot, type Slot, slotOf, type TextSlot, textSlot, type Values } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';

/** Keys to values, whatever their types; the first version of the operator has one list for both directions. */
export function labelEncoder(node: Node): Compiled {
  const from = node.input(0);
  const classes = node.texts('classes_strings');
  if (classes.length > 0) {
    const codes = classes.map((_, i) => i);
    if (from.type === 'text')
      return translate(from, new Map(classes.map((text, i) => [text, i])), node.integer('default_int64', -1), 'int64');
    return translate(
      from,
      new Map(codes.map((code) => [code, classes[code] as string])),
      node.text('default_string', '_Unused'),
      'string',
    );
  }
  const keys =
    from.type === 'text'
      ? node.texts('keys_strings')
      : from.type === 'float'
        ? node.floats('keys_floats')
        : node.integers('keys_int64s');
  if (keys.length === 0) throw new Unsupported('LabelEncoder with tensors');
  if (node.has('values_strings'))
    return translate(from, mapOf(keys, node.texts('values_strings')), node.text('default_string', '_Unused'), 'string');
  if (node.has('values_floats'))
    return translate(from, mapOf(keys, node.floats('values_floats')), node.float('default_float', -0), 'float');
  return translate(from, mapOf(keys, node.integers('values_int64s')), node.integer('default_int64', -1), 'int64');
}

function mapOf<V>(keys: readonly (string | number)[], values: readonly V[]): Map<string | number, V> {
  return new Map(keys.map((key, i) => [key, values[i] as V]));
}

function translate(
  from: Slot,
  map: ReadonlyMap<string | number, string | number>,
  other: string | number,
  type: string,
): Compiled {
  const out = slotOf(type, from.width);
  const target: Values = out.data;
  return {
    outputs: [out],
    run(rows) {
      for (let i = 0; i < rows * from.width; i++) target[i] = map.get(from.data[i] as string | number) ?? other;
    },
  };
}

/**
 * The Tokenizer that Azure's exports put before a bag of words only because that takes tokens: its separator is a word that no data has,
 * so a text is its own one token, and an empty text the padding. A text that does have the word is left to the runtime (`refuse`).
 */
export function tokenizer(refuse: () => void): (node: Node) => Compiled {
  return (node) => {
    const from = node.textInput(0);
    const [separator = '', ...others] = node.texts('separators');
    if (others.length > 0 || !/^\w{16,}$/.test(separator)) throw new Unsupported('Tokenizer that cuts texts');
    if (node.integer('mark', 0) !== 0 || node.integer('mincharnum', 1) !== 1 || from.width !== 1)
      throw new Unsupported('Tokenizer with marks');
    const padding = node.text('pad_value', '');
    const out = textSlot(1);
    return {
      outputs: [out],
      run(rows) {
        for (let r = 0; r < rows; r++) {
          const text = from.data[r] as string;
          if (text.length >= separator.length && text.includes(separator)) refuse();
          out.data[r] = text === '' ? padding : text;
        }
      },
    };
  };
}

/** A bag of words over single tokens: with one token a row, a one-hot vector. */
export function tfIdfVectorizer(node: Node): Compiled {
  const from = node.textInput(0);
  const words = node.texts('pool_strings');
  if (from.width !== 1 || words.length === 0 || node.integer('max_gram_length', 0) !== 1)
    throw new Unsupported('TfIdfVectorizer of several tokens');
  const columns = node.integers('ngram_indexes');
  const weights = node.text('mode', 'TF') === 'TF' ? [] : node.floats('weights');
  return oneHot(from, new Map(words.map((word, i) => [word, columns[i] as number])), Math.max(...columns) + 1, weights);
}

export function oneHotEncoder(node: Node): Compiled {
  const from = node.input(0);
  if (node.integer('zeros', 1) !== 1) throw new Unsupported('OneHotEncoder that refuses unknown categories');
  const categories: readonly (string | number)[] =
    from.type === 'text' ? node.texts('cats_strings') : node.integers('cats_int64s');
  return oneHot(from, new Map(categories.map((category, i) => [category, i])), categories.length, []);
}

/** @param weights what stands for each hot column; 1 when empty */
function oneHot(from: Slot, columns: ReadonlyMap<string | number, number>, size: number, weights: readonly number[]): Compiled {
  const { width } = from;
  const out = floatSlot(width * size);
  const isFloat = from.type === 'float';
  const { data } = from as TextSlot | { data: number[] };
  return {
    outputs: [out],
    run(rows) {
      out.data.fill(0, 0, rows * width * size);
      for (let i = 0; i < rows * width; i++) {
        const column = columns.get(isFloat ? Math.trunc(data[i] as number) : (data[i] as string));
        if (column !== undefined) out.data[i * size + column] = weights[column] ?? 1;
      }
    },
  };
}
