/** Models of the same features, grown on different rows, as one whose margin is the mean of theirs (Breiman 1996, "Bagging predictors"). */
import { type BoostedTrees, countedTrees } from './boost.ts';

/** @param models At least one; all with the same outputs. @returns All their trees, each leaf divided by the number of models. */
export function averageTrees(models: readonly BoostedTrees[]): BoostedTrees {
  const { outputs } = models[0] as BoostedTrees;
  const share = 1 / models.length;
  const start = Float64Array.from({ length: outputs }, (_, k) =>
    Math.fround(share * models.reduce((sum, model) => sum + (model.start[k] as number), 0)),
  );
  const trees = models.flatMap((model) =>
    countedTrees(model).map((tree) => ({ ...tree, leafValue: tree.leafValue.map((value) => Math.fround(share * value)) })),
  );
  return { ...(models[0] as BoostedTrees), outputs, start, trees, rounds: trees.length / outputs };
}
