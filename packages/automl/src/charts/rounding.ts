/** Rounding, spacing and quantiles as NumPy does them, so that bin edges equal Azure's to the last digit. */

/** Rounds to so many decimals (negative: to tens, hundreds, …); halves go to the even neighbour. */
export function roundTo(value: number, decimals: number): number {
  return scaled(value, decimals, (x) => {
    const floor = Math.floor(x);
    const half = x - floor === 0.5;
    return half ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x);
  });
}

export function floorTo(value: number, decimals: number): number {
  return scaled(value, decimals, Math.floor);
}

export function ceilTo(value: number, decimals: number): number {
  return scaled(value, decimals, Math.ceil);
}

function scaled(value: number, decimals: number, whole: (x: number) => number): number {
  const factor = 10 ** Math.abs(decimals);
  const rounded = decimals >= 0 ? whole(value * factor) / factor : whole(value / factor) * factor;
  return rounded + 0; // −0 becomes 0
}

/** `count` evenly spaced numbers from `start` to `stop`, both included; one number is `start`. */
export function evenlySpaced(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, i) => (i > 0 && i === count - 1 ? stop : i * step + start));
}

/** Values at these shares of an ascending list, linear between neighbours (NumPy's `percentile`). */
export function quantiles(ascending: Float64Array, shares: readonly number[]): number[] {
  return shares.map((share) => {
    const place = share * (ascending.length - 1);
    const below = Math.floor(place);
    const low = ascending[below]!;
    const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
    const fraction = place - below;
    return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
  });
}
