/**
 * Averages of trees (Breiman 2001; Geurts, Ernst and Wehenkel 2006), as scikit-learn has them: a leaf answers with the mean of its
 * rows, or with the share of each class in it, and all classes are in the same trees.
 */
import type { GraphBuilder } from '@malachite/onnx';
import { createRandom } from '../../random.ts';
import { type BinnedTable, binTable, ROWS_OF_EQUAL_BINS } from '../gbdt/binning.ts';
import { emitTrees } from '../gbdt/emit.ts';
import { leavesOfRows, type Tree } from '../gbdt/tree.ts';
import type { Fit, FitInput, Learner, LearnerParams } from '../learner.ts';
import { readParams } from '../parameters.ts';
import { type Criterion, classCriterion, numberCriterion } from './criterion.ts';
import { growForestTree } from './grow-tree.ts';
import { bestSplits, randomSplits } from './splits.ts';

/** Trees whose leaf values are divided by the number of trees: their sum, and `start`, is the average. */
export type ForestModel = {
  readonly task: 'classification' | 'regression';
  /** Numbers a leaf: one for regression and two classes (the share of the second), else one a class. */
  readonly outputs: number;
  readonly start: Float64Array;
  readonly trees: readonly Tree[];
  readonly numericCount: number;
  readonly categorySizes: readonly number[];
};

export type ForestKind = {
  readonly name: string;
  /** Trees when `n_estimators` is not given. */
  readonly trees: number;
  /** Each tree sees rows drawn with replacement. */
  readonly bootstrap: boolean;
  /** Each leaf looks at a few features only. */
  readonly fewFeatures: boolean;
  readonly randomThresholds: boolean;
};

/** scikit-learn's names; a limit on leaves keeps the exported model small. */
const params = {
  n_estimators: { default: 100, lowest: 1, highest: 10_000 },
  max_leaf_nodes: { default: 512, lowest: 2, highest: 65_536 },
  max_depth: { default: -1, lowest: -1, highest: 1e6 },
  min_samples_leaf: { default: 1, lowest: 1, highest: 1e9 },
  /** Share of the features a leaf looks at; 0 is the kind's own choice: the square root of their number, for regression a third. */
  max_features: { default: 0, lowest: 0, highest: 1 },
};

/** Added to each class before shares are normalised, so that no row is without any. */
const SHARE_FLOOR = 1e-6;

export function forestLearner(kind: ForestKind): Learner<ForestModel> {
  return {
    name: kind.name,
    tasks: ['classification', 'regression'],
    family: 'trees',

    fit: (input) => fitForest(kind, input),

    average(models) {
      const first = models[0] as ForestModel;
      const share = 1 / models.length;
      const start = first.start.map((_, k) =>
        Math.fround(share * models.reduce((sum, { start: own }) => sum + (own[k] as number), 0)),
      );
      return { ...first, start, trees: models.flatMap(({ trees }) => trees.map((tree) => scaled(tree, share))) };
    },

    predict({ task, outputs, start, trees }, features) {
      const sums = new Float64Array(features.rowCount * outputs);
      for (let row = 0; row < features.rowCount; row++) sums.set(start, row * outputs);
      const leaves = new Int32Array(features.rowCount);
      for (const tree of trees) {
        leavesOfRows(tree, features, leaves);
        for (let row = 0; row < leaves.length; row++) {
          const from = (leaves[row] as number) * outputs;
          for (let k = 0, at = row * outputs; k < outputs; k++, at++)
            sums[at] = (sums[at] as number) + (tree.leafValue[from + k] as number);
        }
      }
      if (task === 'regression') return sums;
      return outputs === 1 ? withOtherClass(sums) : normalised(sums, outputs);
    },

    emit({ task, outputs, numericCount, categorySizes, ...sum }, graph, features) {
      const sums = emitTrees({ ...sum, outputs }, numericCount, categorySizes, graph, features);
      if (task === 'regression') return sums;
      return outputs === 1 ? emitOtherClass(graph, sums) : emitNormalised(graph, sums);
    },
  };
}

function fitForest(kind: ForestKind, input: FitInput): Fit<ForestModel> {
  const { features, target, rows, shouldStop = () => false } = input;
  const given = forestParams(kind, input.params);
  const random = createRandom(input.seed);
  const table = binsFor(input);
  const featureCount = features.numeric.length + features.categorical.length;
  const limits = {
    mostLeaves: given.max_leaf_nodes,
    maxDepth: given.max_depth,
    leastRows: given.min_samples_leaf,
    featuresOfLeaf: featuresPerLeaf(kind, target.task, featureCount, given.max_features),
  };
  const search = kind.randomThresholds
    ? randomSplits(features, table, rows.length, random)
    : bestSplits(features, table, rows.length);
  const own = Float64Array.from({ length: features.rowCount }, (_, row) => input.weights?.[row] ?? 1);
  const weights = own.slice();
  const { criterion, start, scale } = predictedBy(input, weights);
  const grown: Tree[] = [];
  while (grown.length < given.n_estimators && (grown.length === 0 || !shouldStop())) {
    const inside = kind.bootstrap ? bootstrap(rows, own, weights, random) : rows.slice();
    grown.push(growForestTree(features, inside, criterion, search, limits, random, shouldStop));
  }
  return {
    model: {
      task: target.task,
      outputs: criterion.width,
      start,
      trees: grown.map((tree) => scaled(tree, scale / grown.length)),
      numericCount: features.numeric.length,
      categorySizes: features.categorical.map(({ labels }) => labels.length),
    },
    work: (rows.length * featureCount * grown.length) / 1e6,
  };
}

