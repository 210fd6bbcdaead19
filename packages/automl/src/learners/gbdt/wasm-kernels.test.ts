import { describe, expect, it } from 'vitest';
import { compileKernels } from '../../../scripts/build-kernels.ts';
import { createRandom } from '../../random.ts';
import { exp } from './exp.ts';
import { FOUND_NUMBERS, type Kernels } from './kernels.ts';
import { kernelsBase64 } from './kernels-binary.ts';
import { binsOf, FEATURE_INTS } from './layout.ts';
import { plainKernels } from './plain-kernels.ts';
import { fastKernels } from './wasm-kernels.ts';

/** 21 features: two tiles of 16 bytes a row, and some left over when they are taken by fours; number features with and without missing values. */
const binCounts = [255, 3, 17, 2, 100, 8, 64, 255, 12, 5, 4, 4, 30, 7, 9, 255, 6, 2, 11, 13, 40];
const totalBins = binCounts.reduce((sum, count) => sum + count, 0);

/** [first bin, bins, value bins, missing bin]: every third feature has missing values, every fifth is one of categories. */
function layoutOf(kernels: Kernels): Int32Array {
  const layout = kernels.ints(FEATURE_INTS * binCounts.length);
  let firstBin = 0;
  binCounts.forEach((count, j) => {
    const missing = j % 3 === 0;
    layout.set(
      j % 5 === 0 ? [firstBin, count, 0, -1] : [firstBin, count, missing ? count - 1 : count, missing ? count - 1 : -1],
      FEATURE_INTS * j,
    );
    firstBin += count;
  });
  return layout;
}

/** Every kernel once on random data; what all arrays hold afterwards. */
function workOut(kernels: Kernels, seed: number, rowCount = 3000) {
  const random = createRandom(seed);
  const layout = layoutOf(kernels);
  const columns = kernels.bytes(rowCount * binCounts.length);
  columns.set(
    Uint8Array.from({ length: columns.length }, (_, i) => random.nextInt(binCounts[Math.floor(i / rowCount)] as number)),
  );
  const rowBins = { bytes: kernels.bytes(32 * rowCount), stride: 32 };
  kernels.interleave(columns, rowCount, rowBins);

  const [scores, targets, weights] = [kernels.floats(rowCount), kernels.floats(rowCount), kernels.floats(rowCount)];
  scores.set(Float64Array.from({ length: rowCount }, () => 4 * random.nextNormal()));
  targets.set(Float64Array.from({ length: rowCount }, () => (random.nextInt(2) === 0 ? -1 : 1)));
  weights.set(Float64Array.from({ length: rowCount }, () => random.nextFloat()));
  const rows = kernels.ints(rowCount);
  const ascending = seed % 2 === 0;
  const order = Int32Array.from({ length: rowCount }, (_, row) => row);
  rows.set(ascending ? order : random.shuffle(order));
  const [begin, end] = [random.nextInt(500), rowCount - random.nextInt(500)];
  const [pairs, weighted, squared] = [
    kernels.singles(2 * rowCount),
    kernels.singles(2 * rowCount),
    kernels.singles(2 * rowCount),
  ];
  for (const array of [pairs, weighted, squared]) array.fill(0);
  kernels.gradients('logistic', scores, targets, undefined, { rows, begin, end }, pairs);
  kernels.gradients('logistic', scores, targets, weights, { rows, begin, end }, weighted);
  kernels.gradients('squared', scores, targets, weights, { rows, begin, end }, squared);

  const classes = 3;
  const [classScores, labels] = [kernels.floats(classes * rowCount), kernels.floats(rowCount)];
  classScores.set(Float64Array.from({ length: classes * rowCount }, () => 4 * random.nextNormal()));
  labels.set(Float64Array.from({ length: rowCount }, () => random.nextInt(classes)));
  const probabilities = kernels.floats(classes * (end - begin));
  kernels.softmax(classScores, classes, { rows, begin, end }, probabilities);
  const [ofClass, weightedOfClass] = [kernels.singles(2 * rowCount), kernels.singles(2 * rowCount)];
  for (const array of [ofClass, weightedOfClass]) array.fill(0);
  kernels.classGradients(probabilities, 1, classes, labels, undefined, { rows, begin, end }, ofClass);
  kernels.classGradients(probabilities, 2, classes, labels, weights, { rows, begin, end }, weightedOfClass);

  const features = Int32Array.from(binCounts.keys()).filter(() => random.nextFloat() < 0.9);
  const histogramOf = (from: number, to: number) => {
    const histogram = kernels.floats(2 * totalBins);
    histogram.fill(1);
    kernels.buildHistograms(layout, features, rowBins, { rows, begin: from, end: to }, ascending, pairs, histogram);
    return histogram;
  };
  const goesLeft = Uint8Array.from({ length: 255 }, () => random.nextInt(2));
  const parent = histogramOf(begin, end);
  const [gradient, hessian] = kernels.sumPairs(pairs, { rows, begin, end });
  const found = kernels.floats(FOUND_NUMBERS * features.length);
  const searches = [0, 5].map((lambdaL1) => {
    const lambdaL2 = lambdaL1 / 2;
    const floor = gradient ** 2 / (hessian + lambdaL2);
    const least = { leastRows: 20, leastHessian: 1e-3 };
    kernels.searchThresholds(
      layout,
      features,
      parent,
      { gradient, hessian, count: end - begin, ...least, lambdaL1, lambdaL2, floor },
      found,
    );
    return [...found];
  });
  const left = kernels.partition(columns.subarray(0, rowCount), { rows, begin, end }, goesLeft, kernels.ints(2 * rowCount));
  const child = histogramOf(begin, begin + left);
  kernels.subtractHistograms(layout, features, parent, child);
  const inOrder = kernels.ints(rowCount);
  inOrder.set(order.toSorted());
  const leaves = {
    begin: Int32Array.of(0, begin, end),
    count: Int32Array.of(begin, 0, rowCount - end),
    value: Float64Array.of(0.1, 0.2, 0.3),
  };
  kernels.addLeafValues(inOrder, leaves, scores, 1, 0);
  const nodes = [Int32Array.of(2, 7, 20), Int32Array.of(1, ~0, ~2), Int32Array.of(2, ~1, ~3)] as const;
  const [feature, leftNode, rightNode] = nodes;
  const goesLeftOf = Array.from(nodes, () => Uint8Array.from({ length: 255 }, () => random.nextInt(2)));
  const walk = { feature, left: leftNode, right: rightNode, goesLeft: goesLeftOf, value: Float64Array.of(1, 20, 300, 4000) };
  kernels.addTreeValues(walk, rowBins, rows.subarray(0, begin + 1), scores, 1, 0);
  const other = histogramOf(begin + left, end);
  const arrays = { rows, pairs, weighted, squared, probabilities, ofClass, weightedOfClass, scores, parent, child, other };
  const plain = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, [...array]]));
  const sought = (histogram: Float64Array) => [...features].flatMap((feature) => [...binsOf(layout, feature, histogram)]);
  return { ...plain, left, gradient, hessian, searches, parentSums: sought(parent), otherSums: sought(other) };
}

