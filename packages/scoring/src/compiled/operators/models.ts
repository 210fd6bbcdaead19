/** The learners: tree ensembles and linear models, with what turns their scores into probabilities. */
import type { Compiled, Node } from '../node.ts';
import { floatSlot, type NumberSlot, slotOf, textSlot, type Values } from '../slot.ts';
import { treeSums } from '../trees.ts';
import { Unsupported } from '../unsupported.ts';
import { indexOfLargest } from './columns.ts';

export function treeEnsembleRegressor(node: Node): Compiled {
  const { data, width } = node.floatInput(0);
  const targets = node.integer('n_targets', 1);
  const mode = node.text('aggregate_function', 'SUM');
  if ((mode !== 'SUM' && mode !== 'AVERAGE') || node.text('post_transform', 'NONE') !== 'NONE')
    throw new Unsupported(`trees with ${mode}`);
  const divisor = mode === 'AVERAGE' ? new Set(node.integers('nodes_treeids')).size : 1;
  const base = node.floats('base_values');
  const trees = treeSums(node, 'target', targets, width);
  const out = floatSlot(targets);
  return {
    outputs: [out],
    run(rows) {
      const sums = trees.sum(data, rows);
      for (let i = 0; i < rows * targets; i++)
        out.data[i] = Math.fround((sums[i] as number) / divisor) + (base[i % targets] ?? 0);
    },
  };
}

export function treeEnsembleClassifier(node: Node): Compiled {
  const { data, width } = node.floatInput(0);
  const labels = labelsOf(node, 'classlabels_int64s');
  const isSingle = labels.values.length === 2 && new Set(node.integers('class_ids')).size === 1;
  if (isSingle && node.integers('class_ids')[0] !== 0) throw new Unsupported('two classes of which only the second has scores');
  const targets = isSingle ? 1 : labels.values.length;
  const base = node.floats('base_values');
  if (base.length !== 0 && base.length !== targets) throw new Unsupported('base values for some of the classes');
  const trees = treeSums(node, 'class', targets, width);
  const allPositive = node.floats('class_weights').every((weight) => weight >= 0);
  const transform = node.text('post_transform', 'NONE');
  const write = isSingle ? twoClasses(transform, allPositive) : manyClasses(transform, targets);
  return classifier(labels, write, (rows) => {
    const sums = trees.sum(data, rows);
    if (base.length > 0) for (let i = 0; i < rows * targets; i++) sums[i] = (sums[i] as number) + (base[i % targets] as number);
    return sums;
  });
}

export function linearRegressor(node: Node): Compiled {
  const targets = node.integer('targets', 1);
  if (node.text('post_transform', 'NONE') !== 'NONE') throw new Unsupported('a regressor with a post transform');
  const scores = linearScores(node, targets);
  const out = floatSlot(targets);
  return {
    outputs: [out],
    run(rows) {
      out.data.set(scores(rows).subarray(0, rows * targets));
    },
  };
}

export function linearClassifier(node: Node): Compiled {
  const labels = labelsOf(node, 'classlabels_ints');
  const targets = node.floats('intercepts').length;
  const transform = node.text('post_transform', 'NONE');
  if (targets !== labels.values.length) throw new Unsupported('a linear classifier with one score for two classes');
  return classifier(labels, manyClasses(transform, targets), linearScores(node, targets));
}

/** `[n, width] x [width, targets]` plus a bias. */
function linearScores(node: Node, targets: number): (rows: number) => Float32Array {
  const input = node.numbers(0);
  const { data, width } = input;
  const coefficients = Float32Array.from(node.floats('coefficients'));
  const intercepts = node.floats('intercepts');
  if (input.constant || coefficients.length !== targets * width)
    throw new Unsupported('coefficients that do not fit the features');
  const out = floatSlot(targets).data;
  return (rows) => {
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < targets; k++) {
        let sum = intercepts[k] ?? 0;
        for (let c = 0; c < width; c++) sum += (data[r * width + c] as number) * (coefficients[k * width + c] as number);
        out[r * targets + k] = sum;
      }
    }
    return out;
  };
}

