/** e to the power of two numbers: the steps of `src/learners/gbdt/exp.ts`, which says why. */

// @ts-expect-error: decorator
export function exp(x: v128): v128 {
  const clamped = f64x2.max(f64x2.min(x, f64x2.splat(709)), f64x2.splat(-708));
  const toInteger = f64x2.splat(6755399441055744);
  const k = f64x2.sub(f64x2.add(f64x2.mul(clamped, f64x2.splat(Math.LOG2E)), toInteger), toInteger);
  const r = f64x2.sub(
    f64x2.sub(clamped, f64x2.mul(k, f64x2.splat(0.6931471803691238))),
    f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)),
  );
  const s = f64x2.mul(r, r);
  let even = f64x2.splat(1 / 479001600.0);
  even = f64x2.add(f64x2.mul(even, s), f64x2.splat(1 / 3628800.0));
  even = f64x2.add(f64x2.mul(even, s), f64x2.splat(1 / 40320.0));
  even = f64x2.add(f64x2.mul(even, s), f64x2.splat(1 / 720.0));
  even = f64x2.add(f64x2.mul(even, s), f64x2.splat(1 / 24.0));
  even = f64x2.add(f64x2.mul(even, s), f64x2.splat(0.5));
  even = f64x2.add(f64x2.mul(even, s), f64x2.splat(1));
  let odd = f64x2.splat(1 / 6227020800.0);
  odd = f64x2.add(f64x2.mul(odd, s), f64x2.splat(1 / 39916800.0));
  odd = f64x2.add(f64x2.mul(odd, s), f64x2.splat(1 / 362880.0));
  odd = f64x2.add(f64x2.mul(odd, s), f64x2.splat(1 / 5040.0));
  odd = f64x2.add(f64x2.mul(odd, s), f64x2.splat(1 / 120.0));
  odd = f64x2.add(f64x2.mul(odd, s), f64x2.splat(1 / 6.0));
  odd = f64x2.add(f64x2.mul(odd, s), f64x2.splat(1));
  const exponent = i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k)), i64x2.splat(1023));
  return f64x2.mul(f64x2.add(even, f64x2.mul(r, odd)), i64x2.shl(exponent, 52));
}
