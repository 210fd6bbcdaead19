/**
 * Free text in a few numbers (latent semantic analysis, Deerwester et al. 1990): the projection of a text's words on the directions in
 * which the training texts differ most, found by subspace iteration (Halko, Martinsson and Tropp 2011).
 */
import { createRandom } from '../random.ts';
import { countGrams, type GramCounts, learnVocabulary } from './bag-of-grams.ts';
import { requireText } from './columns.ts';
import { type Featurizer, joinNumeric, sharedFloats } from './featurizer.ts';
import { emitWeighed, exactWeights, type GramWeights, weighGrams } from './gram-weights.ts';
import { inverseDocumentFrequencies } from './tf-idf.ts';

export type FittedTextSvd = { readonly columns: readonly ({ readonly name: string } & GramWeights)[] };

/** Words that statistics are kept of. */
export const STATISTICS_WORDS = { analyzer: 'word', range: [1, 1], minDf: 2, maxDf: 0.95, most: 2000 } as const;

const COMPONENTS = 16;
const ITERATIONS = 6;
/** Texts that the directions are found from. */
const SAMPLE_TEXTS = 10_000;

export const textSvd: Featurizer<FittedTextSvd> = {
  name: 'TextTruncatedSVD',

  fit(planned, rows) {
    return {
      columns: planned.map(({ column }) => {
        const vocabulary = learnVocabulary(column, rows, STATISTICS_WORDS);
        const outputs = Math.min(COMPONENTS, Math.floor(vocabulary.grams.length / 2));
        const idf = inverseDocumentFrequencies(column, rows, vocabulary);
        const texts = column.kind === 'string' ? everyNth(column.dictionary, SAMPLE_TEXTS) : [];
        const directions = principalDirections(countGrams(texts, vocabulary), idf, outputs);
        const weights = exactWeights(directions.map((value, i) => value * (idf[Math.floor(i / outputs)] as number)));
        return { name: column.name, vocabulary, weights, outputs, divisor: 'length' };
      }),
    };
  },

  transform({ columns }, table) {
    const numeric = columns.flatMap((fitted) => {
      const { codes, dictionary } = requireText(table, fitted.name);
      return spread(codes, weighGrams(fitted, countGrams(dictionary, fitted.vocabulary)), fitted.outputs).map((values, k) => ({
        name: `${fitted.name}_${textSvd.name}_${k}`,
        raw: fitted.name,
        values,
      }));
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const used = columns.filter(({ outputs }) => outputs > 0);
    return {
      numeric: joinNumeric(
        graph,
        used.map((fitted) => emitWeighed(graph, raw.text(fitted.name), fitted)),
      ),
      categorical: [],
    };
  },
};

/** One column an output from row-major [texts, outputs]; zeros where the text is missing. */
export function spread(codes: Int32Array, ofText: Float32Array, outputs: number): Float32Array[] {
  return Array.from({ length: outputs }, (_, k) => {
    const values = sharedFloats(codes.length);
    for (let row = 0; row < codes.length; row++) {
      const text = codes[row] as number;
      if (text >= 0) values[row] = ofText[text * outputs + k] as number;
    }
    return values;
  });
}

function everyNth(texts: readonly string[], most: number): readonly string[] {
  if (texts.length <= most) return texts;
  return Array.from({ length: most }, (_, i) => texts[Math.floor((i * texts.length) / most)] as string);
}

/** Row-major [grams, k]: orthonormal directions of the texts' words (counts times idf over the counts' length), the widest first. */
function principalDirections({ starts, grams, counts }: GramCounts, idf: Float64Array, k: number): Float64Array {
  const random = createRandom(1);
  let directions = orthonormal(
    Float64Array.from({ length: idf.length * k }, () => random.nextNormal()),
    k,
  );
  const projected = new Float64Array(k);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = new Float64Array(directions.length);
    for (let t = 0; t + 1 < starts.length; t++) {
      const [begin, end] = [starts[t] as number, starts[t + 1] as number];
      let squares = 0;
      projected.fill(0);
      for (let i = begin; i < end; i++) {
        const count = counts[i] as number;
        squares += count * count;
        const value = count * (idf[grams[i] as number] as number);
        const at = (grams[i] as number) * k;
        for (let j = 0; j < k; j++) projected[j] = (projected[j] as number) + value * (directions[at + j] as number);
      }
      for (let i = begin; i < end; i++) {
        const value = ((counts[i] as number) * (idf[grams[i] as number] as number)) / squares;
        const at = (grams[i] as number) * k;
        for (let j = 0; j < k; j++) next[at + j] = (next[at + j] as number) + value * (projected[j] as number);
      }
    }
    directions = orthonormal(next, k);
  }
  return directions;
}

/** Gram-Schmidt over the columns of row-major [rows, k], in place; a column that is nothing but the others becomes zeros. */
function orthonormal(matrix: Float64Array, k: number): Float64Array {
  const rows = matrix.length / Math.max(1, k);
  for (let j = 0; j < k; j++) {
    for (let other = 0; other < j; other++) {
      let dot = 0;
      for (let r = 0; r < rows; r++) dot += (matrix[r * k + j] as number) * (matrix[r * k + other] as number);
      for (let r = 0; r < rows; r++) matrix[r * k + j] = (matrix[r * k + j] as number) - dot * (matrix[r * k + other] as number);
    }
    let squares = 0;
    for (let r = 0; r < rows; r++) squares += (matrix[r * k + j] as number) ** 2;
    const scale = squares > 1e-24 ? 1 / Math.sqrt(squares) : 0;
    for (let r = 0; r < rows; r++) matrix[r * k + j] = (matrix[r * k + j] as number) * scale;
  }
  return matrix;
}
