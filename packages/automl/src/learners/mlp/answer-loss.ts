/** The loss of a network's answer for a row, and its slope: logistic for one log odds, softmax for more, squared error for a value. */
import { softmaxInto } from '../softmax.ts';

/** Turns `answer` into the slope of the loss in it, in place. @returns the loss. */
export type AnswerLoss = (answer: Float64Array, y: number) => number;

export const squaredLoss: AnswerLoss = (answer, y) => {
  const apart = (answer[0] as number) - y;
  answer[0] = apart;
  return (apart * apart) / 2;
};

/** @param y 0 or 1. */
export const logisticLoss: AnswerLoss = (answer, y) => {
  const z = answer[0] as number;
  answer[0] = 1 / (1 + Math.exp(-z)) - y;
  return Math.max(0, z) - y * z + Math.log1p(Math.exp(-Math.abs(z)));
};

/** @param y the class. */
export const softmaxLoss: AnswerLoss = (answer, y) => {
  softmaxInto(answer, 0, answer.length, answer);
  const share = answer[y] as number;
  answer[y] = share - 1;
  return -Math.log(Math.max(1e-300, share));
};
