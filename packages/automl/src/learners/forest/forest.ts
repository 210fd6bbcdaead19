/**
 * Averages of trees: each tree is grown on the histogram engine with squared error, which for a 0/1 target is the Gini
 * criterion. More than two classes grow a tree a class (one against the rest) and the shares are normalised.
 */
import type { GraphBuilder } from '@malachite/onnx';
import { createRandom, type Random } from '../../random.ts';
import { averageTrees } from '../gbdt/average.ts';
import { binTable } from '../gbdt/binning.ts';
import type { BoostedTrees } from '../gbdt/boost.ts';
import { emitTrees } from '../gbdt/emit.ts';
import { growTree } from '../gbdt/grow.ts';
import { boostingParams } from '../gbdt/params.ts';
import { addTreeValues, type Tree } from '../gbdt/tree.ts';
import { openWorkspace } from '../gbdt/workspace.ts';
import type { Fit, FitInput, Learner, LearnerParams } from '../learner.ts';
import { readParams } from '../parameters.ts';
import { randomThreshold } from './random-threshold.ts';

/** Trees whose leaf values are divided by the number of trees: their sum is the average. */
export type ForestModel = {
  readonly task: 'classification' | 'regression';
  readonly classes: number;
  readonly trees: BoostedTrees;
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

/** Bins of number features: averages of many trees need no finer ones. */
const FOREST_BINS = 64;

/** Added to each class before shares are normalised, so that no row is without any. */
const SHARE_FLOOR = 1e-6;

export function forestLearner(kind: ForestKind): Learner<ForestModel> {
  return {
    name: kind.name,
    tasks: ['classification', 'regression'],
    family: 'trees',

    fit: (input) => fitForest(kind, input),

    average(models) {
      return { ...(models[0] as ForestModel), trees: averageTrees(models.map(({ trees }) => trees)) };
    },

    predict({ task, classes, trees }, features) {
      const sums = new Float64Array(features.rowCount * trees.outputs);
      for (let row = 0; row < features.rowCount; row++) sums.set(trees.start, row * trees.outputs);
      trees.trees.forEach((tree, t) => {
        addTreeValues(tree, features, sums, trees.outputs, t % trees.outputs);
      });
      if (task === 'regression') return sums;
      return trees.outputs === 1 ? withOtherClass(sums) : normalised(sums, classes);
    },

    emit({ task, trees, numericCount, categorySizes }, graph, features) {
      const sums = emitTrees(trees, numericCount, categorySizes, graph, features);
      if (task === 'regression') return sums;
      return trees.outputs === 1 ? emitOtherClass(graph, sums) : emitNormalised(graph, sums);
    },
  };
}

function fitForest(kind: ForestKind, input: FitInput): Fit<ForestModel> {
  const { features, target, rows, shouldStop } = input;
  const given = forestParams(kind, input.params);
  const growth = boostingParams({
    num_leaves: given.max_leaf_nodes,
    max_depth: given.max_depth,
    min_data_in_leaf: given.min_samples_leaf,
    min_sum_hessian_in_leaf: 0,
    min_gain_to_split: 1e-9 * rows.length,
    cat_l2: 0,
    min_data_per_group: Math.max(10, given.min_samples_leaf),
  });
  const table = binTable(features, { maxBin: FOREST_BINS });
  const random = createRandom(input.seed);
  const workspace = openWorkspace(table, rows.length, growth);
  const targets = targetsOf(input);
  const all = Int32Array.from(table.features.keys());
  const perLeaf = featuresPerLeaf(kind, target.task, all.length, given.max_features);
  const variant = {
    featuresOfLeaf: perLeaf < all.length ? () => draw(all, perLeaf, random) : undefined,
    searchNumbers: kind.randomThresholds ? randomThreshold(random) : undefined,
  };
  const grown: Tree[] = [];
  while (grown.length < given.n_estimators * targets.length && (grown.length === 0 || !shouldStop?.())) {
    const { counts, inside } = kind.bootstrap ? bootstrap(rows, table.rowCount, random) : { counts: undefined, inside: rows };
    for (const { centre, scale, predictedAt } of targets) {
      for (const row of inside) {
        const weight = (counts?.[row] ?? 1) * (input.weights?.[row] ?? 1);
        workspace.pairs[2 * row] = (-weight * (predictedAt(row) - centre)) / scale;
        workspace.pairs[2 * row + 1] = weight;
      }
      const { tree } = growTree(table, inside, all, growth, workspace, variant);
      grown.push({ ...tree, leafValue: tree.leafValue.map((value) => centre + scale * value) });
    }
  }
  const rounds = grown.length / targets.length;
  const trees = grown.map((tree) => ({ ...tree, leafValue: tree.leafValue.map((value) => Math.fround(value / rounds)) }));
  return {
    model: {
      task: target.task,
      classes: target.task === 'classification' ? target.classes.length : 0,
      trees: { outputs: targets.length, start: new Float64Array(targets.length), trees, rounds },
      numericCount: features.numeric.length,
      categorySizes: features.categorical.map(({ labels }) => labels.length),
    },
    work: (rows.length * table.features.length * trees.length) / 1e6,
  };
}

function forestParams(kind: ForestKind, given: LearnerParams) {
  const { n_estimators, ...others } = params;
  return readParams(kind.name, given, { ...others, n_estimators: { ...n_estimators, default: kind.trees } });
}

type TargetColumn = { readonly centre: number; readonly scale: number; predictedAt(row: number): number };

/** What each tree of a round predicts: a number, the second class, or each class in turn. Numbers are brought to deviation 1. */
function targetsOf({ target, rows }: FitInput): TargetColumn[] {
  const { y } = target;
  if (target.task === 'classification') {
    const predicted = target.classes.length === 2 ? [1] : [...target.classes.keys()];
    return predicted.map((k) => ({ centre: 0, scale: 1, predictedAt: (row) => (y[row] === k ? 1 : 0) }));
  }
  const mean = rows.reduce((sum, row) => sum + (y[row] as number), 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + ((y[row] as number) - mean) ** 2, 0) / rows.length;
  return [{ centre: mean, scale: Math.sqrt(variance) || 1, predictedAt: (row) => y[row] as number }];
}

function featuresPerLeaf(kind: ForestKind, task: 'classification' | 'regression', count: number, share: number): number {
  if (share > 0) return Math.max(1, Math.round(share * count));
  if (!kind.fewFeatures) return count;
  return task === 'classification' ? Math.ceil(Math.sqrt(count)) : Math.ceil(count / 3);
}

function draw(all: Int32Array, count: number, random: Random): Int32Array {
  return random.shuffle(all.slice()).subarray(0, count);
}

/** How often each row is drawn, and the rows drawn at least once. */
function bootstrap(rows: Int32Array, rowCount: number, random: Random): { counts: Uint16Array; inside: Int32Array } {
  const counts = new Uint16Array(rowCount);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[random.nextInt(rows.length)] as number;
    counts[row] = (counts[row] as number) + 1;
  }
  return { counts, inside: rows.filter((row) => (counts[row] as number) > 0) };
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
