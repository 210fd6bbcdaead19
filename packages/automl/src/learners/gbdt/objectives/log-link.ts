/**
 * Losses of targets that are not negative, whose score is the logarithm of the prediction: `poisson` for counts, `gamma` for amounts,
 * `tweedie` for amounts that are often zero. Each starts from the logarithm of the weighted mean; the losses leave out what does not
 * depend on the score.
 */
import { MalachiteError } from '@malachite/core';
import { meanOf, type NumberTarget, type Objective, type Pointwise, pointwise } from './objective.ts';

/** @param maxDeltaStep keeps steps short: the hessian is `exp(score + maxDeltaStep)`. */
export function poisson(target: NumberTarget, maxDeltaStep: number): Objective {
  const factor = Math.exp(maxDeltaStep);
  return logLink(target, {
    gradient: (score, y) => Math.exp(score) - y,
    hessian: (score) => Math.exp(score) * factor,
    value: (score, y) => Math.exp(score) - y * score,
  });
}

export function gamma(target: NumberTarget): Objective {
  return logLink(target, {
    gradient: (score, y) => 1 - y * Math.exp(-score),
    hessian: (score, y) => y * Math.exp(-score),
    value: (score, y) => y * Math.exp(-score) + score,
  });
}

/** @param power the variance is the mean to this power: in [1, 2), 1 is Poisson's, towards 2 the gamma's. */
export function tweedie(target: NumberTarget, power: number): Objective {
  return logLink(target, {
    gradient: (score, y) => -y * Math.exp((1 - power) * score) + Math.exp((2 - power) * score),
    hessian: (score, y) => -y * (1 - power) * Math.exp((1 - power) * score) + (2 - power) * Math.exp((2 - power) * score),
    value: (score, y) =>
      (power === 1 ? -y * score : (-y * Math.exp((1 - power) * score)) / (1 - power)) +
      Math.exp((2 - power) * score) / (2 - power),
  });
}

function logLink(target: NumberTarget, loss: Omit<Pointwise, 'link' | 'start'>): Objective {
  return pointwise(target, {
    ...loss,
    link: 'exp',
    start: (rows) => Math.log(meanOf(rows, target.y, target.weights)),
  });
}

/** @throws MalachiteError `InvalidInput` for targets that have no logarithm of a mean: negative ones, for gamma 0 too, or zeros only. */
export function requireLogTargets(name: 'poisson' | 'gamma' | 'tweedie', y: Float64Array, rows: Int32Array): void {
  const isWrong = (value: number) => (name === 'gamma' ? !(value > 0) : !(value >= 0));
  const wrong = rows.find((row) => isWrong(y[row] as number));
  if (wrong !== undefined) {
    const least = name === 'gamma' ? 'above 0' : 'of at least 0';
    throw new MalachiteError('InvalidInput', `The objective ${name} needs targets ${least}; the data has ${y[wrong]}.`);
  }
  if (rows.every((row) => y[row] === 0)) {
    throw new MalachiteError('InvalidInput', `The objective ${name} needs a target above 0; all targets are 0.`);
  }
}
