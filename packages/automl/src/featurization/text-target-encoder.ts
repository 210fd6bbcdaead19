/**
 * What a text's words say about the target (Azure's TextTargetEncoder: a linear model over a bag of words). Classes: the naive Bayes
 * log-odds of each (McCallum and Nigam 1998); regression: the mean deviation that the target has where a word occurs. A text that it is
 * learned from gets what the texts before it, in a random order, say.
 */
import { createRandom } from '../random.ts';
import { countGrams, type GramCounts, learnVocabulary } from './bag-of-grams.ts';
import { requireText } from './columns.ts';
import { joinNumeric, type PlannedColumn, type SupervisedFeaturizer, type Supervision } from './featurizer.ts';
import { emitWeighed, exactWeights, type GramWeights, weighGrams } from './gram-weights.ts';
import { indicatorOf, outputsOf, weightOf } from './target-outputs.ts';
import { STATISTICS_WORDS, spread } from './text-svd.ts';

export type FittedTextTargetEncoder = {
  readonly columns: readonly ({ readonly name: string; readonly names: readonly string[] } & GramWeights)[];
};

/** Rows without effect that are imagined seen with each word. */
const SMOOTHING = 5;

/** Of what words say with the target; below it, and below what chance makes, they bring learners more noise than news. */
const LEAST_CORRELATION = 0.05;

export const textTargetEncoder: SupervisedFeaturizer<FittedTextTargetEncoder> = {
  name: 'TextTargetEncoder',

  fitOutOfFold(planned, rows, supervision) {
    const order = rows.slice();
    createRandom(supervision.seed + 7919).shuffle(order);
    const found = planned.map((column) => fitColumn(column, order, supervision));
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

function fitColumn({ column }: PlannedColumn, order: Int32Array, supervision: Supervision) {
  const vocabulary = learnVocabulary(column, order, STATISTICS_WORDS);
  const codes = column.kind === 'string' ? column.codes : new Int32Array(0);
  const counts = countGrams(column.kind === 'string' ? column.dictionary : [], vocabulary);
  const size = vocabulary.grams.length;
  const targets = size === 0 ? [] : outputsOf(supervision.target);
  const learned = targets
    .map((target) => ({ target, ...wordsSay(counts, codes, order, supervision, target, size) }))
    .filter(({ ordered }) => tells(ordered, order, supervision));
  const names = learned.map(({ target }) => `${column.name}_TextTargetEncoder${targets.length === 1 ? '' : `_${target}`}`);
  const weights = new Float64Array(size * learned.length);
  for (const [k, one] of learned.entries()) {
    for (let gram = 0; gram < size; gram++) weights[gram * learned.length + k] = one.weights[gram] as number;
  }
  const whole: GramWeights = { vocabulary, weights: exactWeights(weights), outputs: learned.length, divisor: 'none' };
  const training = spread(codes, weighGrams(whole, counts), learned.length);
  for (const [k, { ordered }] of learned.entries()) {
    for (let i = 0; i < order.length; i++) (training[k] as Float32Array)[order[i] as number] = ordered.values[i] as number;
  }
  return {
    column: { name: column.name, names, ...whole },
    training: training.map((values, k) => ({ name: names[k] as string, raw: column.name, values })),
  };
}

/** What the words of each row of `order` say by the rows before it, and what the target is there, less its mean. */
type Ordered = { readonly values: Float64Array; readonly deviations: Float64Array };

/** The weight of each word, and what the words of each row say by the weights of the rows before it. */
function wordsSay(
  { starts, grams, counts }: GramCounts,
  codes: Int32Array,
  order: Int32Array,
  supervision: Supervision,
  target: number,
  size: number,
): { readonly weights: Float64Array; readonly ordered: Ordered } {
  const isValue = supervision.target.task === 'regression';
  const indicator = indicatorOf(supervision.target, target);
  const { mean, deviation } = momentsOf(order, supervision, indicator);
  const [inside, all] = [new Float64Array(size), new Float64Array(size)];
  let [insideTotal, allTotal] = [0, 0];
  // Values: the mean deviation where the word is, in units of the target's. Classes: the naive Bayes log odds.
  const weightOfGram = (gram: number): number => {
    const [own, every] = [inside[gram] as number, all[gram] as number];
    if (isValue) return own / (every + SMOOTHING);
    return Math.log((own + 1) / (insideTotal + size)) - Math.log((every - own + 1) / (allTotal - insideTotal + size));
  };
  const [values, deviations] = [new Float64Array(order.length), new Float64Array(order.length)];
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const text = codes[row] as number;
    const of = weightOf(supervision, row);
    const value = isValue ? (indicator(row) - mean) / deviation : indicator(row);
    deviations[i] = (indicator(row) - mean) / deviation;
    if (text < 0) continue;
    const [begin, end] = [starts[text] as number, starts[text + 1] as number];
    let said = 0;
    for (let at = begin; at < end; at++) {
      said += (counts[at] as number) * weightOfGram(grams[at] as number);
    }
    values[i] = said;
    for (let at = begin; at < end; at++) {
      const gram = grams[at] as number;
      const times = of * (isValue ? 1 : (counts[at] as number));
      inside[gram] = (inside[gram] as number) + times * value;
      all[gram] = (all[gram] as number) + times;
      insideTotal += times * value;
      allTotal += times;
    }
  }
  return { weights: Float64Array.from(inside, (_, gram) => weightOfGram(gram)), ordered: { values, deviations } };
}

function momentsOf(order: Int32Array, supervision: Supervision, indicator: (row: number) => number) {
  let [sum, squares, weight] = [0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const of = weightOf(supervision, row);
    sum += of * indicator(row);
    squares += of * indicator(row) ** 2;
    weight += of;
  }
  const mean = weight > 0 ? sum / weight : 0;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / Math.max(weight, 1e-12) - mean * mean)) || 1 };
}

/** Whether what was said before a row agrees with its target: in the second half of the order, when there was something to learn from. */
function tells({ values, deviations }: Ordered, order: Int32Array, supervision: Supervision): boolean {
  let [weight, sum, squares, product, targets] = [0, 0, 0, 0, 0];
  for (let i = order.length >> 1; i < order.length; i++) {
    const of = weightOf(supervision, order[i] as number);
    const [value, deviation] = [values[i] as number, deviations[i] as number];
    weight += of;
    sum += of * value;
    squares += of * value * value;
    product += of * value * deviation;
    targets += of * deviation * deviation;
  }
  const variance = squares - (sum * sum) / Math.max(weight, 1e-12);
  const correlation = product / Math.sqrt(Math.max(variance * targets, 1e-24));
  return correlation > Math.max(LEAST_CORRELATION, 3 / Math.sqrt(Math.max(1, order.length / 2)));
}