export function matMul(node: Node): Compiled {
  const { data, width } = node.floatInput(0);
  const right = node.floatInput(1);
  const columns = right.dims?.[1];
  if (!right.constant || right.dims?.length !== 2 || columns === undefined || right.dims[0] !== width)
    throw new Unsupported('MatMul of two inputs');
  const out = floatSlot(columns);
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) {
        for (let k = 0; k < columns; k++) {
          let sum = 0;
          for (let c = 0; c < width; c++) sum += (data[r * width + c] as number) * (right.data[c * columns + k] as number);
          out.data[r * columns + k] = sum;
        }
      }
    },
  };
}

interface Labels {
  readonly values: readonly (string | number)[];
  readonly areTexts: boolean;
}

function labelsOf(node: Node, integers: string): Labels {
  const texts = node.texts('classlabels_strings');
  const values = texts.length > 0 ? texts : node.integers(integers);
  if (values.length < 2) throw new Unsupported('a classifier of less than two classes');
  return { values, areTexts: texts.length > 0 };
}

/** Writes the probabilities of one row from its scores. @returns the index of its class */
type Write = (scores: Float32Array, row: number, probabilities: Float32Array) => number;

function classifier(labels: Labels, write: Write, score: (rows: number) => Float32Array): Compiled {
  const classes = labels.values.length;
  const label = labels.areTexts ? textSlot(1) : (slotOf('int64', 1) as NumberSlot);
  const probabilities = floatSlot(classes);
  const target: Values = label.data;
  return {
    outputs: [label, probabilities],
    run(rows) {
      const scores = score(rows);
      for (let r = 0; r < rows; r++) target[r] = labels.values[write(scores, r, probabilities.data)] as string | number;
    },
  };
}

/** One score for two classes: a probability when no leaf is negative, else a distance from the boundary. */
function twoClasses(transform: string, isProbability: boolean): Write {
  if (transform !== 'LOGISTIC' && transform !== 'NONE') throw new Unsupported(`two classes with ${transform}`);
  const isLogistic = transform === 'LOGISTIC' && !isProbability;
  return (scores, row, out) => {
    const score = scores[row] as number;
    out[row * 2] = isProbability ? 1 - score : isLogistic ? logistic(-score) : -score;
    out[row * 2 + 1] = isLogistic ? logistic(score) : score;
    return score > (isProbability ? 0.5 : 0) ? 1 : 0;
  };
}

function manyClasses(transform: string, classes: number): Write {
  if (transform !== 'LOGISTIC' && transform !== 'SOFTMAX' && transform !== 'NONE')
    throw new Unsupported(`classes with ${transform}`);
  return (scores, row, out) => {
    const from = row * classes;
    const best = indexOfLargest(scores, from, classes);
    if (transform === 'SOFTMAX') softmax(scores, from, classes, scores[from + best] as number, out);
    else
      for (let c = from; c < from + classes; c++)
        out[c] = transform === 'LOGISTIC' ? logistic(scores[c] as number) : (scores[c] as number);
    return best;
  };
}

/** Softmax over the columns of each row. */
export function softmaxOf(node: Node): Compiled {
  const { data, width } = node.floatInput(0);
  const axis = node.integer('axis', 1);
  if (axis !== 1 && axis !== -1) throw new Unsupported('Softmax over rows');
  const out = floatSlot(width);
  return {
    outputs: [out],
    run(rows) {
      for (let from = 0; from < rows * width; from += width)
        softmax(data, from, width, data[from + indexOfLargest(data, from, width)] as number, out.data);
    },
  };
}

function softmax(scores: Float32Array, from: number, classes: number, largest: number, out: Float32Array): void {
  let sum = 0;
  for (let c = from; c < from + classes; c++) {
    out[c] = Math.exp(Math.fround((scores[c] as number) - largest));
    sum = Math.fround(sum + (out[c] as number));
  }
  for (let c = from; c < from + classes; c++) out[c] = (out[c] as number) / sum;
}

/** As the runtime computes it: from the side where the exponential is small. */
export function logistic(x: number): number {
  const v = Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-Math.abs(x)))));
  return x < 0 ? 1 - v : v;
}
