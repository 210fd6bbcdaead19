import { describe, expect, it } from 'vitest';
import { compileKernels } from '../../../scripts/build-kernels.ts';
import { createRandom } from '../../random.ts';
import { type Kernels, plainKernels } from './kernels.ts';
import { kernelsBase64 } from './kernels-binary.ts';
import { fastKernels } from './wasm-kernels.ts';

const rowCount = 3000;
const binCounts = [255, 3, 17, 2, 100, 8, 64];
const totalBins = binCounts.reduce((sum, count) => sum + count, 0);
const binOffsets = Int32Array.from(binCounts, (_, j) => binCounts.slice(0, j).reduce((sum, count) => sum + count, 0));

/** Every kernel once on random data; what all arrays hold afterwards. */
function workOut(kernels: Kernels, seed: number) {
  const random = createRandom(seed);
  const columns = binCounts.map((count) => {
    const bins = kernels.bytes(rowCount);
    bins.set(Uint8Array.from({ length: rowCount }, () => random.nextInt(count)));
    return bins;
  });
  const pairs = kernels.floats(2 * rowCount);
  pairs.set(Float64Array.from({ length: 2 * rowCount }, () => random.nextNormal()));
  const rows = kernels.ints(rowCount);
  rows.set(random.shuffle(Int32Array.from({ length: rowCount }, (_, row) => row)));
  const [begin, end] = [random.nextInt(500), rowCount - random.nextInt(500)];
  const [gathered, scratch] = [kernels.floats(2 * rowCount), kernels.ints(rowCount)];
  const features = Int32Array.from(binCounts.keys()).filter(() => random.nextFloat() < 0.8);
  const histogramOf = (from: number, to: number) => {
    const histogram = kernels.floats(2 * totalBins);
    kernels.clear(histogram);
    kernels.gatherPairs(pairs, rows, from, to, gathered);
    kernels.accumulate(columns, features, binOffsets, rows, from, to, gathered, histogram);
    return histogram;
  };
  const goesLeft = Uint8Array.from({ length: 255 }, () => random.nextInt(2));
  const parent = histogramOf(begin, end);
  const left = kernels.partition(columns[0] as Uint8Array, rows, begin, end, goesLeft, scratch);
  const child = histogramOf(begin, begin + left);
  kernels.subtract(parent, child);
  return { rows: [...rows], left, parent: [...parent], child: [...child], other: [...histogramOf(begin + left, end)] };
}

describe('WebAssembly kernels', () => {
  it('equal the plain ones bit by bit', () => {
    for (let seed = 0; seed < 20; seed++) expect(workOut(fastKernels(1 << 24), seed)).toEqual(workOut(plainKernels, seed));
  });

  it('give a parent less its child the sums of the other child', () => {
    const { parent, other } = workOut(fastKernels(1 << 24), 99);
    parent.forEach((sum, i) => {
      expect(sum).toBeCloseTo(other[i] as number, 9);
    });
  });

  it('leave what is too large for them to the plain ones', () => {
    expect(fastKernels(2 ** 33)).toBe(plainKernels);
  });

  it('are the compiled form of assembly/kernels.ts', async () => {
    expect(Buffer.from(await compileKernels()).toString('base64')).toBe(kernelsBase64);
  });
});
