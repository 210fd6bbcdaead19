/** Gradient boosting (Friedman 2001) of histogram trees, with LightGBM's sampling and early stopping. */
import { createRandom, type Random } from '../../random.ts';
import type { BinnedTable } from './binning.ts';
import { gradientBytes, gradientsInto } from './gradients.ts';
import { type GrownTree, growTree } from './grow.ts';
import type { Objective } from './objectives/objective.ts';
import type { BoostingParams } from './params.ts';
import { singleLeaf, type Tree } from './tree.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Margins are `start[k]` + the values of trees `k`, `k + outputs`, `k + 2 outputs`, ... */
export type BoostedTrees = {
  readonly outputs: number;
  readonly start: Float64Array;
  /** Trees grown, those after the best round included: folds settle on a number of rounds together, afterwards. */
  readonly trees: readonly Tree[];
  /** Rounds that count; fewer than asked for when early stopping or `shouldStop` ended the fit. */
  readonly rounds: number;
};

/** The trees that count. No round at all is a tree of one leaf that adds nothing: a model, and a graph, always has a tree. */
export function countedTrees({ outputs, trees, rounds }: BoostedTrees): readonly Tree[] {
  return rounds === 0 ? Array.from({ length: outputs }, () => singleLeaf) : trees.slice(0, rounds * outputs);
}

export type BoostInput = {
  readonly table: BinnedTable;
  readonly objective: Objective;
  readonly rows: Int32Array;
  readonly validationRows?: Int32Array;
  readonly params: BoostingParams;
  readonly seed: number;
  readonly shouldStop?: () => boolean;
};

/** Helping threads, where there are any, end with the fit, however it ends. */
export function boost(input: BoostInput): BoostedTrees {
  const { table, rows, validationRows, params, objective } = input;
  const heldOut = rows.length + (validationRows?.length ?? 0);
  const ownBytes = 8 * table.rowCount * objective.outputs + 4 * heldOut + gradientBytes(objective, rows.length, table.rowCount);
  const workspace = openWorkspace(table, rows.length, params, ownBytes, threadsFor(input));
  try {
    return growRounds(input, workspace);
  } finally {
    workspace.kernels.close();
  }
}

/** Cells of a table below which threads wait for each other more than they save: 35,000 rows of 28 features. */
const CELLS_FOR_THREADS = 1e6;
/** Visits of a cell, one a tree, below which threads take longer to start than they save: some half a second. */
const VISITS_FOR_THREADS = 2e8;

function threadsFor({ table, rows, params, objective }: BoostInput): number {
  const cells = rows.length * table.features.length;
  const isLarge = cells >= CELLS_FOR_THREADS && cells * params.num_iterations * objective.outputs >= VISITS_FOR_THREADS;
  return isLarge ? params.num_threads : 1;
}

function growRounds(input: BoostInput, workspace: Workspace): BoostedTrees {
  const { table, objective, rows, validationRows, params, shouldStop } = input;
  const random = createRandom(input.seed);
  const { outputs } = objective;
  const start = objective.start(rows).map(Math.fround);
  const { kernels } = workspace;
  const scores = kernels.floats(table.rowCount * outputs);
  for (let row = 0; row < table.rowCount; row++) scores.set(start, row * outputs);
  const writeGradients = gradientsInto(workspace, objective, scores, table.rowCount);
  const judging = (params.early_stopping_round > 0 ? validationRows : undefined) ?? new Int32Array(0);
  const watched = kernels.ints(judging.length);
  watched.set(judging);
  const isBagging = params.bagging_freq > 0 && params.bagging_fraction < 1;
  const outside = kernels.ints(isBagging ? rows.length : 0);

  const trees: Tree[] = [];
  let bag = bagOf(rows, outside.subarray(0, 0));
  let bestLoss = Number.POSITIVE_INFINITY;
  let bestRounds = 0;
  let rounds = 0;
  while (rounds < params.num_iterations && !shouldStop?.()) {
    if (isBagging && rounds % params.bagging_freq === 0) bag = drawBag(rows, params.bagging_fraction, random, outside);
    let grew = false;
    for (let k = 0; k < outputs; k++) {
      // Growing reorders them.
      const rowsOfTree = workspace.rows.subarray(0, bag.inside.length);
      rowsOfTree.set(bag.inside);
      writeGradients(rowsOfTree, k);
      const features = drawFeatures(table.features.length, params.feature_fraction, random);
      const grown = shrinkLeaves(
        renewLeaves(growTree(table, rowsOfTree, bag.ascending, features, params, workspace), objective, scores),
        params.learning_rate,
      );
      const leaves = { begin: grown.leafBegin, count: grown.leafRows, value: grown.tree.leafValue };
      kernels.addLeafValues(grown.rows, leaves, scores, outputs, k);
      trees.push(grown.tree);
      if (grown.tree.leafCount === 1) continue;
      grew = true;
      const walk = { ...grown.tree, goesLeft: grown.goesLeft, value: grown.tree.leafValue };
      for (const others of [bag.outside, watched]) kernels.addTreeValues(walk, workspace.rowBins, others, scores, outputs, k);
    }
    if (!grew) {
      trees.length -= outputs;
      break;
    }
    rounds++;
    if (watched.length === 0) continue;
    const loss = objective.loss(scores, watched);
    if (loss < bestLoss) {
      bestLoss = loss;
      bestRounds = rounds;
    } else if (rounds - bestRounds >= params.early_stopping_round) break;
  }
  return { outputs, start, trees, rounds: watched.length === 0 ? rounds : bestRounds };
}

