/**
 * Free text as words: one feature for each of the most frequent words, its count in the row over the length (L2) of all counts.
 * Azure's WordGramTfIdf without its pairs of words; like Azure's it has no idf. Case counts, because a graph cannot fold it as
 * JavaScript does.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { compare, countValues } from './categories.ts';
import { requireText } from './columns.ts';
import { type Featurizer, sharedFloats } from './featurizer.ts';

export type FittedWordGrams = { readonly columns: readonly { readonly name: string; readonly words: readonly string[] }[] };

/** Words kept a column. */
const MOST_WORDS = 200;

/** A word in more rows than this share says nothing. */
const MOST_ROWS = 0.95;

/** Letters and digits, two or more: the same set in JavaScript and in the RE2 of the graph's tokenizer. */
const WORD = /[\p{L}\p{N}]{2,}/gu;
const WORD_RE2 = '[\\pL\\pN]{2,}';

export const wordGrams: Featurizer<FittedWordGrams> = {
  name: 'WordGramTfIdf',

  fit(columns, rows) {
    return { columns: columns.map((column) => ({ name: column.name, words: frequentWords(column, rows) })) };
  },

  transform({ columns }, table) {
    const numeric = columns.flatMap(({ name, words }) => {
      const { codes, dictionary } = requireText(table, name);
      const indexOf = new Map(words.map((word, i) => [word, i]));
      const features = words.map((_, i) => ({
        name: `${name}_WordGramTfIdf_${i}`,
        raw: name,
        values: sharedFloats(table.rowCount),
      }));
      const shares = dictionary.map((text) => wordShares(text, indexOf));
      codes.forEach((code, row) => {
        for (const [word, share] of shares[code] ?? []) (features[word]?.values as Float32Array)[row] = share;
      });
      return features;
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const parts = columns
      .filter(({ words }) => words.length > 0)
      .map(({ name, words }) => emitWordShares(graph, raw.text(name), words));
    return { numeric: parts.length > 1 ? graph.node('Concat', parts, { axis: 1 }) : parts[0], categorical: [] };
  },
};

/** The words of most rows, in code-point order: in at least two rows, in fewer than nearly all. */
function frequentWords(column: Column, rows: Int32Array): string[] {
  const rowsWith = new Map<string, number>();
  for (const [text, count] of countValues(column, rows)) {
    for (const word of new Set(String(text).match(WORD))) rowsWith.set(word, (rowsWith.get(word) ?? 0) + count);
  }
  return [...rowsWith]
    .filter(([, count]) => count >= 2 && count <= MOST_ROWS * rows.length)
    .sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))
    .slice(0, MOST_WORDS)
    .map(([word]) => word)
    .sort(compare);
}

/** [word index, count / L2 length of all counts] of the known words of a text. */
function wordShares(text: string, indexOf: ReadonlyMap<string, number>): [number, number][] {
  const counts = new Map<number, number>();
  for (const word of text.match(WORD) ?? []) {
    const index = indexOf.get(word);
    if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const length = Math.fround(Math.sqrt([...counts.values()].reduce((sum, count) => sum + count * count, 0)));
  return [...counts].map(([index, count]) => [index, Math.fround(count / length)]);
}

/** float [n, words] from string [n, 1]. */
function emitWordShares(graph: GraphBuilder, text: string, words: readonly string[]): string {
  const ints = (...values: number[]) => graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  // A last row with a word, taken off again, makes the tokenizer always find one.
  const withWord = graph.node('Concat', [text, graph.constant(['aa'], [1, 1])], { axis: 0 });
  const tokens = graph.node(
    'Tokenizer',
    [withWord],
    { mark: 0, mincharnum: 1, pad_value: '', tokenexp: WORD_RE2 },
    { domain: 'com.microsoft' },
  );
  const rows = graph.node('Squeeze', [graph.node('Slice', [tokens, ints(0), ints(-1), ints(0)]), ints(1)]);
  const counts = graph.node('TfIdfVectorizer', [rows], {
    mode: 'TF',
    min_gram_length: 1,
    max_gram_length: 1,
    max_skip_count: 0,
    ngram_counts: [0],
    ngram_indexes: words.map((_, i) => i),
    pool_strings: { strings: words },
  });
  const length = graph.node('ReduceL2', [counts], { axes: [1], keepdims: 1 });
  // The length is 0, or at least 1.
  return graph.node('Div', [counts, graph.node('Max', [length, graph.constant(Float32Array.of(0.5), [1])])]);
}
