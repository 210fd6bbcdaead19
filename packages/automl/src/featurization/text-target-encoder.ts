/**
 * What a text's words say about the target (Azure's TextTargetEncoder: a linear model over a bag of words). Classes: the naive Bayes
 * log-odds of each (McCallum and Nigam 1998); regression: the mean deviation that the target has where a word occurs. The texts it is
 * learned from get numbers of the other folds.
 */
import { countGrams, type GramCounts, learnVocabulary } from './bag-of-grams.ts';
import { requireText } from './columns.ts';
import { joinNumeric, type PlannedColumn, type SupervisedFeaturizer, type Supervision } from './featurizer.ts';
import { emitWeighed, exactWeights, type GramWeights, weighGrams } from './gram-weights.ts';
import { dealFolds, FOLDS, indicatorOf, outputsOf, weightOf } from './target-folds.ts';
import { STATISTICS_WORDS, spread } from './text-svd.ts';

export type FittedTextTargetEncoder = {
  readonly columns: readonly ({ readonly name: string; readonly names: readonly string[] } & GramWeights)[];
};

/** Rows without effect that are imagined seen with each word. */
const SMOOTHING = 5;

export const textTargetEncoder: SupervisedFeaturizer<FittedTextTargetEncoder> = {
  name: 'TextTargetEncoder',

  fitOutOfFold(planned, rows, supervision) {
    const folds = dealFolds(rows, supervision.seed);
    const found = planned.map((column) => fitColumn(column, rows, folds, supervision));
    return {
      fitted: { columns: found.map(({ column }) => column) },
      training: { numeric: found.flatMap(({ training }) => training), categorical: [] },
    };
  },

  transform({ columns }, table) {
    const numeric = columns.flatMap((fitted) => {
      const { codes, dictionary } = requireText(table, fitted.name);
      return spread(codes, weighGrams(fitted, countGrams(dictionary, fitted.vocabulary)), fitted.outputs).map((values, k) => ({
        name: fitted.names[k] as string,
        raw: fitted.name,
        values,
      }));
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const used = columns.filter(({ outputs, vocabulary }) => outputs > 0 && vocabulary.grams.length > 0);
    return {
      numeric: joinNumeric(
        graph,
        used.map((fitted) => emitWeighed(graph, raw.text(fitted.name), fitted)),
      ),
      categorical: [],
    };
  },
};

function fitColumn({ column }: PlannedColumn, rows: Int32Array, folds: Uint8Array, supervision: Supervision) {
  const vocabulary = learnVocabulary(column, rows, STATISTICS_WORDS);
  const targets = vocabulary.grams.length === 0 ? [] : outputsOf(supervision.target);
  const names = targets.map((target) =>
    targets.length === 1 ? `${column.name}_TextTargetEncoder` : `${column.name}_TextTargetEncoder_${target}`,
  );
  const divisor = supervision.target.task === 'regression' ? ('words' as const) : ('none' as const);
  const codes = column.kind === 'string' ? column.codes : new Int32Array(0);
  const counts = countGrams(column.kind === 'string' ? column.dictionary : [], vocabulary);
  const weightsWithout = (without: number | undefined): GramWeights => {
    const weights = new Float64Array(vocabulary.grams.length * targets.length);
    targets.forEach((target, k) => {
      const learned = wordWeights(counts, codes, rows, folds, without, supervision, target, vocabulary.grams.length);
      for (let gram = 0; gram < learned.length; gram++) weights[gram * targets.length + k] = learned[gram] as number;
    });
    return { vocabulary, weights: exactWeights(weights), outputs: targets.length, divisor };
  };
  const whole = weightsWithout(undefined);
  const training = spread(codes, weighGrams(whole, counts), targets.length);
  for (let fold = 0; fold < FOLDS && targets.length > 0; fold++) {
    const ofText = weighGrams(weightsWithout(fold), counts);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const text = codes[row] as number;
      if (folds[i] !== fold || text < 0) continue;
      for (let k = 0; k < targets.length; k++) (training[k] as Float32Array)[row] = ofText[text * targets.length + k] as number;
    }
  }
  return {
    column: { name: column.name, names, ...whole },
    training: training.map((values, k) => ({ name: names[k] as string, raw: column.name, values })),
  };
}

/** One weight a gram, learned from the rows that are not in fold `without`. */
function wordWeights(
  { starts, grams, counts }: GramCounts,
  codes: Int32Array,
  rows: Int32Array,
  folds: Uint8Array,
  without: number | undefined,
  supervision: Supervision,
  target: number,
  size: number,
): Float64Array {
  const { task } = supervision.target;
  const indicator = indicatorOf(supervision.target, target);
  const [inside, all] = [new Float64Array(size), new Float64Array(size)];
  let [total, weight, squares] = [0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    if (folds[i] === without) continue;
    const row = rows[i] as number;
    const text = codes[row] as number;
    const of = weightOf(supervision, row);
    const value = of * indicator(row);
    total += value;
    weight += of;
    squares += value * indicator(row);
    if (text < 0) continue;
    for (let at = starts[text] as number; at < (starts[text + 1] as number); at++) {
      const gram = grams[at] as number;
      const times = task === 'regression' ? 1 : (counts[at] as number);
      inside[gram] = (inside[gram] as number) + times * value;
      all[gram] = (all[gram] as number) + times * of;
    }
  }
  if (task === 'regression') {
    const mean = weight > 0 ? total / weight : 0;
    // In units of the target's deviation: weights have a largest size.
    const deviation = Math.sqrt(Math.max(0, squares / Math.max(weight, 1e-12) - mean * mean)) || 1;
    return inside.map((sum, gram) => (sum - (all[gram] as number) * mean) / (((all[gram] as number) + SMOOTHING) * deviation));
  }
  const insideTotal = inside.reduce((sum, value) => sum + value, 0) + size;
  const outsideTotal = all.reduce((sum, value) => sum + value, 0) - insideTotal + 2 * size;
  return inside.map(
    (sum, gram) => Math.log((sum + 1) / insideTotal) - Math.log(((all[gram] as number) - sum + 1) / outsideTotal),
  );
}
