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
  return v128.load64_lane(numbers + (b << 3), v128.load64_zero(numbers + (a << 3)), 1);
}

function storePairs(gradients: v128, hessians: v128, a: usize, b: usize, pairs: usize): void {
  const two = v128.shuffle<f32>(f32x4.demote_f64x2_zero(gradients), f32x4.demote_f64x2_zero(hessians), 0, 4, 1, 5);
  v128.store64_lane(pairs + (a << 3), two, 0);
  v128.store64_lane(pairs + (b << 3), two, 1);
}
