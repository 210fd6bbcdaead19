/** What boosting asks of a loss. Scores are raw margins, row-major `rows x outputs`; gradient pairs are float32 numbers, as in LightGBM. */
import type { KernelLoss } from '../kernels.ts';
import type { Link } from '../links.ts';

export type Objective = {
  /** Trees a round: 1, or one a class for more than two classes. */
  readonly outputs: number;
  /** How margins become predictions. */
  readonly link: Link;
  /** Start score of each output (LightGBM's `boost_from_average`). */
  start(rows: Int32Array): Float64Array;
  /**
   * The value of a leaf that holds `rows`, before the learning rate, for losses whose second-order value is not their minimum (LightGBM's
   * RenewTreeOutput); absent: the second-order value stays.
   */
  leafValue?(scores: Float64Array, rows: Int32Array): number;
  /** Weighted mean loss over `rows`. */
  loss(scores: Float64Array, rows: Int32Array): number;
} & (
  | {
      /** Writes (gradient, hessian) of output `k` for `rows` into `pairs`; the outputs of a round from 0 on. */
      gradients(scores: Float64Array, rows: Int32Array, k: number, pairs: Float32Array): void;
      readonly kernel?: undefined;
    }
  | {
      /** Or: a kernel writes them. */
      readonly kernel: KernelTarget;
    }
);

/** What a kernel needs to write the gradients of a loss. */
export type KernelTarget = {
  readonly loss: KernelLoss | 'softmax';
  /** -1 or 1 for `logistic`, the number to predict for `squared`, the class's number for `softmax`. */
  target(row: number): number;
  /** Absent: every row counts 1. */
  readonly weight?: (row: number) => number;
};

/** What a loss of one number a row is made from. */
export type NumberTarget = { readonly y: Float64Array; readonly weights?: Float64Array };

/** What a loss of classes is made from: class indices below `classes`. */
export type ClassTarget = { readonly y: Int32Array; readonly classes: number; readonly weights?: Float64Array };

/** A loss by its gradient, hessian and value at one row. */
export type Pointwise = {
  gradient(score: number, y: number): number;
  hessian(score: number, y: number): number;
  value(score: number, y: number): number;
  readonly link: Link;
  /** Default: the weighted mean of the target. */
  start?(rows: Int32Array): number;
  readonly leafValue?: Objective['leafValue'];
};

/** The objective of a loss of one number a row. */
export function pointwise({ y, weights }: NumberTarget, of: Pointwise): Objective {
  return {
    outputs: 1,
    link: of.link,
    start: (rows) => Float64Array.of(of.start?.(rows) ?? meanOf(rows, y, weights)),
    gradients(scores, rows, _, pairs) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const weight = weights === undefined ? 1 : (weights[row] as number);
        const score = scores[row] as number;
        const target = y[row] as number;
        pairs[2 * row] = Math.fround(of.gradient(score, target) * weight);
        pairs[2 * row + 1] = Math.fround(of.hessian(score, target) * weight);
      }
    },
    leafValue: of.leafValue,
    loss: (scores, rows) => weightedMean(rows, weights, (row) => of.value(scores[row] as number, y[row] as number)),
  };
}

export function meanOf(rows: Int32Array, y: ArrayLike<number>, weights: Float64Array | undefined): number {
  return weightedMean(rows, weights, (row) => y[row] as number);
}

/** 0 when the rows have no weight. */
export function weightedMean(rows: Int32Array, weights: Float64Array | undefined, value: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const weight = weights === undefined ? 1 : (weights[row] as number);
    sum += weight * value(row);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}
