/**
 * A multi-layer perceptron: numbers with their quantiles, categories one-hot, one or two hidden layers of rectified linear units, Adam, a
 * learning rate that falls when nothing improves, early stopping on a tenth of the rows. Azure ML has no such algorithm for tables by a
 * name of its own; `MLP` is ours. Parameter names are those of scikit-learn's `MLPClassifier` where it has them.
 */
import type { FeatureMatrix } from '../featurization/features.ts';
import { holdOut } from '../validation/index.ts';
import type { FitInput, Learner, Task } from './learner.ts';
import { emitLinear, FLOAT } from './linear/linear-model.ts';
import { type AnswerLoss, logisticLoss, softmaxLoss, squaredLoss } from './mlp/answer-loss.ts';
import { forward, type Layer, type Network, networkOf, roomFor } from './mlp/network.ts';
import { emitQuantiles, type QuantileBins, quantileBins, withQuantiles } from './mlp/quantile-features.ts';
import { trainNetwork } from './mlp/train.ts';
import { readParams } from './parameters.ts';
import { emitBinaryProbabilities, probabilitiesOf, softmaxRows } from './probabilities.ts';
import { rowDesignOf } from './sgd/row-design.ts';

const params = {
  /** Hidden layers. */
  hidden_layers: { default: 2, lowest: 1, highest: 2 },
  /** Units of each hidden layer. */
  hidden_units: { default: 64, lowest: 1, highest: 1024 },
  /** Strength of the L2 penalty. */
  alpha: { default: 1e-4, lowest: 0, highest: 1e6 },
  learning_rate_init: { default: 2e-3, lowest: 1e-9, highest: 10 },
  batch_size: { default: 128, lowest: 1, highest: 1e6 },
  /** Most times that all rows are looked at. */
  max_iter: { default: 200, lowest: 1, highest: 1e6 },
  /** Epochs in a row without a lower loss on the rows held out before the fit ends. */
  n_iter_no_change: { default: 15, lowest: 1, highest: 1e6 },
  /** Quantile bins that each number is told by besides itself. */
  quantile_bins: { default: 12, lowest: 0, highest: 255 },
} as const;

/** Numbers of all rows, those of the bins included, that are held at most; a table with more gets fewer bins. */
const MOST_NUMBERS = 1e7;

/** Rows predicted at a time. */
const CHUNK = 4096;

/** Below this there are too few rows to hold any out: the training rows are watched themselves. */
const FEWEST_TO_HOLD_OUT = 50;

/** Weights that take the time of one row-feature visit of the other learners. */
const WEIGHTS_A_VISIT = 24;

export type MlpModel = {
  readonly task: Task;
  readonly network: Network;
  readonly parameters: Float64Array;
  readonly quantiles: QuantileBins;
  readonly categorySizes: readonly number[];
  /** Numbers are moved into the range that training saw, so that no outlier runs off with the answer. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
  /** A value is `mean + deviation * answer`. */
  readonly mean: number;
  readonly deviation: number;
};

