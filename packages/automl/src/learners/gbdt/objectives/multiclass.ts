/**
 * `multiclass`: softmax cross entropy; gradient `p - 1[y = k]`, hessian `K / (K - 1) p (1 - p)`; and `multiclassova`: logistic loss of
 * each class against the rest.
 */
import { softmaxInto } from '../../softmax.ts';
import { binary, type LabelWeights, logisticLoss } from './binary.ts';
import { type ClassTarget, type Objective, weightedMean } from './objective.ts';

const PROBABILITY_FLOOR = 1e-15;

export function multiclass({ y, classes, weights }: ClassTarget): Objective {
  const factor = classes / (classes - 1);
  const probabilities = new Float64Array(y.length * classes);
  return {
    outputs: classes,
    link: 'softmax',
    start(rows) {
      return Float64Array.from({ length: classes }, (_, k) => {
        const share = weightedMean(rows, weights, (row) => (y[row] === k ? 1 : 0));
        return Math.log(Math.max(PROBABILITY_FLOOR, share));
      });
    },
    gradients(scores, rows, k, pairs) {
      // All classes of a round start from the same scores: the softmax is taken once, with the first.
      if (k === 0)
        for (let i = 0; i < rows.length; i++) softmaxInto(scores, (rows[i] as number) * classes, classes, probabilities);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const probability = probabilities[row * classes + k] as number;
        const weight = weights === undefined ? 1 : (weights[row] as number);
        pairs[2 * row] = Math.fround((probability - (y[row] === k ? 1 : 0)) * weight);
        pairs[2 * row + 1] = Math.fround(factor * probability * (1 - probability) * weight);
      }
    },
    loss(scores, rows) {
      const mine = new Float64Array(classes);
      return weightedMean(rows, weights, (row) => {
        for (let k = 0; k < classes; k++) mine[k] = scores[row * classes + k] as number;
        softmaxInto(mine, 0, classes, mine);
        return -Math.log(Math.max(PROBABILITY_FLOOR, mine[y[row] as number] as number));
      });
    },
  };
}

/** @param labelWeights what rows in and out of class `k` count for besides their weights. */
export function multiclassOva({ y, classes, weights }: ClassTarget, labelWeights: (k: number) => LabelWeights): Objective {
  const againstRest = Array.from({ length: classes }, (_, k) => binary({ y: membership(y, k), weights }, labelWeights(k)));
  const column = new Float64Array(y.length);
  return {
    outputs: classes,
    link: 'sigmoids',
    start: (rows) => Float64Array.from(againstRest, (objective) => objective.start(rows)[0] as number),
    gradients(scores, rows, k, pairs) {
      for (const row of rows) column[row] = scores[row * classes + k] as number;
      againstRest[k]?.gradients(column, rows, 0, pairs);
    },
    loss: (scores, rows) =>
      weightedMean(rows, weights, (row) => {
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += logisticLoss(scores[row * classes + k] as number, y[row] === k);
        return sum / classes;
      }),
  };
}

/** 1 where the row is of class `k`, else 0. */
export function membership(y: Int32Array, k: number): Uint8Array {
  return Uint8Array.from(y, (label) => (label === k ? 1 : 0));
}
