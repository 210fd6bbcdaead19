/**
 * `class_weight` for every classifier, as scikit-learn has it: `balanced` lets each class count the same, by giving a row the weight
 * rows / (classes * rows of its class), times its own. Sample weights do the rest, so no learner knows of it.
 */
import { MalachiteError } from '@malachite/core';
import type { FitInput, Learner } from './learner.ts';

/** The learner with a parameter `class_weight` of `none` (default) or `balanced`. */
export function withClassWeight<Model>(learner: Learner<Model>): Learner<Model> {
  if (!learner.tasks.includes('classification')) return learner;
  return {
    ...learner,
    fit(input) {
      const { class_weight: given, ...params } = input.params;
      if (given === undefined || input.target.task === 'regression') return learner.fit(input);
      if (given === 'none') return learner.fit({ ...input, params });
      if (given === 'balanced') return learner.fit({ ...input, params, weights: balancedWeights(input) });
      throw new MalachiteError(
        'InvalidInput',
        `${learner.name} parameter "class_weight" is ${String(given)}; it must be one of none, balanced.`,
      );
    },
  };
}

/** One weight a row of the table; validation rows are weighted alike. */
function balancedWeights({ target, rows, weights }: FitInput): Float64Array {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const label = target.y[row] as number;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return Float64Array.from(target.y, (label, row) => {
    const count = counts.get(label);
    const own = weights === undefined ? 1 : (weights[row] as number);
    return count === undefined ? own : (own * rows.length) / (counts.size * count);
  });
}
