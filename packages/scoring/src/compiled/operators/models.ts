/** The learners: tree ensembles and linear models, with what turns their scores into probabilities. */
import type { Compiled, Kernel, Node } from '../node.ts';
import type { FloatSlot, Values } from '../slot.ts';
import { treeSums } from '../trees/trees.ts';
import { Unsupported } from '../unsupported.ts';
import { indexOfLargest } from './columns.ts';
import { asFloats } from './numbers.ts';

export function treeEnsembleRegressor(node: Node): Compiled {
  const { heap } = node;
  const targets = node.integer('n_targets', 1);
  const mode = node.text('aggregate_function', 'SUM');
  if ((mode !== 'SUM' && mode !== 'AVERAGE') || node.text('post_transform', 'NONE') !== 'NONE')
    throw new Unsupported(`trees with ${mode}`);
  const divisor = mode === 'AVERAGE' ? new Set(node.integers('nodes_treeids')).size : 1;
  const base = node.floats('base_values');
  const { out, run } = treeSums(node, 'target', targets);
  return {
    outputs: [out],
    run(rows) {
      run(rows);
      const { float } = heap.data;
      for (const [k, at] of out.columns.entries()) {
        const offset = base[k] ?? 0;
        for (let r = at; r < at + rows; r++) float[r] = Math.fround((float[r] as number) / divisor) + offset;
      }
    },
  };
}

export function treeEnsembleClassifier(node: Node): Compiled {
  const { heap } = node;
  const labels = labelsOf(node, 'classlabels_int64s');
  const isSingle = labels.values.length === 2 && new Set(node.integers('class_ids')).size === 1;
  if (isSingle && node.integers('class_ids')[0] !== 0) throw new Unsupported('two classes of which only the second has scores');
  const targets = isSingle ? 1 : labels.values.length;
  const base = node.floats('base_values');
  if (base.length !== 0 && base.length !== targets) throw new Unsupported('base values for some of the classes');
  const { out, run } = treeSums(node, 'class', targets);
  const allPositive = node.floats('class_weights').every((weight) => weight >= 0);
  const transform = node.text('post_transform', 'NONE');
  const write = isSingle ? twoClasses(transform, allPositive) : manyClasses(transform);
  return classifier(node, labels, write, out, (rows) => {
    run(rows);
    const { float } = heap.data;
    for (const [k, offset] of base.entries()) {
      const at = out.columns[k] as number;
      for (let r = at; r < at + rows; r++) float[r] = (float[r] as number) + offset;
    }
  });
}

export function linearRegressor(node: Node): Compiled {
  if (node.text('post_transform', 'NONE') !== 'NONE') throw new Unsupported('a regressor with a post transform');
  const { out, run } = linear(node, node.integer('targets', 1), node.floats('coefficients'), node.floats('intercepts'));
  return { outputs: [out], run };
}

export function linearClassifier(node: Node): Compiled {
  const labels = labelsOf(node, 'classlabels_ints');
  const intercepts = node.floats('intercepts');
  if (intercepts.length !== labels.values.length) throw new Unsupported('a linear classifier with one score for two classes');
  const { out, run } = linear(node, intercepts.length, node.floats('coefficients'), intercepts);
  return classifier(node, labels, manyClasses(node.text('post_transform', 'NONE')), out, run);
}

export function matMul(node: Node): Compiled {
  const { width, type } = node.numbers(0);
  const { constant, type: ofFactors } = node.numbers(1);
  if (type !== ofFactors) throw new Unsupported('MatMul of unlike values');
  const [height, targets] = constant?.dims ?? [];
  if (constant === undefined || targets === undefined || constant.dims.length !== 2 || height !== width)
    throw new Unsupported('MatMul of two inputs');
  const byTarget = Array.from(
    { length: targets * width },
    (_, i) => constant.values[(i % width) * targets + Math.floor(i / width)],
  );
  if (type === 'double') return doubleProduct(node, targets, Float64Array.from(byTarget as number[]));
  node.floatInput(0);
  const { out, run } = linear(node, targets, byTarget as number[], []);
  return { outputs: [out], run };
}

/** @param factors target after target */
function doubleProduct(node: Node, targets: number, factors: Float64Array): Compiled {
  const { heap } = node;
  const { columns, width } = node.numbers(0);
  const out = heap.slot('double', targets);
  const starts = Int32Array.from(columns);
  const given = new Float64Array(width);
  return {
    outputs: [out],
    run(rows) {
      const { double } = heap.data;
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < width; c++) given[c] = double[(starts[c] as number) + r] as number;
        for (let k = 0, at = 0; k < targets; k++) {
          let sum = 0;
          for (let c = 0; c < width; c++) sum += (factors[at++] as number) * (given[c] as number);
          double[(out.columns[k] as number) + r] = sum;
        }
      }
    },
  };
}

