/**
 * e to the power of x within two units in the last place, by the same additions and multiplications on every machine and in
 * WebAssembly (`assembly/exp.ts`); `Math.exp` promises no digit.
 *
 * x = k ln 2 + r with |r| <= ln 2 / 2; e^r is its Taylor series to r^13, even and odd terms apart; then times 2^k (Cody and Waite 1980).
 */

/** Adding and subtracting it rounds a number below 2^51 to an integer, ties to even. */
const TO_INTEGER = 6755399441055744;

/** ln 2 in two parts; an integer below 2^20 times the first is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const MOST = 709;
const LEAST = -708;

/** 1 / 12!, 1 / 10!, ... 1 and 1 / 13!, 1 / 11!, ... 1. */
const evenTerms = [1 / 479001600, 1 / 3628800, 1 / 40320, 1 / 720, 1 / 24, 1 / 2, 1];
const oddTerms = [1 / 6227020800, 1 / 39916800, 1 / 362880, 1 / 5040, 1 / 120, 1 / 6, 1];

/** What the kernel reads, in its order. The last is no number but bits: the bias of an exponent. */
export const expConstants = Float64Array.of(MOST, LEAST, TO_INTEGER, Math.LOG2E, LN2_HIGH, LN2_LOW, ...evenTerms, ...oddTerms, 0);
new BigInt64Array(expConstants.buffer)[expConstants.length - 1] = 1023n;

const LEAST_POWER = -1022;

/** 2^k for k = -1022 .. 1023. */
const powers = Float64Array.from({ length: 2046 }, (_, i) => 2 ** (i + LEAST_POWER));

/** @param x taken as -708 below that, as 709 above: the results stay normal numbers. */
export function exp(x: number): number {
  const clamped = Math.max(Math.min(x, MOST), LEAST);
  const k = clamped * Math.LOG2E + TO_INTEGER - TO_INTEGER;
  const r = clamped - k * LN2_HIGH - k * LN2_LOW;
  const s = r * r;
  let even = 0;
  for (let i = 0; i < evenTerms.length; i++) even = even * s + (evenTerms[i] as number);
  let odd = 0;
  for (let i = 0; i < oddTerms.length; i++) odd = odd * s + (oddTerms[i] as number);
  return (even + r * odd) * (powers[k - LEAST_POWER] as number);
}