export const mlp: Learner<MlpModel> = {
  name: 'MLP',
  tasks: ['classification', 'regression'],
  family: 'linear',

  fit(input) {
    const read = readParams('MLP', input.params, params);
    const { features, target, rows, seed, shouldStop } = input;
    const perNumber = Math.floor(MOST_NUMBERS / Math.max(1, rows.length * features.numeric.length)) - 1;
    const quantiles = quantileBins(features, rows, Math.max(0, Math.min(Math.round(read.quantile_bins), perNumber)));
    const design = rowDesignOf(withQuantiles(quantiles, features), rows);
    const { y, loss, outputs, mean, deviation } = answersOf(input);
    const network = networkOf([
      design.width,
      ...Array<number>(Math.round(read.hidden_layers)).fill(Math.round(read.hidden_units)),
      outputs,
    ]);
    const places = Int32Array.from(rows, (_, i) => i);
    const labels = target.task === 'classification' ? Int32Array.from(rows, (row) => target.y[row] as number) : undefined;
    const split = rows.length < FEWEST_TO_HOLD_OUT ? { train: places, validation: places } : holdOut(places, labels, 0.1, seed);
    const { parameters, epochs } = trainNetwork({
      network,
      design,
      y,
      weights: relativeWeights(input),
      train: split.train,
      watched: split.validation,
      loss,
      alpha: read.alpha,
      learningRate: read.learning_rate_init,
      batchSize: Math.round(read.batch_size),
      maxEpochs: read.max_iter,
      patience: read.n_iter_no_change,
      seed,
      shouldStop,
    });
    const model = {
      task: target.task,
      network,
      parameters,
      quantiles,
      categorySizes: features.categorical.map(({ labels: known }) => known.length),
      lowest: bounds(features, rows, Math.min),
      highest: bounds(features, rows, Math.max),
      mean,
      deviation,
    };
    const [first, ...others] = network.layers as [Layer, ...Layer[]];
    const set = design.numericCount + design.blockCount;
    const touched = others.reduce((sum, layer) => sum + layer.inputs * layer.outputs, set * first.outputs);
    return { model, work: (rows.length * touched * epochs) / WEIGHTS_A_VISIT / 1e6 };
  },

  predict(model, features) {
    const { network, parameters, mean, deviation } = model;
    const given = roomFor(network);
    const answer = given.at(-1) as Float64Array;
    const answers = new Float64Array(features.rowCount * answer.length);
    for (let begin = 0; begin < features.rowCount; begin += CHUNK) {
      const end = Math.min(begin + CHUNK, features.rowCount);
      const chunk = withQuantiles(model.quantiles, bounded(model, rowsBetween(features, begin, end)));
      const design = rowDesignOf(
        chunk,
        Int32Array.from({ length: end - begin }, (_, i) => i),
      );
      for (let i = 0; i < end - begin; i++) {
        forward(network, parameters, design, i, given);
        answers.set(answer, (begin + i) * answer.length);
      }
    }
    if (model.task === 'regression') return answers.map((value) => mean + deviation * value);
    return answer.length === 1 ? probabilitiesOf(answers) : softmaxRows(answers, answer.length);
  },

  emit(model, graph, features) {
    const { network, parameters, quantiles, categorySizes, lowest, highest, mean, deviation } = model;
    const [first, ...others] = network.layers as [Layer, ...Layer[]];
    const withinBounds = (numbers: string): string =>
      graph.node('Min', [
        graph.node('Max', [numbers, graph.constant(lowest, [1, lowest.length])]),
        graph.constant(highest, [1, highest.length]),
      ]);
    const numeric = features.numeric && emitQuantiles(quantiles, graph, withinBounds(features.numeric));
    const biases = parameters.slice(first.biasAt, first.biasAt + first.outputs);
    const columns = Array.from({ length: first.outputs }, (_, k) =>
      Float64Array.from({ length: first.inputs }, (_unused, j) => parameters[first.weightsAt + j * first.outputs + k] as number),
    );
    const linear = {
      intercepts: biases,
      coefficients: columns,
      numericCount: lowest.length + quantiles.source.length,
      categorySizes,
    };
    const answer = others.reduce(
      (below, { inputs, outputs, weightsAt, biasAt }) => {
        const weights = graph.constant(parameters.slice(weightsAt, biasAt), [inputs, outputs]);
        const products = graph.node('MatMul', [graph.node('Relu', [below]), weights]);
        return graph.node('Add', [products, graph.constant(parameters.slice(biasAt, biasAt + outputs), [1, outputs])]);
      },
      emitLinear(linear, graph, { ...features, numeric }),
    );
    const double = (value: number) => graph.constant(Float64Array.of(value));
    if (model.task === 'regression') {
      const value = graph.node('Add', [graph.node('Mul', [answer, double(deviation)]), double(mean)]);
      return graph.node('Cast', [value], { to: FLOAT });
    }
    const outputs = (others.at(-1) ?? first).outputs;
    if (outputs === 1) return emitBinaryProbabilities(graph, graph.node('Cast', [answer], { to: FLOAT }));
    return graph.node('Cast', [graph.node('Softmax', [answer], { axis: 1 })], { to: FLOAT });
  },
};

/** What the network is to answer for each of the rows. */
function answersOf({ target, rows }: FitInput): {
  y: Float64Array;
  loss: AnswerLoss;
  outputs: number;
  mean: number;
  deviation: number;
} {
  const y = Float64Array.from(rows, (row) => target.y[row] as number);
  if (target.task === 'classification') {
    const outputs = target.classes.length === 2 ? 1 : target.classes.length;
    return { y, loss: outputs === 1 ? logisticLoss : softmaxLoss, outputs, mean: 0, deviation: 1 };
  }
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const deviation = Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length) || 1;
  return { y: y.map((value) => (value - mean) / deviation), loss: squaredLoss, outputs: 1, mean, deviation };
}

/** Weights of the rows, on average 1, so that the learning rate keeps its meaning. */
function relativeWeights({ rows, weights }: FitInput): Float64Array {
  if (weights === undefined) return new Float64Array(rows.length).fill(1);
  const own = Float64Array.from(rows, (row) => weights[row] as number);
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
  return own.map((weight) => weight / (mean || 1));
}

function bounds({ numeric }: FeatureMatrix, rows: Int32Array, pick: (a: number, b: number) => number): Float32Array {
  return Float32Array.from(numeric, ({ values }) =>
    rows.reduce((bound, row) => pick(bound, values[row] as number), values[rows[0] as number] as number),
  );
}

function rowsBetween({ numeric, categorical }: FeatureMatrix, begin: number, end: number): FeatureMatrix {
  return {
    rowCount: end - begin,
    numeric: numeric.map((feature) => ({ ...feature, values: feature.values.subarray(begin, end) })),
    categorical: categorical.map((feature) => ({ ...feature, codes: feature.codes.subarray(begin, end) })),
  };
}

function bounded({ lowest, highest }: MlpModel, features: FeatureMatrix): FeatureMatrix {
  const numeric = features.numeric.map((feature, j) => ({
    ...feature,
    values: feature.values.map((value) => Math.min(Math.max(value, lowest[j] as number), highest[j] as number)),
  }));
  return { ...features, numeric };
}