/** @param coefficients target after target */
function linear(
  node: Node,
  targets: number,
  coefficients: readonly number[],
  intercepts: readonly number[],
): { out: FloatSlot; run: Kernel } {
  const { heap } = node;
  const { slot, run: before } = asFloats(node, node.numbers(0));
  if (coefficients.length !== targets * slot.width) throw new Unsupported('coefficients that do not fit the features');
  const table = heap.addresses(slot.columns);
  const factors = heap.table(Float32Array.from(coefficients));
  const biases = heap.table(Float32Array.from({ length: targets }, (_, k) => intercepts[k] ?? 0));
  const out = heap.slot('float', targets);
  const to = (out.columns[0] as number) * 4;
  return {
    out,
    run(rows) {
      before?.(rows);
      heap.kernels.linear(rows, table, slot.width, factors, biases, to, targets);
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
type Write = (float: Float32Array, scores: FloatSlot, row: number, probabilities: FloatSlot) => number;

function classifier(node: Node, labels: Labels, write: Write, scores: FloatSlot, score: Kernel): Compiled {
  const { heap } = node;
  const label = heap.slot(labels.areTexts ? 'text' : 'integer', 1);
  const to = label.columns[0] as number;
  const probabilities = heap.slot('float', labels.values.length);
  return {
    outputs: [label, probabilities],
    run(rows) {
      score(rows);
      const { float } = heap.data;
      const target: Values = heap.data[label.type];
      for (let r = 0; r < rows; r++) target[to + r] = labels.values[write(float, scores, r, probabilities)] as string | number;
    },
  };
}

/** One score for two classes: a probability when no leaf is negative, else a distance from the boundary. */
function twoClasses(transform: string, isProbability: boolean): Write {
  if (transform !== 'LOGISTIC' && transform !== 'NONE') throw new Unsupported(`two classes with ${transform}`);
  const isLogistic = transform === 'LOGISTIC' && !isProbability;
  return (float, scores, row, { columns: [no, yes] }) => {
    const score = float[(scores.columns[0] as number) + row] as number;
    float[(no as number) + row] = isProbability ? 1 - score : isLogistic ? logistic(-score) : -score;
    float[(yes as number) + row] = isLogistic ? logistic(score) : score;
    return score > (isProbability ? 0.5 : 0) ? 1 : 0;
  };
}

function manyClasses(transform: string): Write {
  if (transform !== 'LOGISTIC' && transform !== 'SOFTMAX' && transform !== 'NONE')
    throw new Unsupported(`classes with ${transform}`);
  return (float, scores, row, out) => {
    if (transform === 'SOFTMAX') return softmax(float, scores, row, out);
    for (const [k, at] of scores.columns.entries()) {
      const score = float[at + row] as number;
      float[(out.columns[k] as number) + row] = transform === 'LOGISTIC' ? logistic(score) : score;
    }
    return indexOfLargest(float, scores, row);
  };
}

/** Softmax over the columns of each row. */
export function softmaxOf(node: Node): Compiled {
  const { heap } = node;
  const from = node.floatInput(0);
  const axis = node.integer('axis', 1);
  if (axis !== 1 && axis !== -1) throw new Unsupported('Softmax over rows');
  const out = heap.slot('float', from.width);
  return {
    outputs: [out],
    run(rows) {
      for (let r = 0; r < rows; r++) softmax(heap.data.float, from, r, out);
    },
  };
}

/** @returns the column of the largest score */
function softmax(float: Float32Array, scores: FloatSlot, row: number, out: FloatSlot): number {
  const best = indexOfLargest(float, scores, row);
  const largest = float[(scores.columns[best] as number) + row] as number;
  let sum = 0;
  for (const [k, at] of scores.columns.entries()) {
    const to = (out.columns[k] as number) + row;
    float[to] = Math.exp(Math.fround((float[at + row] as number) - largest));
    sum = Math.fround(sum + (float[to] as number));
  }
  for (const at of out.columns) float[at + row] = (float[at + row] as number) / sum;
  return best;
}

/** As the runtime computes it: from the side where the exponential is small. */
export function logistic(x: number): number {
  const v = Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-Math.abs(x)))));
  return x < 0 ? 1 - v : v;
}
