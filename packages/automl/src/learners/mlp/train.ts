/** Training a network in batches until the loss on rows held out no longer falls; the parameters of its best epoch are kept. */
import { MalachiteError } from '@malachite/core';
import { createRandom } from '../../random.ts';
import type { RowDesign } from '../sgd/row-design.ts';
import type { AnswerLoss } from './answer-loss.ts';
import { openBatchNetwork } from './batch-network.ts';
import { type Network, startParameters } from './network.ts';

export type TrainingInput = {
  readonly network: Network;
  readonly design: RowDesign;
  /** One target a row of the design, as the loss wants it. */
  readonly y: Float64Array;
  /** One weight >= 0 a row of the design, on average 1. */
  readonly weights: Float64Array;
  /** Rows of the design to learn from, and rows to watch. */
  readonly train: Int32Array;
  readonly watched: Int32Array;
  readonly loss: AnswerLoss;
  /** Strength of the L2 penalty on the weights. */
  readonly alpha: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** Epochs in a row without a lower loss on the watched rows before it ends. */
  readonly patience: number;
  readonly seed: number;
  /** Asked before each batch; true ends with the best epoch so far, in the first one with what there is. */
  readonly shouldStop?: () => boolean;
};

/** After so many epochs without a lower loss the best ones are gone on from in smaller steps. */
const EPOCHS_A_RATE = 6;

/** @throws MalachiteError `Failed` when it is to stop before the first batch: random weights are no model. */
export function trainNetwork(input: TrainingInput): { parameters: Float64Array; epochs: number } {
  const { network, design, y, weights, train, watched, loss, alpha, shouldStop } = input;
  const random = createRandom(input.seed);
  const outputs = network.layers.at(-1)?.outputs as number;
  const batchSize = Math.min(input.batchSize, train.length);
  const batches = openBatchNetwork(network, design, batchSize);
  const { answerStride } = batches;
  batches.load(startParameters(network, random));
  const answer = new Float64Array(outputs);
  /** The loss of each row of a batch; leaves the slopes where the answers were. */
  const slopesOf = (answers: Float32Array, rows: Int32Array): number => {
    let sum = 0;
    for (let b = 0; b < rows.length; b++) {
      const at = b * answerStride;
      for (let k = 0; k < outputs; k++) answer[k] = answers[at + k] as number;
      const row = rows[b] as number;
      const weight = weights[row] as number;
      sum += weight * loss(answer, y[row] as number);
      for (let k = 0; k < outputs; k++) answers[at + k] = ((answer[k] as number) * weight) / rows.length;
    }
    return sum;
  };
  const watchedLoss = (): number => {
    let sum = 0;
    for (let begin = 0; begin < watched.length; begin += batchSize) {
      const rows = watched.subarray(begin, begin + batchSize);
      sum += slopesOf(batches.forward(rows), rows);
    }
    return sum;
  };

  const order = train.slice();
  let best = batches.read();
  let lowest = watchedLoss();
  let fruitless = 0;
  let rate = input.learningRate;
  let epochs = 0;
  for (; epochs < input.maxEpochs && fruitless < input.patience; epochs++) {
    random.shuffle(order);
    for (let begin = 0; begin < order.length; begin += batchSize) {
      if (shouldStop?.()) {
        if (epochs > 0) return { parameters: best, epochs };
        if (begin === 0)
          throw new MalachiteError('Failed', 'There was not enough time: the fit was ended before its first step.');
        return { parameters: batches.read(), epochs };
      }
      const rows = order.subarray(begin, begin + batchSize);
      slopesOf(batches.forward(rows), rows);
      batches.backward();
      batches.step(rate, alpha / rows.length);
    }
    const now = watchedLoss();
    if (now < lowest) {
      lowest = now;
      best = batches.read();
      fruitless = 0;
    } else if (++fruitless % EPOCHS_A_RATE === 0) {
      rate /= 3;
      batches.load(best);
    }
  }
  return { parameters: best, epochs };
}
