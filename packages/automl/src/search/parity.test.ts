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

  it('asks for the label that the probabilities say, whatever the margin', () => {
    const same = probabilities(0.2, 0.9);
    expect(compareParity(target, same, same, Int32Array.of(0, 1)).withinTolerance).toBe(true);
    for (const labels of [Int32Array.of(1, 1), Int32Array.of(0, -1)])
      expect(compareParity(target, same, same, labels)).toMatchObject({ labelFlips: 1, withinTolerance: false });
  });

  it('is relative for regression, whatever the target counts', () => {
    const numbers: Target = { task: 'regression', y: new Float64Array(1) };
    const isWithin = (trained: number[], exported: number[]) =>
      compareParity(numbers, Float64Array.from(trained), Float64Array.from(exported)).withinTolerance;
    for (const unit of [1e-9, 1, 1e9]) {
      expect(isWithin([unit], [unit * (1 + 1e-7)])).toBe(true);
      expect(isWithin([unit, 2 * unit], [unit * 1.001, 2 * unit])).toBe(false);
      // Large terms that nearly cancel: float32 is exact to what they are, not to what they leave.
      expect(isWithin([unit, 2 * unit, 1e-6 * unit], [unit, 2 * unit, 1.1e-6 * unit])).toBe(true);
    }
    expect(isWithin([0, 0], [0, 0])).toBe(true);
    expect(isWithin([0, 0], [0, 0.001])).toBe(false);
  });
});
