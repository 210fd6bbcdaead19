/**
 * The losses that boosting lowers: their start value, gradient pairs and mean loss. Scores are raw margins, row-major
 * `rows x outputs`.
 */

export type Objective = {
  /** Trees a round: 1, or one a class for more than two classes. */
  readonly outputs: number;
  /** Start score of each output (LightGBM's `boost_from_average`). */
  start(rows: Int32Array): Float64Array;
  /** Writes (gradient, hessian) of output `k` for `rows` into `pairs`. */
  gradients(scores: Float64Array, rows: Int32Array, k: number, pairs: Float64Array): void;
  /** Weighted mean loss over `rows`. */
  loss(scores: Float64Array, rows: Int32Array): number;
};

const PROBABILITY_FLOOR = 1e-15;

const weightOf = (weights: Float64Array | undefined, row: number): number =>
  weights === undefined ? 1 : (weights[row] as number);

/** Squared error: gradient `score - y`, hessian 1. */
export function squaredError(y: Float64Array, weights?: Float64Array): Objective {
  return {
    outputs: 1,
    start(rows) {
      return Float64Array.of(weightedMean(rows, weights, (row) => y[row] as number));
    },
    gradients(scores, rows, _, pairs) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const weight = weightOf(weights, row);
        pairs[2 * row] = Math.fround(((scores[row] as number) - (y[row] as number)) * weight);
        pairs[2 * row + 1] = weight;
      }
    },
    loss(scores, rows) {
      return weightedMean(rows, weights, (row) => ((scores[row] as number) - (y[row] as number)) ** 2);
    },
  };
}

/** Logistic loss of two classes: gradient `p - y`, hessian `p (1 - p)`; the score is the log odds of class 1. */
export function logisticLoss(y: Int32Array, weights?: Float64Array): Objective {
  return {
    outputs: 1,
    start(rows) {
      const share = clampProbability(weightedMean(rows, weights, (row) => y[row] as number));
      return Float64Array.of(Math.log(share / (1 - share)));
    },
    gradients(scores, rows, _, pairs) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const label = y[row] === 1 ? 1 : -1;
        const response = -label / (1 + Math.exp(label * (scores[row] as number)));
        const weight = weightOf(weights, row);
        pairs[2 * row] = Math.fround(response * weight);
        pairs[2 * row + 1] = Math.fround(Math.abs(response) * (1 - Math.abs(response)) * weight);
      }
    },
    loss(scores, rows) {
      return weightedMean(rows, weights, (row) => {
        const margin = (y[row] === 1 ? 1 : -1) * (scores[row] as number);
        // log(1 + exp(-margin)), without overflow.
        return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
      });
    },
  };
}

/** Softmax cross entropy of `classes` classes: gradient `p - 1[y = k]`, hessian `K / (K - 1) p (1 - p)` as in LightGBM. */
export function softmaxLoss(y: Int32Array, classes: number, weights?: Float64Array): Objective {
  const factor = classes / (classes - 1);
  const probabilities = new Float64Array(y.length * classes);
  return {
    outputs: classes,
    start(rows) {
      return Float64Array.from({ length: classes }, (_, k) => {
        return Math.log(
          Math.max(
            PROBABILITY_FLOOR,
            weightedMean(rows, weights, (row) => (y[row] === k ? 1 : 0)),
          ),
        );
      });
    },
    gradients(scores, rows, k, pairs) {
      // All classes of a round start from the same scores: the softmax is taken once, with the first.
      if (k === 0)
        for (let i = 0; i < rows.length; i++) softmaxInto(scores, (rows[i] as number) * classes, classes, probabilities);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const probability = probabilities[row * classes + k] as number;
        const weight = weightOf(weights, row);
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

/** Softmax of `scores[at .. at + classes)` into the same place of `into`. */
export function softmaxInto(scores: Float64Array, at: number, classes: number, into: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) highest = Math.max(highest, scores[at + k] as number);
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    const value = Math.exp((scores[at + k] as number) - highest);
    into[at + k] = value;
    sum += value;
  }
  for (let k = 0; k < classes; k++) into[at + k] = (into[at + k] as number) / sum;
}

function clampProbability(p: number): number {
  return Math.min(1 - PROBABILITY_FLOOR, Math.max(PROBABILITY_FLOOR, p));
}

function weightedMean(rows: Int32Array, weights: Float64Array | undefined, value: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const weight = weightOf(weights, row);
    sum += weight * value(row);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}
