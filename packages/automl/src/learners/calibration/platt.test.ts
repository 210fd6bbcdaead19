import { expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { fitSigmoid } from './platt.ts';

const random = createRandom(17);
const decisions = Float64Array.from({ length: 20_000 }, () => 2 * random.nextNormal());
const positive = Uint8Array.from(decisions, (value) => Number(random.nextFloat() < 1 / (1 + Math.exp(-(1.5 * value - 0.7)))));

it('finds the sigmoid that drew the labels, and a weight counts as that many rows', () => {
  const { slope, shift } = fitSigmoid(decisions, positive);
  expect(Math.abs(slope - 1.5)).toBeLessThan(0.06);
  expect(Math.abs(shift + 0.7)).toBeLessThan(0.06);

  const few = decisions.slice(0, 300);
  const weights = Float64Array.from(few, (_, i) => i % 3);
  const repeated = Array.from(few.keys()).flatMap((i) => Array<number>(i % 3).fill(i));
  const weighted = fitSigmoid(few, positive, weights);
  const written = fitSigmoid(
    Float64Array.from(repeated, (i) => few[i] as number),
    repeated.map((i) => positive[i] as number),
  );
  expect(weighted.slope).toBeCloseTo(written.slope, 8);
  expect(weighted.shift).toBeCloseTo(written.shift, 8);
});

it('stays finite where the decisions separate the classes, or say nothing', () => {
  const separated = fitSigmoid(Float64Array.of(-2, -1, 1, 2), [0, 0, 1, 1]);
  expect(separated.slope).toBeGreaterThan(0.5);
  expect(separated.slope).toBeLessThan(100);
  const silent = fitSigmoid(Float64Array.of(0, 0, 0, 0), [0, 1, 1, 1]);
  expect(1 / (1 + Math.exp(-silent.shift))).toBeCloseTo(0.7, 1);
});

it('never turns decisions round: worse than chance is taken for chance', () => {
  const wrong = Uint8Array.from(positive, (label) => 1 - label).slice(0, 300);
  const { slope, shift } = fitSigmoid(decisions.slice(0, 300), wrong);
  expect(slope).toBe(0);
  const share = wrong.reduce((sum, label) => sum + label, 0) / wrong.length;
  expect(1 / (1 + Math.exp(-shift))).toBeCloseTo(share, 2);
});
