/** e to the power of two numbers: the steps of `src/learners/gbdt/exp.ts`, which says why. */

/** @param constants the numbers of `expConstants`, each twice: a load costs less than making them anew. */
export function exp(x: v128, constants: usize): v128 {
  const clamped = f64x2.pmax(f64x2.pmin(x, v128.load(constants)), v128.load(constants, 16));
  const toInteger = v128.load(constants, 32);
  const k = f64x2.sub(f64x2.add(f64x2.mul(clamped, v128.load(constants, 48)), toInteger), toInteger);
  const r = f64x2.sub(f64x2.sub(clamped, f64x2.mul(k, v128.load(constants, 64))), f64x2.mul(k, v128.load(constants, 80)));
  const s = f64x2.mul(r, r);
  let even = v128.load(constants, 96);
  even = f64x2.add(f64x2.mul(even, s), v128.load(constants, 112));
  even = f64x2.add(f64x2.mul(even, s), v128.load(constants, 128));
  even = f64x2.add(f64x2.mul(even, s), v128.load(constants, 144));
  even = f64x2.add(f64x2.mul(even, s), v128.load(constants, 160));
  even = f64x2.add(f64x2.mul(even, s), v128.load(constants, 176));
  even = f64x2.add(f64x2.mul(even, s), v128.load(constants, 192));
  let odd = v128.load(constants, 208);
  odd = f64x2.add(f64x2.mul(odd, s), v128.load(constants, 224));
  odd = f64x2.add(f64x2.mul(odd, s), v128.load(constants, 240));
  odd = f64x2.add(f64x2.mul(odd, s), v128.load(constants, 256));
  odd = f64x2.add(f64x2.mul(odd, s), v128.load(constants, 272));
  odd = f64x2.add(f64x2.mul(odd, s), v128.load(constants, 288));
  odd = f64x2.add(f64x2.mul(odd, s), v128.load(constants, 304));
  // k + 1023 in the place of the exponent; toInteger has left k in the low bits.
  const bits = f64x2.add(k, toInteger);
  return f64x2.mul(f64x2.add(even, f64x2.mul(r, odd)), i64x2.shl(i64x2.add(bits, v128.load(constants, 320)), 52));
}
