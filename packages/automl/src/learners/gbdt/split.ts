/** A way to split a leaf, and what it is worth: LightGBM's gain and leaf value. */
import type { BoostingParams } from './params.ts';

export type Split = {
  readonly feature: number;
  /** Loss reduction beyond `min_gain_to_split`; > 0. */
  readonly gain: number;
  /** One 0/1 a bin: does it go left? */
  readonly goesLeft: Uint8Array;
  readonly missingLeft: boolean;
  /** The last bin that goes left, for numbers; -1 for categories. */
  readonly lastLeftBin: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
  readonly rightGradient: number;
  readonly rightHessian: number;
  /** L2 penalty that the children's values use. */
  readonly lambdaL2: number;
};

/** A split of one feature that was looked at; the sides of its bins are written out for the best one only. */
export type Candidate = Omit<Split, 'goesLeft'> & {
  /** The bins that go left, for categories. */
  readonly leftBins: ArrayLike<number>;
};

/** Sums over the rows of a leaf. */
export type LeafSums = { readonly gradient: number; readonly hessian: number; readonly count: number };

/** G with the L1 penalty taken off. */
function shrink(gradient: number, lambdaL1: number): number {
  if (lambdaL1 === 0) return gradient;
  return Math.sign(gradient) * Math.max(0, Math.abs(gradient) - lambdaL1);
}

export function leafGain(gradient: number, hessian: number, lambdaL1: number, lambdaL2: number): number {
  const shrunk = shrink(gradient, lambdaL1);
  return (shrunk * shrunk) / (hessian + lambdaL2);
}

/** The value that minimises the second-order loss of a leaf. */
export function leafValue(gradient: number, hessian: number, lambdaL1: number, lambdaL2: number): number {
  return -shrink(gradient, lambdaL1) / (hessian + lambdaL2);
}

/** The rows of a bin: as in LightGBM no count is kept, its hessian times rows / hessian of the leaf stands for it. */
export function rowsOf(hessian: number, rowsPerHessian: number): number {
  return Math.trunc(hessian * rowsPerHessian + 0.5);
}

/** The least rows and hessian of a side. One row or none is no limit on rows: a hessian that rounding cannot have made is there then. */
export function leastOfSide(params: BoostingParams, leafHessian: number): { rows: number; hessian: number } {
  const rows = params.min_data_in_leaf > 1 ? params.min_data_in_leaf : Number.NEGATIVE_INFINITY;
  return { rows, hessian: Math.max(params.min_sum_hessian_in_leaf, 1e-9 * leafHessian) };
}

/** Histogram sums start here so that a division by them is defined (LightGBM's kEpsilon). */
export const TINY = 1e-15;