/** The rows that trees grow on for some rounds, and the training rows left out. */
type Bag = {
  /** From the lowest: the rows of every leaf then lie as close together in the table as they can. */
  readonly inside: Int32Array;
  /** In the memory of the kernels. */
  readonly outside: Int32Array;
  /** Whether each row inside is above the one before it: none is there twice. */
  readonly ascending: boolean;
};

function bagOf(rows: Int32Array, outside: Int32Array): Bag {
  if (ascends(rows)) return { inside: rows, outside, ascending: true };
  const inside = rows.toSorted();
  return { inside, outside, ascending: ascends(inside) };
}

function ascends(rows: Int32Array): boolean {
  for (let i = 1; i < rows.length; i++) if ((rows[i] as number) <= (rows[i - 1] as number)) return false;
  return true;
}

/** A share of `rows`, drawn without replacement. @param room for the rows left out. */
function drawBag(rows: Int32Array, fraction: number, random: Random, room: Int32Array): Bag {
  const wanted = Math.max(1, Math.round(rows.length * fraction));
  const inside = new Int32Array(wanted);
  const outside = room.subarray(0, rows.length - wanted);
  let taken = 0;
  for (let i = 0; i < rows.length; i++) {
    if (random.nextFloat() * (rows.length - i) < wanted - taken) inside[taken++] = rows[i] as number;
    else outside[i - taken] = rows[i] as number;
  }
  return bagOf(inside, outside);
}

function drawFeatures(count: number, fraction: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: count }, (_, j) => j);
  if (fraction >= 1) return all;
  return random
    .shuffle(all)
    .slice(0, Math.max(1, Math.round(count * fraction)))
    .sort();
}

/** The tree with the leaf values that the loss asks for, where it asks (LightGBM's RenewTreeOutput). */
function renewLeaves(grown: GrownTree, { leafValue }: Objective, scores: Float64Array): GrownTree {
  const { tree, rows, leafBegin, leafRows } = grown;
  if (leafValue === undefined || tree.leafCount === 1) return grown;
  const renewed = tree.leafValue.map((_, leaf) => {
    const begin = leafBegin[leaf] as number;
    return leafValue(scores, rows.subarray(begin, begin + (leafRows[leaf] as number)));
  });
  return { ...grown, tree: { ...tree, leafValue: renewed } };
}

/**
 * Leaf values times the learning rate, rounded to the float32 numbers that the exported tree holds. A tree that could not be split
 * adds nothing, as in LightGBM: where a class of many is certain, its root has no hessian to divide by.
 */
function shrinkLeaves(grown: GrownTree, learningRate: number): GrownTree {
  const isSplit = grown.tree.leafCount > 1;
  const leafValue = grown.tree.leafValue.map((value) => (isSplit ? Math.fround(value * learningRate) : 0));
  return { ...grown, tree: { ...grown.tree, leafValue } };
}
