/**
 * Platt's calibration: from a decision value to a probability by `1 / (1 + exp(-(slope * decision + shift)))`, fitted by Newton's
 * method with smoothed targets (Platt 1999; Lin, Lin and Weng 2007).
 */

/** The log odds are `slope * decision + shift`; the slope is never negative. */
export type Sigmoid = { readonly slope: number; readonly shift: number };

/**
 * Decisions that rank worse than chance on rows their model did not see say nothing: the slope is then 0, never negative, which
 * would turn the model of all rows round. The loss is convex, so that its minimum under that bound lies on the bound.
 *
 * @param decisions of rows that the model which made them was not fitted on.
 * @param positive 1 where the row is of the class, else 0.
 */
export function fitSigmoid(decisions: Float64Array, positive: ArrayLike<number>, weights?: ArrayLike<number>): Sigmoid {
  const weightOf = (i: number): number => (weights === undefined ? 1 : (weights[i] as number));
  let positives = 0;
  let total = 0;
  for (let i = 0; i < decisions.length; i++) {
    total += weightOf(i);
    if (positive[i] === 1) positives += weightOf(i);
  }
  const negatives = total - positives;
  // Not 0 and 1: the shares that Laplace's rule leaves for the other class keep the slope finite.
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const loss = (slope: number, shift: number): number => {
    let sum = 0;
    for (let i = 0; i < decisions.length; i++) {
      const z = slope * (decisions[i] as number) + shift;
      const share = positive[i] === 1 ? high : low;
      sum += weightOf(i) * (Math.max(0, z) - share * z + Math.log1p(Math.exp(-Math.abs(z))));
    }
    return sum;
  };

  let slope = 0;
  let shift = Math.log((positives + 1) / (negatives + 1));
  let value = loss(slope, shift);
  for (let iteration = 0; iteration < 100; iteration++) {
    // Gradient and Hessian; the ridge keeps the Hessian invertible.
    let [g1, g2, h11, h12, h22] = [0, 0, 1e-12, 0, 1e-12];
    for (let i = 0; i < decisions.length; i++) {
      const decision = decisions[i] as number;
      const p = 1 / (1 + Math.exp(-(slope * decision + shift)));
      const residual = weightOf(i) * (p - (positive[i] === 1 ? high : low));
      const curvature = weightOf(i) * p * (1 - p);
      g1 += residual * decision;
      g2 += residual;
      h11 += curvature * decision * decision;
      h12 += curvature * decision;
      h22 += curvature;
    }
    if (Math.abs(g1) < 1e-6 && Math.abs(g2) < 1e-6) break;
    const determinant = h11 * h22 - h12 * h12;
    const [d1, d2] = [-(h22 * g1 - h12 * g2) / determinant, -(h11 * g2 - h12 * g1) / determinant];
    const descent = g1 * d1 + g2 * d2;
    let length = 1;
    let next = loss(slope + d1, shift + d2);
    while (!(next < value + 1e-4 * length * descent) && length > 1e-10) {
      length /= 2;
      next = loss(slope + length * d1, shift + length * d2);
    }
    if (!(next < value)) break;
    slope += length * d1;
    shift += length * d2;
    value = next;
  }
  return slope < 0 ? { slope: 0, shift: logit((positives * high + negatives * low) / total) } : { slope, shift };
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}
