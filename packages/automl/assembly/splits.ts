/** The best threshold of number features: the same steps as `src/learners/gbdt/numeric-splits.ts`, left and right side at once. */
import { FEATURE_SHIFT, FIRST_BIN, MISSING_BIN, VALUE_BINS } from './layout';

const TINY: f64 = 1e-15;

/**
 * Writes five float64 a feature: gain (0 when no split is worth it), last bin of the left side, 1 when missing values go left, and
 * gradient and hessian of the left side.
 */
export function searchThresholds(
  layout: usize,
  features: usize,
  featureCount: i32,
  histogram: usize,
  gradient: f64,
  hessian: f64,
  count: f64,
  leastRows: f64,
  leastHessian: f64,
  lambdaL1: f64,
  lambdaL2: f64,
  floor: f64,
  found: usize,
): void {
  const rowsPerHessian = count / hessian;
  const leaf = f64x2.replace_lane(f64x2.splat(gradient), 1, hessian);
  const start = f64x2.replace_lane(f64x2.splat(0), 1, TINY);
  const l1 = f64x2.splat(lambdaL1);
  const l2 = f64x2.splat(lambdaL2);
  for (let i: i32 = 0; i < featureCount; i++) {
    const feature = layout + ((<usize>load<u32>(features + ((<usize>i) << 2))) << FEATURE_SHIFT);
    const sums = histogram + ((<usize>load<u32>(feature, FIRST_BIN)) << 4);
    const valueBins = load<i32>(feature, VALUE_BINS);
    let bestGain = floor;
    let bestBin = -1;
    let bestMissingLeft: f64 = 0;
    let best = start;

    let side = start;
    let rows: f64 = 0;
    for (let bin = valueBins - 1; bin > 0; bin--) {
      const sum = v128.load(sums + ((<usize>bin) << 4));
      side = f64x2.add(side, sum);
      rows += rowsOf(f64x2.extract_lane(sum, 1), rowsPerHessian);
      if (rows < leastRows || f64x2.extract_lane(side, 1) < leastHessian) continue;
      const other = f64x2.sub(leaf, side);
      if (count - rows < leastRows || f64x2.extract_lane(other, 1) < leastHessian) break;
      const gain = gainOf(other, side, l1, l2);
      if (gain <= bestGain) continue;
      bestGain = gain;
      bestBin = bin - 1;
      bestMissingLeft = 1;
      best = other;
    }
    if (load<i32>(feature, MISSING_BIN) >= 0) {
      side = start;
      rows = 0;
      // All values left, only missing ones right, is a split too.
      for (let bin = 0; bin < valueBins; bin++) {
        const sum = v128.load(sums + ((<usize>bin) << 4));
        side = f64x2.add(side, sum);
        rows += rowsOf(f64x2.extract_lane(sum, 1), rowsPerHessian);
        if (rows < leastRows || f64x2.extract_lane(side, 1) < leastHessian) continue;
        const other = f64x2.sub(leaf, side);
        if (count - rows < leastRows || f64x2.extract_lane(other, 1) < leastHessian) break;
        const gain = gainOf(side, other, l1, l2);
        if (gain <= bestGain) continue;
        bestGain = gain;
        bestBin = bin;
        bestMissingLeft = 0;
        best = side;
      }
    }
    store<f64>(found, bestBin < 0 ? 0 : bestGain - floor);
    store<f64>(found, <f64>bestBin, 8);
    store<f64>(found, bestMissingLeft, 16);
    v128.store(found, best, 24);
    found += 40;
  }
}

/** The rows of a bin, from its hessian. */
function rowsOf(hessian: f64, rowsPerHessian: f64): f64 {
  return trunc(hessian * rowsPerHessian + 0.5);
}

/** (|G| - l1)^2 / (H + l2) of the left side, plus that of the right. */
function gainOf(left: v128, right: v128, l1: v128, l2: v128): f64 {
  const gradients = v128.shuffle<f64>(left, right, 0, 2);
  const hessians = v128.shuffle<f64>(left, right, 1, 3);
  const shrunk = f64x2.pmax(f64x2.sub(f64x2.abs(gradients), l1), f64x2.splat(0));
  const gains = f64x2.div(f64x2.mul(shrunk, shrunk), f64x2.add(hessians, l2));
  return f64x2.extract_lane(gains, 0) + f64x2.extract_lane(gains, 1);
}
