/** Training a network in batches until the loss on rows held out no longer falls; the parameters of its best epoch are kept. */
import { createRandom } from '../../random.ts';
import type { RowDesign } from '../sgd/row-design.ts';
import { createAdam } from './adam.ts';
import type { AnswerLoss } from './answer-loss.ts';
import { backward, forward, type Network, roomFor, startParameters } from './network.ts';

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
  /** Asked before each batch; true ends with the best epoch so far. */
  readonly shouldStop?: () => boolean;
};

export function trainNetwork(input: TrainingInput): { parameters: Float64Array; epochs: number } {
  const { network, design, y, weights, train, watched, loss, alpha, batchSize, shouldStop } = input;
  const random = createRandom(input.seed);
  const parameters = startParameters(network, random);
  const adam = createAdam(parameters.length, input.learningRate);
  const gradient = new Float64Array(parameters.length);
  const given = roomFor(network);
  const slopes = [...roomFor(network).slice(0, -1), given.at(-1) as Float64Array];
  const order = train.slice();
  const watchedLoss = (): number => {
    let sum = 0;
    for (const i of watched) {
      forward(network, parameters, design, i, given);
      sum += (weights[i] as number) * loss(given.at(-1) as Float64Array, y[i] as number);
    }
    return sum;
  };

  let best = parameters.slice();
  let lowest = watchedLoss();
  let fruitless = 0;
  let epochs = 0;
  for (; epochs < input.maxEpochs && fruitless < input.patience; epochs++) {
    random.shuffle(order);
    for (let begin = 0; begin < order.length; begin += batchSize) {
      if (shouldStop?.()) return { parameters: best, epochs };
      const batch = order.subarray(begin, begin + batchSize);
      gradient.fill(0);
      for (const i of batch) {
        forward(network, parameters, design, i, given);
        const answer = given.at(-1) as Float64Array;
        loss(answer, y[i] as number);
        for (let k = 0; k < answer.length; k++) answer[k] = ((answer[k] as number) * (weights[i] as number)) / batch.length;
        backward(network, parameters, design, i, given, slopes, gradient);
      }
      for (const { weightsAt, biasAt } of network.layers) {
        for (let at = weightsAt; at < biasAt; at++) {
          gradient[at] = (gradient[at] as number) + (alpha * (parameters[at] as number)) / batch.length;
        }
      }
      adam.step(parameters, gradient);
    }
    const now = watchedLoss();
    if (now < lowest) {
      lowest = now;
      best = parameters.slice();
      fruitless = 0;
    } else fruitless++;
  }
  return { parameters: best, epochs };
}
