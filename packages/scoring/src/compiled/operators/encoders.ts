/** Operators that turn categories into numbers, and back. */
import { BLOCK } from '../heap.ts';
import type { Compiled, Node } from '../node.ts';
import type { Values, ValueType } from '../slot.ts';
import { Unsupported } from '../unsupported.ts';

/** Keys to values, whatever their types; the first version of the operator has one list for both directions. */
export function labelEncoder(node: Node): Compiled {
  const from = node.input(0);
  const classes = node.texts('classes_strings');
  if (classes.length > 0) {
    const codes = classes.map((_, i) => i);
    return from.type === 'text'
      ? translate(node, mapOf(classes, codes), node.integer('default_int64', -1), 'integer')
      : translate(node, mapOf(codes, classes), node.text('default_string', '_Unused'), 'text');
  }
  const keys =
    from.type === 'text'
      ? node.texts('keys_strings')
      : from.type === 'float'
        ? node.floats('keys_floats')
        : node.integers('keys_int64s');
  if (keys.length === 0) throw new Unsupported('LabelEncoder with tensors');
  if (node.has('values_strings'))
    return translate(node, mapOf(keys, node.texts('values_strings')), node.text('default_string', '_Unused'), 'text');
  if (node.has('values_floats'))
    return translate(node, mapOf(keys, node.floats('values_floats')), node.float('default_float', -0), 'float');
  return translate(node, mapOf(keys, node.integers('values_int64s')), node.integer('default_int64', -1), 'integer');
}

function mapOf<V>(keys: readonly (string | number)[], values: readonly V[]): Map<string | number, V> {
  return new Map(keys.map((key, i) => [key, values[i] as V]));
}

function translate(
  node: Node,
  map: ReadonlyMap<string | number, string | number>,
  other: string | number,
  type: ValueType,
): Compiled {
  const from = node.input(0);
  const { heap } = node;
  const out = heap.slot(type, from.width);
  return {
    outputs: [out],
    run(rows) {
      const source: Values = heap.data[from.type];
      const target: Values = heap.data[type];
      for (const [c, at] of from.columns.entries()) {
        const to = out.columns[c] as number;
        for (let r = 0; r < rows; r++) target[to + r] = map.get(source[at + r] as string | number) ?? other;
      }
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
    const { heap } = node;
    const out = heap.slot('text', 1);
    const [at, to] = [from.columns[0] as number, out.columns[0] as number];
    return {
      outputs: [out],
      run(rows) {
        const { text: texts } = heap.data;
        for (let r = 0; r < rows; r++) {
          const text = texts[at + r] as string;
          if (text.length >= separator.length && text.includes(separator)) refuse();
          texts[to + r] = text === '' ? padding : text;
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
  return oneHot(node, mapOf(words, columns), Math.max(...columns) + 1, weights);
}

export function oneHotEncoder(node: Node): Compiled {
  const from = node.input(0);
  if (node.integer('zeros', 1) !== 1) throw new Unsupported('OneHotEncoder that refuses unknown categories');
  const categories: readonly (string | number)[] =
    from.type === 'text' ? node.texts('cats_strings') : node.integers('cats_int64s');
  const places = categories.map((_, i) => i);
  return oneHot(node, mapOf(categories, places), categories.length, []);
}

/** @param size columns for each column of the input. @param weights what stands for each hot column; 1 when empty */
function oneHot(node: Node, places: ReadonlyMap<string | number, number>, size: number, weights: readonly number[]): Compiled {
  const from = node.input(0);
  const { heap } = node;
  const out = heap.slot('float', from.width * size);
  const isFloat = from.type === 'float' || from.type === 'double';
  // Nearly all is 0: what the last block has set is cleared, instead of everything.
  const hot = new Int32Array(BLOCK * from.width);
  let hotCount = 0;
  return {
    outputs: [out],
    run(rows) {
      const { float } = heap.data;
      const source: Values = heap.data[from.type];
      for (let i = 0; i < hotCount; i++) float[hot[i] as number] = 0;
      hotCount = 0;
      for (let c = 0; c < from.width; c++) {
        const at = from.columns[c] as number;
        for (let r = 0; r < rows; r++) {
          const value = source[at + r] as string | number;
          const place = places.get(isFloat ? Math.trunc(value as number) : value);
          if (place === undefined) continue;
          const to = (out.columns[c * size + place] as number) + r;
          float[to] = weights[place] ?? 1;
          hot[hotCount++] = to;
        }
      }
    },
  };
}
