/**
 * `multiclass`: softmax cross entropy; gradient `p - 1[y = k]`, hessian `K / (K - 1) p (1 - p)`; and `multiclassova`: logistic loss of
 * each class against the rest.
 */
import { softmaxInto } from '../../softmax.ts';
import { exp } from '../exp.ts';
import { binary, type LabelWeights, logisticLoss } from './binary.ts';
import { type ClassTarget, type Objective, weightedMean } from './objective.ts';

const PROBABILITY_FLOOR = 1e-15;

export function multiclass({ y, classes, weights }: ClassTarget): Objective {
  return {
    outputs: classes,
    link: 'softmax',
    start(rows) {
      return Float64Array.from({ length: classes }, (_, k) => {
        const share = weightedMean(rows, weights, (row) => (y[row] === k ? 1 : 0));
        return Math.log(Math.max(PROBABILITY_FLOOR, share));
      });
    },
    kernel: { loss: 'softmax', target: (row) => y[row] as number, weight: weights && ((row) => weights[row] as number) },
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
  const ofClass = Array.from({ length: classes }, (_, k) => labelWeights(k));
  const againstRest = ofClass.map((labels, k) => binary({ y: membership(y, k), weights }, labels));
  return {
    outputs: classes,
    link: 'sigmoids',
    start: (rows) => Float64Array.from(againstRest, (objective) => objective.start(rows)[0] as number),
    gradients(scores, rows, k, pairs) {
      const { positive, negative } = ofClass[k] as LabelWeights;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const label = y[row] === k ? 1 : -1;
        const response = -label / (1 + exp(label * (scores[row * classes + k] as number)));
        const size = Math.abs(response);
        const weight = (label === 1 ? positive : negative) * (weights === undefined ? 1 : (weights[row] as number));
        pairs[2 * row] = response * weight;
        pairs[2 * row + 1] = size * (1 - size) * weight;
      }
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
