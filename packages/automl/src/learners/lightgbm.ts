/**
 * LightGBM: histogram gradient boosting with leaf-wise trees, category splits and a learned side for missing values.
 * Our own engine under LightGBM's parameter names, defaults and meanings (see `gbdt/params.ts`).
 * Ke et al. 2017, "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
 */
import { binTable } from './gbdt/binning.ts';
import { type BoostedTrees, boost } from './gbdt/boost.ts';
import { emitTrees } from './gbdt/emit.ts';
import { logisticLoss, type Objective, softmaxLoss, squaredError } from './gbdt/objectives.ts';
import { boostingParams } from './gbdt/params.ts';
import { addTreeValues } from './gbdt/tree.ts';
import type { FitInput, Learner } from './learner.ts';
import { emitBinaryProbabilities, probabilitiesOf, softmaxRows } from './probabilities.ts';

export type LightGbmModel = {
  readonly task: 'classification' | 'regression';
  readonly boosted: BoostedTrees;
  readonly numericCount: number;
  /** Known categories of each category feature. */
  readonly categorySizes: readonly number[];
};

export const lightGbm: Learner<LightGbmModel> = {
  name: 'LightGBM',
  tasks: ['classification', 'regression'],
  family: 'trees',

  fit(input) {
    const params = boostingParams(input.params);
    const { features, target, rows, validationRows, seed, shouldStop } = input;
    const defaultBins = params.max_bin === 255 && params.min_data_in_bin === 3;
    const table =
      (defaultBins ? input.binned : undefined) ??
      binTable(features, { maxBin: params.max_bin, minDataInBin: params.min_data_in_bin });
    const boosted = boost({ table, objective: objectiveOf(input), rows, validationRows, params, seed, shouldStop });
    const categorySizes = features.categorical.map(({ labels }) => labels.length);
    return {
      model: { task: target.task, boosted, numericCount: features.numeric.length, categorySizes },
      rounds: boosted.rounds,
      work: (rows.length * table.features.length * boosted.grownTrees) / 1e6,
    };
  },

  predict({ task, boosted }, features) {
    const { outputs, start, trees } = boosted;
    const margins = new Float64Array(features.rowCount * outputs);
    for (let row = 0; row < features.rowCount; row++) margins.set(start, row * outputs);
    trees.forEach((tree, t) => {
      addTreeValues(tree, features, margins, outputs, t % outputs);
    });
    if (task === 'regression') return margins;
    return outputs === 1 ? probabilitiesOf(margins) : softmaxRows(margins, outputs);
  },

  emit({ task, boosted, numericCount, categorySizes }, graph, features) {
    const margins = emitTrees(boosted, numericCount, categorySizes, graph, features);
    if (task === 'regression') return margins;
    return boosted.outputs === 1 ? emitBinaryProbabilities(graph, margins) : graph.node('Softmax', [margins], { axis: 1 });
  },
};

function objectiveOf({ target, weights }: FitInput): Objective {
  if (target.task === 'regression') return squaredError(target.y, weights);
  return target.classes.length === 2 ? logisticLoss(target.y, weights) : softmaxLoss(target.y, target.classes.length, weights);
}
