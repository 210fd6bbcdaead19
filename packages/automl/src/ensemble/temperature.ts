/**
 * How sure an average of probabilities may be. Models that are each calibrated are too unsure together: where they disagree, their mean
 * lies in the middle (Ranjan and Gneiting 2010, "Combining probability forecasts"). One temperature, found on rows that no member
 * saw, mends it: answers are softmax(ln p / temperature), as in Guo et al. 2017, "On calibration of modern neural networks". The
 * order of the classes of a row stays; of two classes the order of the rows too.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Target } from '../learners/learner.ts';
import { softmaxRows } from '../learners/probabilities.ts';
import { stackLoss } from './stack-loss.ts';

/** ln p of less than this would not be a number of the exported graph. */
const LEAST = 1e-30;

/** A higher temperature than 1 would blow up the rounding of the smallest probabilities, and a mean is seldom too sure. */
const [LOWEST, HIGHEST] = [0.25, 1];

/** Of the loss: what a temperature must save. */
const LEAST_GAIN = 0.01;

/**
 * The temperature in [0.25, 1] with the least log loss.
 * @param predictions n x K probabilities row by row.
 * @param weights One a row.
 * @returns 1 for values, and where another saves less than a hundredth of the loss.
 */
export function fitTemperature(target: Target, predictions: Float64Array, weights?: Float64Array): number {
  if (target.task === 'regression') return 1;
  // The loss is convex in the inverse of the temperature: between the bounds its slope has one sign change, or none.
  let [low, high] = [1 / HIGHEST, 1 / LOWEST];
  while (high - low > 1e-3) {
    const middle = (low + high) / 2;
    if (slope(target, predictions, middle, weights) > 0) high = middle;
    else low = middle;
  }
  const temperature = Number((1 / low).toPrecision(3));
  const loss = (of: Float64Array): number => stackLoss(target, of, weights);
  const gain = loss(predictions) - loss(tempered(predictions, target.classes.length, temperature));
  return gain < LEAST_GAIN * loss(predictions) ? 1 : temperature;
}

/** Row-major n x K probabilities at a temperature; the same ones at 1. */
export function tempered(predictions: Float64Array, classes: number, temperature: number): Float64Array {
  if (temperature === 1) return predictions;
  return softmaxRows(
    predictions.map((p) => Math.log(Math.max(p, LEAST)) / temperature),
    classes,
  );
}

/** float [n, K] from float [n, K], as `tempered` does it. */
export function emitTempered(graph: GraphBuilder, probabilities: string, temperature: number): string {
  if (temperature === 1) return probabilities;
  const logarithms = graph.node('Log', [graph.node('Max', [probabilities, graph.constant(Float32Array.of(LEAST), [1])])]);
  return graph.node('Softmax', [graph.node('Mul', [logarithms, graph.constant(Float32Array.of(1 / temperature), [1])])], {
    axis: 1,
  });
}

/** Of the log loss by the inverse temperature: what ln p is expected to be by the tempered answer, less what it is of the truth. */
function slope({ y, ...target }: Target, predictions: Float64Array, inverse: number, weights?: Float64Array): number {
  const classes = target.task === 'classification' ? target.classes.length : 1;
  const answers = tempered(predictions, classes, 1 / inverse);
  let sum = 0;
  for (let row = 0; row < y.length; row++) {
    const at = row * classes;
    const logarithm = (k: number): number => Math.log(Math.max(predictions[at + k] as number, LEAST));
    let difference = -logarithm(y[row] as number);
    for (let k = 0; k < classes; k++) difference += (answers[at + k] as number) * logarithm(k);
    sum += (weights === undefined ? 1 : (weights[row] as number)) * difference;
  }
  return sum;
}
