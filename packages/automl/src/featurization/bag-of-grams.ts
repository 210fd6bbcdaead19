/**
 * Text cut into words or characters, and how often each n-gram of a vocabulary occurs in it. Case counts, because a graph cannot fold
 * it as JavaScript does (Azure's engine does not fold it either where the model is to be exported).
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { compare, countValues } from './categories.ts';

export type Vocabulary = {
  readonly analyzer: 'word' | 'char';
  /** Each n-gram as its tokens, in code-point order of the text that they make. */
  readonly grams: readonly (readonly string[])[];
};

export type VocabularyOptions = {
  readonly analyzer: Vocabulary['analyzer'];
  /** Shortest and longest n-gram, in tokens. */
  readonly range: readonly [number, number];
  /** See `TfIdfParams`. */
  readonly minDf: number;
  readonly maxDf: number;
  /** Most n-grams kept: those of most rows. */
  readonly most: number;
};

/** How often n-grams occur in texts, text by text: those of text `t` are `grams[starts[t]]` … `grams[starts[t + 1] - 1]`. */
export type GramCounts = {
  readonly starts: Int32Array;
  /** Indices into the vocabulary, none twice in a text. */
  readonly grams: Int32Array;
  readonly counts: Int32Array;
};

/** Python's `\w\w+`: letters, digits and the underscore, two or more: the same set in JavaScript and in the RE2 of the graph's tokenizer. */
const WORD = /[\p{L}\p{N}_]{2,}/gu;
const WORD_RE2 = '[\\pL\\pN_]{2,}';

export function tokensOf(text: string, analyzer: Vocabulary['analyzer']): readonly string[] {
  return analyzer === 'word' ? (text.match(WORD) ?? []) : Array.from(text);
}

/** Stands between the tokens of a word n-gram; characters stand side by side. */
const glueOf = (analyzer: Vocabulary['analyzer']): string => (analyzer === 'word' ? ' ' : '');

export function learnVocabulary(column: Column, rows: Int32Array, options: VocabularyOptions): Vocabulary {
  const { analyzer, range, minDf, maxDf, most } = options;
  const glue = glueOf(analyzer);
  const rowsWith = new Map<string, { tokens: readonly string[]; rows: number; last: number }>();
  let text = 0;
  for (const [value, count] of countValues(column, rows)) {
    const tokens = tokensOf(String(value), analyzer);
    text++;
    for (let n = range[0]; n <= range[1]; n++) {
      for (let begin = 0; begin + n <= tokens.length; begin++) {
        const gram = n === 1 ? (tokens[begin] as string) : tokens.slice(begin, begin + n).join(glue);
        const known = rowsWith.get(gram);
        if (known === undefined) rowsWith.set(gram, { tokens: tokens.slice(begin, begin + n), rows: count, last: text });
        else if (known.last !== text) {
          known.rows += count;
          known.last = text;
        }
      }
    }
  }
  const least = minDf < 1 ? minDf * rows.length : minDf;
  const greatest = maxDf > 1 ? maxDf : maxDf * rows.length;
  const fitting = [...rowsWith].filter(([, gram]) => gram.rows >= least && gram.rows <= greatest);
  const kept =
    fitting.length <= most ? fitting : fitting.sort((a, b) => b[1].rows - a[1].rows || compare(a[0], b[0])).slice(0, most);
  kept.sort((a, b) => compare(a[0], b[0]));
  return { analyzer, grams: kept.map(([, { tokens }]) => tokens) };
}

export function countGrams(texts: readonly string[], { analyzer, grams }: Vocabulary): GramCounts {
  const glue = glueOf(analyzer);
  const indexOf = new Map(grams.map((tokens, i) => [tokens.join(glue), i]));
  const lengths = [...new Set(grams.map((tokens) => tokens.length))].sort();
  const starts = new Int32Array(texts.length + 1);
  const found: number[] = [];
  const times: number[] = [];
  // Where a gram of the current text stands in `found`.
  const slot = new Int32Array(grams.length).fill(-1);
  texts.forEach((text, t) => {
    const tokens = tokensOf(text, analyzer);
    const first = found.length;
    for (const n of lengths) {
      for (let begin = 0; begin + n <= tokens.length; begin++) {
        const gram = indexOf.get(n === 1 ? (tokens[begin] as string) : tokens.slice(begin, begin + n).join(glue));
        if (gram === undefined) continue;
        const at = slot[gram] as number;
        if (at >= first) times[at] = (times[at] as number) + 1;
        else {
          slot[gram] = found.length;
          found.push(gram);
          times.push(1);
        }
      }
    }
    starts[t + 1] = found.length;
  });
  return { starts, grams: Int32Array.from(found), counts: Int32Array.from(times) };
}

/** float [n, grams] counts from string [n, 1]; made once a text, vocabulary and graph. */
export function emitGramCounts(graph: GraphBuilder, text: string, vocabulary: Vocabulary): string {
  const made = counted.get(graph) ?? new Map<string, string>();
  counted.set(graph, made);
  const key = JSON.stringify([text, vocabulary]);
  const known = made.get(key) ?? emitCounts(graph, text, vocabulary);
  made.set(key, known);
  return known;
}

const counted = new WeakMap<GraphBuilder, Map<string, string>>();

function emitCounts(graph: GraphBuilder, text: string, { analyzer, grams }: Vocabulary): string {
  const ints = (...values: number[]) => graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  // A last row with a word, taken off again, makes the tokenizer always find one.
  const withWord = graph.node('Concat', [text, graph.constant(['aa'], [1, 1])], { axis: 0 });
  const common = { mark: 0, mincharnum: 1, pad_value: '' };
  const attributes = analyzer === 'word' ? { ...common, tokenexp: WORD_RE2 } : { ...common, separators: { strings: [''] } };
  const tokens = graph.node('Tokenizer', [withWord], attributes, { domain: 'com.microsoft' });
  const rows = graph.node('Squeeze', [graph.node('Slice', [tokens, ints(0), ints(-1), ints(0)]), ints(1)]);
  const byLength = grams
    .map((tokensOfGram, i) => ({ tokens: tokensOfGram, i }))
    .sort((a, b) => a.tokens.length - b.tokens.length);
  const shortest = byLength[0]?.tokens.length ?? 1;
  const longest = byLength.at(-1)?.tokens.length ?? 1;
  // Where the n-grams of each length begin in the pool, from single tokens on.
  const begins = Array.from({ length: longest }, (_, n) =>
    byLength.reduce((sum, gram) => sum + (gram.tokens.length <= n ? gram.tokens.length : 0), 0),
  );
  return graph.node('TfIdfVectorizer', [rows], {
    mode: 'TF',
    min_gram_length: shortest,
    max_gram_length: longest,
    max_skip_count: 0,
    ngram_counts: begins,
    ngram_indexes: byLength.map(({ i }) => i),
    pool_strings: { strings: byLength.flatMap((gram) => gram.tokens) },
  });
}
