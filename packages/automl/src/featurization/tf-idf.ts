/**
 * Free text as n-grams (Azure's WordGramTfIdf, single words and pairs, and CharGramTfIdf, three characters): each one's count in the row,
 * times its inverse document frequency where the job asks for it, over the length of all of them.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { countGrams, emitGramCounts, learnVocabulary, type Vocabulary } from './bag-of-grams.ts';
import { requireText } from './columns.ts';
import { type Featurizer, joinNumeric, sharedFloats } from './featurizer.ts';
import { emitRowLengths, emitRowSums } from './row-lengths.ts';
import type { TfIdfParams } from './settings.ts';

export type FittedTfIdf = { readonly columns: readonly FittedTfIdfColumn[] };

export type FittedTfIdfColumn = {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** One a gram; undefined where all are 1. */
  readonly idf: Float64Array | undefined;
  readonly norm: TfIdfParams['norm'];
};

/** Values that the features of one column may take up, and features a row of training: what is left out are the n-grams of fewest rows. */
const MOST_VALUES = 4_000_000;
const MOST_GRAMS_A_ROW = 1.2;
const [FEWEST_GRAMS, MOST_GRAMS] = [100, 2000];

/** How many n-grams of a column are kept where the job does not say. */
function roomFor(rows: number): number {
  const room = Math.floor(Math.min(MOST_GRAMS, MOST_VALUES / Math.max(1, rows), MOST_GRAMS_A_ROW * rows));
  return Math.max(FEWEST_GRAMS, room);
}

const analyzers = {
  WordGramTfIdf: { analyzer: 'word', range: [1, 2], maxDf: 1, minDf: 1 },
  CharGramTfIdf: { analyzer: 'char', range: [3, 3], maxDf: 0.95, minDf: 1 },
  /** Single words for learners that look at one feature after the other, for which pairs and rare words are only more to look at. */
  WordTfIdf: { analyzer: 'word', range: [1, 1], maxDf: 0.95, minDf: 2, most: 100 },
} as const;

export const wordGramTfIdf = tfIdfOf('WordGramTfIdf');
export const charGramTfIdf = tfIdfOf('CharGramTfIdf');
export const wordTfIdf = tfIdfOf('WordTfIdf');

function tfIdfOf(name: keyof typeof analyzers): Featurizer<FittedTfIdf> {
  const defaults: { analyzer: 'word' | 'char'; range: readonly [number, number]; maxDf: number; minDf: number; most?: number } =
    analyzers[name];
  return {
    name,

    fit(planned, rows) {
      return {
        columns: planned.map(({ column, plan: { tfIdf = {} } }) => {
          const vocabulary = learnVocabulary(column, rows, {
            analyzer: defaults.analyzer,
            range: defaults.range,
            minDf: tfIdf.min_df ?? defaults.minDf,
            maxDf: tfIdf.max_df ?? defaults.maxDf,
            most: tfIdf.max_features ?? defaults.most ?? roomFor(rows.length),
          });
          return {
            name: column.name,
            vocabulary,
            idf: tfIdf.use_idf ? inverseDocumentFrequencies(column, rows, vocabulary) : undefined,
            norm: tfIdf.norm ?? 'l2',
          };
        }),
      };
    },

    transform({ columns }, table) {
      const numeric = columns.flatMap((fitted) => {
        const { codes, dictionary } = requireText(table, fitted.name);
        const features = fitted.vocabulary.grams.map((_, i) => ({
          name: `${fitted.name}_${name}_${i}`,
          raw: fitted.name,
          values: sharedFloats(table.rowCount),
          isOnCommonScale: true,
        }));
        const values = features.map((feature) => feature.values);
        const { starts, grams, shares } = sharesOf(dictionary, fitted);
        for (let row = 0; row < codes.length; row++) {
          const entry = codes[row] as number;
          if (entry < 0) continue;
          for (let i = starts[entry] as number; i < (starts[entry + 1] as number); i++) {
            (values[grams[i] as number] as Float32Array)[row] = shares[i] as number;
          }
        }
        return features;
      });
      return { numeric, categorical: [] };
    },

    emit({ columns }, graph, raw) {
      const used = columns.filter(({ vocabulary }) => vocabulary.grams.length > 0);
      return {
        numeric: joinNumeric(
          graph,
          used.map((fitted) => emitShares(graph, raw.text(fitted.name), fitted)),
        ),
        categorical: [],
      };
    },
  };
}

/** scikit-learn's smoothed idf: ln((1 + rows) / (1 + rows with the gram)) + 1. */
export function inverseDocumentFrequencies(column: Column, rows: Int32Array, vocabulary: Vocabulary): Float64Array {
  const idf = new Float64Array(vocabulary.grams.length);
  if (column.kind === 'string') {
    const { starts, grams } = countGrams(column.dictionary, vocabulary);
    for (let i = 0; i < rows.length; i++) {
      const entry = column.codes[rows[i] as number] as number;
      if (entry < 0) continue;
      for (let at = starts[entry] as number; at < (starts[entry + 1] as number); at++) {
        idf[grams[at] as number] = (idf[grams[at] as number] as number) + 1;
      }
    }
  }
  return idf.map((count) => Math.log((1 + rows.length) / (1 + count)) + 1);
}

/** What `countGrams` gives, with shares instead of counts. */
function sharesOf(texts: readonly string[], { vocabulary, idf, norm }: FittedTfIdfColumn) {
  const { starts, grams, counts } = countGrams(texts, vocabulary);
  const shares = new Float32Array(counts.length);
  for (let t = 0; t < texts.length; t++) {
    const [begin, end] = [starts[t] as number, starts[t + 1] as number];
    let length = 0;
    for (let i = begin; i < end; i++) {
      const value = (counts[i] as number) * (idf === undefined ? 1 : (idf[grams[i] as number] as number));
      length += norm === 'l2' ? value * value : value;
    }
    const divisor = norm === 'none' ? 1 : norm === 'l2' ? Math.sqrt(length) : length;
    for (let i = begin; i < end; i++) {
      shares[i] = ((counts[i] as number) * (idf === undefined ? 1 : (idf[grams[i] as number] as number))) / divisor;
    }
  }
  return { starts, grams, shares };
}

/** float [n, grams] from string [n, 1]; divided in float64, as here. */
function emitShares(graph: GraphBuilder, text: string, { vocabulary, idf, norm }: FittedTfIdfColumn): string {
  const counts = graph.node('Cast', [emitGramCounts(graph, text, vocabulary)], { to: 11 });
  const weighed = idf === undefined ? counts : graph.node('Mul', [counts, graph.constant(idf, [1, idf.length])]);
  if (norm === 'none') return graph.node('Cast', [weighed], { to: 1 });
  const length = norm === 'l2' ? emitRowLengths(graph, weighed) : emitRowSums(graph, weighed);
  // The length is 0, or at least 1.
  const divisor = graph.node('Max', [length, graph.constant(Float64Array.of(0.5), [1])]);
  return graph.node('Cast', [graph.node('Div', [weighed, divisor])], { to: 1 });
}
