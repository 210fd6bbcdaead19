/** Gradient pairs of the common losses, two rows at a time; a pair is two float32 (gradient, hessian). */
import { exp } from './exp';

/** Logistic loss; labels are -1 or 1. `weights` 0 is none; `constants` are those of `exp`. */
export function logisticGradients(
  scores: usize,
  labels: usize,
  weights: usize,
  rows: usize,
  count: i32,
  pairs: usize,
  constants: usize,
): void {
  const one = f64x2.splat(1);
  for (let i: i32 = 0; i < count; i += 2) {
    const a = rowAt(rows, i);
    const b = rowAt(rows, min(i + 1, count - 1));
    const label = both(labels, a, b);
    const response = f64x2.div(f64x2.neg(label), f64x2.add(one, exp(f64x2.mul(label, both(scores, a, b)), constants)));
    const size = f64x2.abs(response);
    const weight = weights === 0 ? one : both(weights, a, b);
    storePairs(f64x2.mul(response, weight), f64x2.mul(f64x2.mul(size, f64x2.sub(one, size)), weight), a, b, pairs);
  }
}

/**
 * Softmax of the scores of `count` rows, which stand `classes` a row: the probability of class `k` for the `i`-th row goes to
 * `probabilities[k * total + i]`.
 */
export function softmax(
  scores: usize,
  classes: i32,
  rows: usize,
  count: i32,
  total: i32,
  probabilities: usize,
  constants: usize,
): void {
  const rowBytes = (<usize>classes) << 3;
  const classBytes = (<usize>total) << 3;
  for (let i: i32 = 0; i < count; i += 2) {
    const isPair = i + 1 < count;
    const a = scores + rowAt(rows, i) * rowBytes;
    const b = scores + rowAt(rows, min(i + 1, count - 1)) * rowBytes;
    let highest = f64x2.splat(-Infinity);
    for (let at: usize = 0; at < rowBytes; at += 8) highest = f64x2.pmax(highest, twoFrom(a + at, b + at));
    let sum = f64x2.splat(0);
    const first = probabilities + ((<usize>i) << 3);
    let to = first;
    for (let at: usize = 0; at < rowBytes; at += 8) {
      const value = exp(f64x2.sub(twoFrom(a + at, b + at), highest), constants);
      sum = f64x2.add(sum, value);
      storeOneOrTwo(to, value, isPair);
      to += classBytes;
    }
    to = first;
    for (let k: i32 = 0; k < classes; k++) {
      storeOneOrTwo(to, f64x2.div(loadOneOrTwo(to, isPair), sum), isPair);
      to += classBytes;
    }
  }
}

/** Softmax cross entropy of class `k`, from its probabilities for these rows; `factor` is K / (K - 1) of K classes. `weights` 0 is none. */
export function classGradients(
  probabilities: usize,
  k: f64,
  factor: f64,
  labels: usize,
  weights: usize,
  rows: usize,
  count: i32,
  pairs: usize,
): void {
  const one = f64x2.splat(1);
  for (let i: i32 = 0; i < count; i += 2) {
    const a = rowAt(rows, i);
    const b = rowAt(rows, min(i + 1, count - 1));
    const probability = loadOneOrTwo(probabilities + ((<usize>i) << 3), i + 1 < count);
    const hit = v128.and(f64x2.eq(both(labels, a, b), f64x2.splat(k)), one);
    const weight = weights === 0 ? one : both(weights, a, b);
    const hessian = f64x2.mul(f64x2.mul(f64x2.splat(factor), probability), f64x2.sub(one, probability));
    storePairs(f64x2.mul(f64x2.sub(probability, hit), weight), f64x2.mul(hessian, weight), a, b, pairs);
  }
}

/** Squared error. `weights` 0 is none. */
export function squaredGradients(scores: usize, targets: usize, weights: usize, rows: usize, count: i32, pairs: usize): void {
  for (let i: i32 = 0; i < count; i += 2) {
    const a = rowAt(rows, i);
    const b = rowAt(rows, min(i + 1, count - 1));
    const weight = weights === 0 ? f64x2.splat(1) : both(weights, a, b);
    storePairs(f64x2.mul(f64x2.sub(both(scores, a, b), both(targets, a, b)), weight), weight, a, b, pairs);
  }
}

function rowAt(rows: usize, i: i32): usize {
  return <usize>load<u32>(rows + ((<usize>i) << 2));
}

/** The numbers of two rows. */
function both(numbers: usize, a: usize, b: usize): v128 {
  return twoFrom(numbers + (a << 3), numbers + (b << 3));
}

function twoFrom(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1);
}

function loadOneOrTwo(from: usize, isTwo: bool): v128 {
  return isTwo ? v128.load(from) : v128.load64_splat(from);
}

function storeOneOrTwo(to: usize, values: v128, isTwo: bool): void {
  if (isTwo) v128.store(to, values);
  else v128.store64_lane(to, values, 0);
}

function storePairs(gradients: v128, hessians: v128, a: usize, b: usize, pairs: usize): void {
  const two = v128.shuffle<f32>(f32x4.demote_f64x2_zero(gradients), f32x4.demote_f64x2_zero(hessians), 0, 4, 1, 5);
  v128.store64_lane(pairs + (a << 3), two, 0);
  v128.store64_lane(pairs + (b << 3), two, 1);
}
