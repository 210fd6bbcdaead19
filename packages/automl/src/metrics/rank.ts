/** Ranks and their correlation. */

import { descendingOrder } from './descending-order.ts';

/** Ranks of n numbers, 1 for the largest; equal numbers share the mean of their ranks. */
export function averageRanks(values: Float64Array): Float64Array {
  const order = descendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Pearson correlation of two rows of n numbers; null when one of them is constant. */
export function correlation(a: Float64Array, b: Float64Array): number | null {
  const count = a.length;
  let meanA = 0;
  let meanB = 0;
  for (let i = 0; i < count; i++) {
    meanA += a[i]!;
    meanB += b[i]!;
  }
  meanA /= count;
  meanB /= count;
  let covariance = 0;
  let spreadA = 0;
  let spreadB = 0;
  for (let i = 0; i < count; i++) {
    const differenceA = a[i]! - meanA;
    const differenceB = b[i]! - meanB;
    covariance += differenceA * differenceB;
    spreadA += differenceA * differenceA;
    spreadB += differenceB * differenceB;
  }
  const spread = Math.sqrt(spreadA) * Math.sqrt(spreadB);
  return spread === 0 ? null : Math.min(1, Math.max(-1, covariance / spread));
}
