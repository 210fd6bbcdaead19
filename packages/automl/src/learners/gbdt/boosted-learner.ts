/** A learner over the boosting engine; the kinds differ in the names, meanings and defaults of their parameters. */
import type { Learner, LearnerParams, Task } from '../learner.ts';
import { DOUBLE } from '../linear/linear-model.ts';
import { averageTrees } from './average.ts';
import { binTable, ROWS_OF_EQUAL_BINS } from './binning.ts';
import { type BoostedTrees, boost, countedTrees } from './boost.ts';
import { emitTrees } from './emit.ts';
import { emitLinked, type Link, linked } from './links.ts';
import { chooseObjective } from './objectives/choose-objective.ts';
import type { ObjectiveParams } from './objectives/objective-params.ts';
import type { BoostingParams } from './params.ts';
import { addTreeValues } from './tree.ts';

export type BoostedModel = {
  readonly link: Link;
  readonly boosted: BoostedTrees;
  readonly numericCount: number;
  /** Known categories of each category feature. */
  readonly categorySizes: readonly number[];
};

/** A learner's own parameters in the engine's terms: how trees grow, and what they lower. */
export type EngineParams = { readonly growth: BoostingParams; readonly loss: ObjectiveParams };

/** @param paramsOf reads the learner's own parameters into the engine's; throws `InvalidInput` for what it does not know. */
export function boostedLearner(
  name: string,
  tasks: readonly Task[],
  paramsOf: (given: LearnerParams, task: Task) => EngineParams,
): Learner<BoostedModel> {
  return {
    name,
    tasks,
    family: 'trees',

    fit(input) {
      const { features, target, rows, validationRows, seed, shouldStop, threads = 1 } = input;
      const { growth, loss } = paramsOf(input.params, target.task);
      const params = { ...growth, num_threads: Math.max(growth.num_threads, threads) };
      const objective = chooseObjective(input, loss);
      const defaultBins = params.max_bin === 255 && (params.min_data_in_bin === 3 || features.rowCount >= ROWS_OF_EQUAL_BINS);
      const table =
        (defaultBins ? input.binned : undefined) ??
        binTable(features, { maxBin: params.max_bin, minDataInBin: params.min_data_in_bin });
      const boosted = boost({ table, objective, rows, validationRows, params, seed, shouldStop });
      return {
        model: {
          link: objective.link,
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

    average(models) {
      return { ...(models[0] as BoostedModel), boosted: averageTrees(models.map(({ boosted }) => boosted)) };
    },

    predict({ link, boosted }, features) {
      const { outputs, start } = boosted;
      const margins = new Float64Array(features.rowCount * outputs);
      for (let row = 0; row < features.rowCount; row++) margins.set(start, row * outputs);
      countedTrees(boosted).forEach((tree, t) => {
        addTreeValues(tree, features, margins, outputs, t % outputs);
      });
      return linked(link, margins, outputs);
    },

    emit({ link, boosted, numericCount, categorySizes }, graph, features) {
      const counted = { ...boosted, trees: countedTrees(boosted) };
      const emitted = (trees: BoostedTrees): string => emitTrees(trees, numericCount, categorySizes, graph, features);
      if (link !== 'exp') return emitLinked(link, graph, emitted(counted), boosted.outputs);
      // The start is the bulk of a logarithm: without it float32 sums of the leaves are exact enough.
      const sums = graph.node('Cast', [emitted({ ...counted, start: new Float64Array(boosted.outputs) })], { to: DOUBLE });
      return emitLinked(link, graph, graph.node('Add', [sums, graph.constant(boosted.start)]), boosted.outputs);
    },
  };
}
