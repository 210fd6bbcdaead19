/** A learner over the boosting engine; the kinds differ in the names, meanings and defaults of their parameters. */
import type { FitInput, Learner, LearnerParams, Task } from '../learner.ts';
import { emitBinaryProbabilities, probabilitiesOf, softmaxRows } from '../probabilities.ts';
import { binTable } from './binning.ts';
import { type BoostedTrees, boost, countedTrees } from './boost.ts';
import { emitTrees } from './emit.ts';
import { logisticLoss, type Objective, softmaxLoss, squaredError } from './objectives.ts';
import type { BoostingParams } from './params.ts';
import { addTreeValues } from './tree.ts';

export type BoostedModel = {
  readonly task: Task;
  readonly boosted: BoostedTrees;
  readonly numericCount: number;
  /** Known categories of each category feature. */
  readonly categorySizes: readonly number[];
};

/** @param paramsOf reads the learner's own parameters into the engine's; throws `InvalidInput` for what it does not know. */
export function boostedLearner(
  name: string,
  tasks: readonly Task[],
  paramsOf: (given: LearnerParams) => BoostingParams,
): Learner<BoostedModel> {
  return {
    name,
    tasks,
    family: 'trees',

    fit(input) {
      const params = paramsOf(input.params);
      const { features, target, rows, validationRows, seed, shouldStop } = input;
      const defaultBins = params.max_bin === 255 && params.min_data_in_bin === 3;
      const table =
        (defaultBins ? input.binned : undefined) ??
        binTable(features, { maxBin: params.max_bin, minDataInBin: params.min_data_in_bin });
      const boosted = boost({ table, objective: objectiveOf(input), rows, validationRows, params, seed, shouldStop });
      return {
        model: {
          task: target.task,
          boosted,
          numericCount: features.numeric.length,
          categorySizes: features.categorical.map(({ labels }) => labels.length),
        },
        rounds: boosted.rounds,
        work: (rows.length * table.features.length * boosted.trees.length) / 1e6,
      };
    },

    atRounds(model, rounds) {
      const { boosted } = model;
      const grown = boosted.trees.length / boosted.outputs;
      return { ...model, boosted: { ...boosted, rounds: Math.min(rounds, grown) } };
    },

    predict({ task, boosted }, features) {
      const { outputs, start } = boosted;
      const margins = new Float64Array(features.rowCount * outputs);
      for (let row = 0; row < features.rowCount; row++) margins.set(start, row * outputs);
      countedTrees(boosted).forEach((tree, t) => {
        addTreeValues(tree, features, margins, outputs, t % outputs);
      });
      if (task === 'regression') return margins;
      return outputs === 1 ? probabilitiesOf(margins) : softmaxRows(margins, outputs);
    },

    emit({ task, boosted, numericCount, categorySizes }, graph, features) {
      const counted = { ...boosted, trees: countedTrees(boosted) };
      const margins = emitTrees(counted, numericCount, categorySizes, graph, features);
      if (task === 'regression') return margins;
      return boosted.outputs === 1 ? emitBinaryProbabilities(graph, margins) : graph.node('Softmax', [margins], { axis: 1 });
    },
  };
}

function objectiveOf({ target, weights }: FitInput): Objective {
  if (target.task === 'regression') return squaredError(target.y, weights);
  return target.classes.length === 2 ? logisticLoss(target.y, weights) : softmaxLoss(target.y, target.classes.length, weights);
}
