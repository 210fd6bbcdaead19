import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { binTable, boundBetween, type NumericBins } from './binning.ts';

const matrix = (values: Float32Array) => ({
  rowCount: values.length,
  numeric: [{ name: 'x', raw: 'x', values }],
  categorical: [],
});

describe('boundBetween', () => {
  it('separates neighbouring float32 numbers', () => {
    const random = createRandom(1);
    const bits = new Uint32Array(2);
    const floats = new Float32Array(bits.buffer);
    for (let i = 0; i < 20_000; i++) {
      bits[0] = random.nextInt(2 ** 32);
      bits[1] = i % 2 === 0 ? (bits[0] as number) + 1 : random.nextInt(2 ** 32);
      const [a, b] = [floats[0] as number, floats[1] as number];
      if (Number.isNaN(a) || Number.isNaN(b) || a === b) continue;
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const bound = boundBetween(low, high);
      expect(Math.fround(bound)).toBe(bound);
      expect(bound >= low && bound < high).toBe(true);
    }
  });
});

describe('binTable', () => {
  it('puts every value in the bin whose bounds hold it, missing ones in their own', () => {
    const random = createRandom(2);
    const values = Float32Array.from({ length: 5000 }, (_, i) => (i % 10 === 0 ? Number.NaN : random.nextNormal() ** 3));
    values.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 1);
    const { features, bins } = binTable(matrix(values));
    const { upperBounds, missingBin, binCount } = features[0] as NumericBins;
    expect(binCount).toBeLessThanOrEqual(255);
    values.forEach((value, row) => {
      const bin = bins[row] as number;
      if (Number.isNaN(value)) expect(bin).toBe(missingBin);
      else expect(value <= (upperBounds[bin] as number) && (bin === 0 || value > (upperBounds[bin - 1] as number))).toBe(true);
    });
  });

  it('gives bins about the same number of rows', () => {
    const random = createRandom(3);
    const { bins, features } = binTable(matrix(Float32Array.from({ length: 25_500 }, () => random.nextFloat())));
    const counts = new Int32Array((features[0] as NumericBins).binCount);
    for (const bin of bins) counts[bin] = (counts[bin] as number) + 1;
    expect(counts.length).toBeGreaterThan(250);
    expect(Math.max(...counts)).toBeLessThan(130);
  });

  it('keeps few distinct values apart', () => {
    const { features } = binTable(matrix(Float32Array.from({ length: 100 }, (_, i) => 1 + (i % 4))));
    const zero = Math.fround(1e-35);
    expect(Array.from((features[0] as NumericBins).upperBounds)).toEqual([zero, 1.5, 2.5, 3.5, Number.POSITIVE_INFINITY]);
  });

  it('gives zero a bin of its own, between negative and positive values', () => {
    const { features } = binTable(matrix(Float32Array.from({ length: 100 }, (_, i) => (i % 5) - 2)));
    const zero = Math.fround(1e-35);
    expect(Array.from((features[0] as NumericBins).upperBounds)).toEqual([-1.5, -zero, zero, 1.5, Number.POSITIVE_INFINITY]);
  });
});
