/** What naive Bayes learns: weighted sums of every column of the design matrix within each class. */
import type { FitInput } from '../learner.ts';
import { designOf, multiplyTransposed } from '../linear/design.ts';

export type ClassCounts = {
  /** Sum of weights of each class. */
  readonly classWeights: Float64Array;
  /** One array a class: the weighted sum of each column. */
  readonly sums: readonly Float64Array[];
};

export function classCounts({ features, target, rows, weights }: FitInput): ClassCounts {
  const classes = target.task === 'classification' ? target.classes.length : 0;
  const design = designOf(features, rows);
  const memberships = Array.from({ length: classes }, () => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    (memberships[target.y[row] as number] as Float64Array)[i] = weights === undefined ? 1 : (weights[row] as number);
  });
  return {
    classWeights: Float64Array.from(memberships, (own) => own.reduce((sum, weight) => sum + weight, 0)),
    sums: memberships.map((own) => {
      const sums = new Float64Array(design.width);
      multiplyTransposed(design, own, sums);
      return sums;
    }),
  };
}

/** log of each class's share; classes count alike when the prior is not learned. A class without rows has a share too small to win. */
export function logPriors(classWeights: Float64Array, fitPrior: boolean): Float64Array {
  const total = classWeights.reduce((sum, weight) => sum + weight, 0);
  return classWeights.map((weight) =>
    fitPrior ? Math.log(Math.max(weight / total, Number.MIN_VALUE)) : -Math.log(classWeights.length),
  );
}