describe('WebAssembly kernels', () => {
  it('equal the plain ones bit by bit', () => {
    for (let seed = 0; seed < 20; seed++) expect(workOut(fastKernels(1 << 24), seed)).toEqual(workOut(plainKernels, seed));
  });

  it('equal the plain ones bit by bit when threads share them', () => {
    for (const threads of [2, 3]) {
      const kernels = fastKernels(1 << 26, threads);
      try {
        expect(kernels.waitForThreads(30_000)).toBe(true);
        for (let seed = 0; seed < 2; seed++) expect(workOut(kernels, seed, 60_000)).toEqual(workOut(plainKernels, seed, 60_000));
      } finally {
        kernels.close();
      }
    }
  });

  it('find thresholds worth splitting at', () => {
    const { searches } = workOut(fastKernels(1 << 24), 7);
    expect(searches[0]?.filter((number, i) => i % FOUND_NUMBERS === 0 && number > 0).length).toBeGreaterThan(5);
  });

  it('give a parent less its child the sums of the other child', () => {
    const { parentSums, otherSums } = workOut(fastKernels(1 << 24), 99);
    parentSums.forEach((sum, i) => {
      expect(sum).toBeCloseTo(otherSums[i] as number, 9);
    });
  });

  it('leave what is too large for them to the plain ones', () => {
    expect(fastKernels(2 ** 33)).toBe(plainKernels);
  });

  it('are the compiled form of assembly/kernels.ts', async () => {
    expect(Buffer.from(await compileKernels()).toString('base64')).toBe(kernelsBase64);
  });
});

describe('the kernel that assigns bins', () => {
  it('equals the plain one, missing and infinite values and bounds themselves included', () => {
    const found = [fastKernels(1 << 20), plainKernels].map((kernels) => {
      const bounds = kernels.singles(8);
      bounds.set([-1, 0, 0.5, 2, 3, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
      const values = kernels.singles(1000);
      const special = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1, 0, -0, 0.5, 3, 3.5];
      values.set(Float32Array.from({ length: 1000 }, (_, i) => special[i] ?? ((i * 37) % 11) - 5));
      const bins = kernels.bytes(1000);
      kernels.assignBins(values, bounds, 6, bins);
      return [...bins];
    });
    expect(found[0]).toEqual(found[1]);
    expect(found[0]?.slice(0, 9)).toEqual([6, 0, 5, 0, 1, 1, 2, 4, 5]);
  });
});

describe('exp', () => {
  it('is e to the power of x within two units in the last place, and stays a normal number', () => {
    let largest = 0;
    for (let x = -700; x < 700; x += 0.0173) largest = Math.max(largest, Math.abs(exp(x) / Math.exp(x) - 1));
    expect(largest).toBeLessThan(4.5e-16);
    expect(exp(0)).toBe(1);
    expect(exp(-1e9)).toBeGreaterThan(0);
    expect(exp(1e9)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(exp(Number.NaN)).toBeNaN();
  });
});