function forestParams(kind: ForestKind, given: LearnerParams) {
  const { n_estimators, ...others } = params;
  return readParams(kind.name, given, { ...others, n_estimators: { ...n_estimators, default: kind.trees } });
}

/** Bins as fine as they can be: those of the default options hold three rows each, which is much in a small table. */
function binsFor({ features, binned }: FitInput): BinnedTable {
  const isFine = features.rowCount >= ROWS_OF_EQUAL_BINS;
  return (isFine ? binned : undefined) ?? binTable(features, { minDataInBin: 1 });
}

/** What leaves predict; numbers are brought to mean 0 and deviation 1. The answers times `scale`, and `start`, are what is told. */
function predictedBy(
  { target, rows, features: { rowCount } }: FitInput,
  weights: Float64Array,
): { criterion: Criterion; start: Float64Array; scale: number } {
  if (target.task === 'regression') {
    const { y } = target;
    const mean = Math.fround(rows.reduce((sum, row) => sum + (y[row] as number), 0) / rows.length);
    const variance = rows.reduce((sum, row) => sum + ((y[row] as number) - mean) ** 2, 0) / rows.length;
    const scale = Math.sqrt(variance) || 1;
    const values = Float64Array.from({ length: rowCount }, (_, row) => ((y[row] as number) - mean) / scale);
    return { criterion: numberCriterion(values, weights, rows.length), start: Float64Array.of(mean), scale };
  }
  const { classes, y } = target;
  if (classes.length > 2)
    return {
      criterion: classCriterion(y, weights, classes.length, rows.length),
      start: new Float64Array(classes.length),
      scale: 1,
    };
  const values = Float64Array.from(y, (label) => (label === 1 ? 1 : 0));
  return { criterion: numberCriterion(values, weights, rows.length), start: new Float64Array(1), scale: 1 };
}

function featuresPerLeaf(kind: ForestKind, task: 'classification' | 'regression', count: number, share: number): number {
  if (share > 0) return Math.max(1, Math.round(share * count));
  if (!kind.fewFeatures) return count;
  return task === 'classification' ? Math.ceil(Math.sqrt(count)) : Math.ceil(count / 3);
}

/** Draws rows with replacement: a row's weight counts as often as it was drawn. @returns the rows drawn at least once. */
function bootstrap(
  rows: Int32Array,
  own: Float64Array,
  weights: Float64Array,
  random: { nextInt(below: number): number },
): Int32Array {
  for (let i = 0; i < rows.length; i++) weights[rows[i] as number] = 0;
  const isDrawn = new Uint8Array(weights.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[random.nextInt(rows.length)] as number;
    weights[row] = (weights[row] as number) + (own[row] as number);
    isDrawn[row] = 1;
  }
  return rows.filter((row) => isDrawn[row] === 1);
}

/** The tree with its leaf values times a factor, as float32 numbers, which the exported tree holds. */
function scaled(tree: Tree, factor: number): Tree {
  return { ...tree, leafValue: tree.leafValue.map((value) => Math.fround(value * factor)) };
}

function withOtherClass(shares: Float64Array): Float64Array {
  const probabilities = new Float64Array(2 * shares.length);
  for (let row = 0; row < shares.length; row++) {
    const share = Math.min(1, Math.max(0, shares[row] as number));
    probabilities[2 * row] = 1 - share;
    probabilities[2 * row + 1] = share;
  }
  return probabilities;
}

function emitOtherClass(graph: GraphBuilder, shares: string): string {
  const share = graph.node('Clip', [shares, graph.constant(Float32Array.of(0), []), graph.constant(Float32Array.of(1), [])]);
  return graph.node('Concat', [graph.node('Sub', [graph.constant(Float32Array.of(1)), share]), share], { axis: 1 });
}

function normalised(shares: Float64Array, classes: number): Float64Array {
  for (let at = 0; at < shares.length; at += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      shares[at + k] = Math.max(0, shares[at + k] as number) + SHARE_FLOOR;
      sum += shares[at + k] as number;
    }
    for (let k = 0; k < classes; k++) shares[at + k] = (shares[at + k] as number) / sum;
  }
  return shares;
}

function emitNormalised(graph: GraphBuilder, shares: string): string {
  const floored = graph.node('Add', [graph.node('Relu', [shares]), graph.constant(Float32Array.of(SHARE_FLOOR))]);
  return graph.node('Div', [floored, graph.node('ReduceSum', [floored, graph.constant(BigInt64Array.of(1n))], { keepdims: 1 })]);
}
