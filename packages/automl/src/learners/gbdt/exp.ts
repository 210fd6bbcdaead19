/**
 * e to the power of x within two units in the last place, by the same additions and multiplications on every machine and in
 * WebAssembly (`assembly/exp.ts`); `Math.exp` promises no digit.
 *
 * x = k ln 2 + r with |r| <= ln 2 / 2; e^r is its Taylor series to r^13, even and odd terms apart; then times 2^k (Cody and Waite 1980).
 */

/** Adding and subtracting it rounds a number below 2^51 to an integer, ties to even. */
const TO_INTEGER = 6755399441055744;

const LEAST_POWER = -1022;

/** 2^k for k = -1022 .. 1023. */
const powers = Float64Array.from({ length: 2046 }, (_, i) => 2 ** (i + LEAST_POWER));

/** @param x taken as -708 below that, as 709 above: the results stay normal numbers. */
export function exp(x: number): number {
  const clamped = Math.max(Math.min(x, 709), -708);
  const k = clamped * Math.LOG2E + TO_INTEGER - TO_INTEGER;
  // ln 2 in two parts; k times the first is exact.
  const r = clamped - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  const s = r * r;
  let even = 1 / 479001600;
  even = even * s + 1 / 3628800;
  even = even * s + 1 / 40320;
  even = even * s + 1 / 720;
  even = even * s + 1 / 24;
  even = even * s + 0.5;
  even = even * s + 1;
  let odd = 1 / 6227020800;
  odd = odd * s + 1 / 39916800;
  odd = odd * s + 1 / 362880;
  odd = odd * s + 1 / 5040;
  odd = odd * s + 1 / 120;
  odd = odd * s + 1 / 6;
  odd = odd * s + 1;
  return (even + r * odd) * (powers[k - LEAST_POWER] as number);
}
