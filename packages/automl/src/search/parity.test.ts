import { describe, expect, it } from 'vitest';
import type { Target } from '../learners/learner.ts';
import { compareParity } from './parity.ts';

const target: Target = { task: 'classification', classes: ['no', 'yes'], y: new Int32Array(2) };
const probabilities = (...yes: number[]) => Float64Array.from(yes.flatMap((p) => [1 - p, p]));

describe('parity', () => {
  it('is within tolerance when both sides say the same', () => {
    const same = probabilities(0.2, 0.9);
    expect(compareParity(target, same, same)).toMatchObject({ rows: 2, maxDifference: 0, labelFlips: 0, withinTolerance: true });
  });

  it('fails on a difference, on a flipped label, on a NaN, and on missing rows', () => {
    const trained = probabilities(0.2, 0.9);
    expect(compareParity(target, trained, probabilities(0.2, 0.90002)).withinTolerance).toBe(false);
    expect(compareParity(target, trained, probabilities(0.8, 0.9))).toMatchObject({ labelFlips: 1, withinTolerance: false });
    expect(compareParity(target, trained, probabilities(0.2, Number.NaN)).withinTolerance).toBe(false);
    expect(compareParity(target, trained, probabilities(0.2)).withinTolerance).toBe(false);
  });

  it('forgives a flip of a row whose margin is rounding', () => {
    expect(compareParity(target, probabilities(0.5000001), probabilities(0.4999999))).toMatchObject({
      labelFlips: 0,
      withinTolerance: true,
    });
  });

  it('is relative for regression', () => {
    const numbers: Target = { task: 'regression', y: new Float64Array(1) };
    expect(compareParity(numbers, Float64Array.of(1e9), Float64Array.of(1e9 + 100)).withinTolerance).toBe(true);
    expect(compareParity(numbers, Float64Array.of(10), Float64Array.of(10.01)).withinTolerance).toBe(false);
  });
});
