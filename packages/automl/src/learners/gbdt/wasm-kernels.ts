/**
 * The kernels as SIMD WebAssembly (source: `assembly/`), a large call shared out among threads. One instance a thread that fits; its
 * memory is handed out anew for every fit and grows to the largest one.
 */
import { type Crew, openCrew } from './crew.ts';
import { expConstants } from './exp.ts';

import { FOUND_NUMBERS, type Kernels, type RowRange } from './kernels.ts';
import { plainKernels } from './plain-kernels.ts';
import { blocksOf, MOST_BLOCKS, type Slice, slices } from './slices.ts';
import type { Task } from './task-board.ts';
import { createMemory, instantiate, MOST_PAGES, PAGE, type WasmKernels } from './wasm-module.ts';

let instance: { readonly memory: WebAssembly.Memory; readonly run: WasmKernels } | undefined;

/**
 * Kernels with room for one fit. A second call takes the room of the first back: one fit at a time in a thread.
 * @param bytesNeeded at most; where WebAssembly or the machine has not as much, the plain kernels serve.
 * @param threads that share large calls, this one among them.
 */
export function fastKernels(bytesNeeded: number, threads = 1): Kernels {
  if (bytesNeeded > (MOST_PAGES - 1) * PAGE) return plainKernels;
  try {
    instance ??= open();
    // Pages are the machine's only once they are written to: an estimate that is too high costs nothing.
    const missing = bytesNeeded - instance.memory.buffer.byteLength;
    if (missing > 0) instance.memory.grow(Math.ceil(missing / PAGE));
  } catch (thrown) {
    if (thrown instanceof RangeError) return plainKernels;
    throw thrown;
  }
  const { memory, run } = instance;
  return kernelsOver(memory, run, openCrew(memory, run, threads));
}

function open(): { memory: WebAssembly.Memory; run: WasmKernels } {
  const memory = createMemory();
  return { memory, run: instantiate(memory) };
}

/** Rows that are worth a task of their own. */
const ROWS_OF_TASK = 4096;

/** Rows whose scores the near cache holds while one leaf after the other comes to them. Threads that share leaves would fetch each other's. */
const NEAR_SCORES = 32_768;

/** Rows times features from which threads share a histogram that is not cut into blocks. */
const SHARED_HISTOGRAM = 32_768;

/** Integers of a node in the walk of `addTreeValues`. */
const NODE_INTS = 4;

/** Arrays begin where a cache line does. */
const LINE = 64;

function kernelsOver(memory: WebAssembly.Memory, run: WasmKernels, crew: Crew): Kernels {
  let top = 0;
  const take = (bytes: number): number => {
    const at = top;
    top += Math.ceil(bytes / LINE) * LINE;
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return at;
  };
  // The memory is asked for its buffer after it may have grown.
  const room = (bytes: number) => [take(bytes), memory.buffer] as const;
  const bytes = (length: number): Uint8Array => {
    const [at, buffer] = room(length);
    return new Uint8Array(buffer, at, length);
  };
  const ints = (length: number): Int32Array => {
    const [at, buffer] = room(4 * length);
    return new Int32Array(buffer, at, length);
  };
  const floats = (length: number): Float64Array => {
    const [at, buffer] = room(8 * length);
    return new Float64Array(buffer, at, length);
  };
  // Address 0 stands for "none": nothing that a kernel reads lies there.
  const leftOfBin = bytes(256);
  const pairSums = floats(2 * MOST_BLOCKS);
  const constants = floats(2 * expConstants.length);
  for (let i = 0; i < expConstants.length; i++) {
    // As typed arrays, so that the one that is bits stays what it is.
    const one = expConstants.subarray(i, i + 1);
    constants.set(one, 2 * i);
    constants.set(one, 2 * i + 1);
  }
  let [leafBegins, leafCounts, leafValues] = [ints(256), ints(256), floats(256)];
  let [walkNodes, walkBins, walkValues] = [ints(0), bytes(0), floats(0)];
  let list = ints(256);
  /** The address of a list of features in the memory. */
  const listed = (features: Int32Array): number => {
    if (features.length > list.length) list = ints(2 * features.length);
    list.set(features);
    return list.byteOffset;
  };
  const chunkBytes = run.chunkBytes();
  const chunks: number[] = [];
  /** Where the `i`-th task copies the rows it works on. */
  const chunkOf = (i: number): number => (chunks[i] ??= take(chunkBytes));
  /** Histograms of blocks but the first. */
  let blocks = floats(0);
  const first = ({ rows, begin }: RowRange): number => rows.byteOffset + 4 * begin;
  return {
    bytes,
    ints,
    floats,
    singles(length) {
      const [at, buffer] = room(4 * length);
      return new Float32Array(buffer, at, length);
    },

    assignBins(values, bounds, missingBin, bins) {
      run.assignBins(values.byteOffset, values.length, bounds.byteOffset, bounds.length, missingBin, bins.byteOffset);
    },

    interleave(columns, rowCount, rowBins) {
      const columnCount = rowCount === 0 ? 0 : columns.length / rowCount;
      run.interleave(columns.byteOffset, columnCount, rowCount, rowBins.stride, rowBins.bytes.byteOffset);
    },

    sumPairs(pairs, range) {
      const tasks = blocksOf(range.end - range.begin).map(({ from, to }, i) => [
        pairs.byteOffset,
        first(range) + 4 * from,
        to - from,
        pairSums.byteOffset + 16 * i,
      ]);
      crew.run('sumPairs', tasks);
      let gradient = 0;
      let hessian = 0;
      for (let i = 0; i < tasks.length; i++) {
        gradient += pairSums[2 * i] as number;
        hessian += pairSums[2 * i + 1] as number;
      }
      return [gradient, hessian];
    },

    buildHistograms(layout, features, rowBins, range, ascending, pairs, histogram) {
      const at = listed(features);
      const count = range.end - range.begin;
      const build = (some: Slice, block: Slice, into: number, chunk: number): Task => [
        layout.byteOffset,
        at + 4 * some.from,
        some.to - some.from,
        rowBins.bytes.byteOffset,
        rowBins.stride,
        first(range) + 4 * block.from,
        block.to - block.from,
        ascending ? 1 : 0,
        pairs.byteOffset,
        chunk,
        into,
      ];
      const all = { from: 0, to: features.length };
      const cut = blocksOf(count);
      if (cut.length === 1) {
        const shared = count * features.length < SHARED_HISTOGRAM ? [all] : crew.shares(features.length);
        crew.run(
          'buildHistograms',
          shared.map((some, i) => build(some, cut[0] as Slice, histogram.byteOffset, chunkOf(i))),
        );
        return;
      }
      // The root, which comes first, is cut into the most.
      if (blocks.length < histogram.length * (cut.length - 1)) blocks = floats(histogram.length * (cut.length - 1));
      const size = histogram.byteLength;
      crew.run(
        'buildHistograms',
        cut.map((block, i) => build(all, block, i === 0 ? histogram.byteOffset : blocks.byteOffset + size * (i - 1), chunkOf(i))),
      );
      crew.run(
        'addHistograms',
        crew
          .shares(features.length)
          .map(({ from, to }) => [
            layout.byteOffset,
            at + 4 * from,
            to - from,
            histogram.byteOffset,
            blocks.byteOffset,
            size,
            cut.length - 1,
          ]),
      );
    },

    subtractHistograms(layout, features, parent, child) {
      const at = listed(features);
      crew.run(
        'subtractHistograms',
        crew
          .shares(features.length)
          .map(({ from, to }) => [layout.byteOffset, at + 4 * from, to - from, parent.byteOffset, child.byteOffset]),
      );
    },

    searchThresholds(layout, features, histogram, limits, found) {
      const at = listed(features);
      crew.run(
        'searchThresholds',
        crew
          .shares(features.length)
          .map(({ from, to }) => [
            layout.byteOffset,
            at + 4 * from,
            to - from,
            histogram.byteOffset,
            limits.gradient,
            limits.hessian,
            limits.count,
            limits.leastRows,
            limits.leastHessian,
            limits.lambdaL1,
            limits.lambdaL2,
            limits.floor,
            found.byteOffset + 8 * FOUND_NUMBERS * from,
          ]),
      );
    },

    partition(bins, range, goesLeft, scratch) {
      leftOfBin.set(goesLeft);
      const { rows, begin, end } = range;
      const parts = crew.slices(end - begin, ROWS_OF_TASK);
      const separate = ({ from, to }: Slice, left: number): Task => [
        bins.byteOffset,
        first(range) + 4 * from,
        to - from,
        leftOfBin.byteOffset,
        left,
        scratch.byteOffset + 4 * from,
      ];
      if (parts.length === 1) {
        const [left = 0] = crew.run('separateRows', [separate(parts[0] as Slice, first(range))]);
        rows.set(scratch.subarray(0, end - begin - left), begin + left);
        return left;
      }
      // In place the rows that go left of one part would come to lie on those of another that are still to be looked at.
      const lefts = scratch.byteOffset + 4 * (end - begin);
      const counts = crew.run(
        'separateRows',
        parts.map((part) => separate(part, lefts + 4 * part.from)),
      );
      const left = counts.reduce((sum, count) => sum + count, 0);
      let [nextLeft, nextRight] = [first(range), first(range) + 4 * left];
      const copies = parts.flatMap(({ from, to }, i): Task[] => {
        const goLeft = counts[i] as number;
        const goRight = to - from - goLeft;
        const tasks = [
          [lefts + 4 * from, nextLeft, goLeft],
          [scratch.byteOffset + 4 * from, nextRight, goRight],
        ];
        nextLeft += 4 * goLeft;
        nextRight += 4 * goRight;
        return tasks;
      });
      crew.run('copyRows', copies);
      return left;
    },

    addLeafValues(rows, { begin, count, value }, scores, stride, offset) {
      const leafCount = value.length;
      if (leafCount > leafValues.length)
        [leafBegins, leafCounts, leafValues] = [ints(leafCount), ints(leafCount), floats(leafCount)];
      leafBegins.set(begin);
      leafCounts.set(count);
      leafValues.set(value);
      crew.run(
        'addLeafValues',
        slices(scores.length / stride, NEAR_SCORES).map(({ from, to }) => [
          rows.byteOffset,
          leafBegins.byteOffset,
          leafCounts.byteOffset,
          leafValues.byteOffset,
          leafCount,
          from,
          to,
          scores.byteOffset,
          stride,
          offset,
        ]),
      );
    },

    addTreeValues({ feature, left, right, goesLeft, value }, rowBins, rows, scores, stride, offset) {
      if (rows.length === 0) return;
      if (feature.length > walkNodes.length / NODE_INTS) {
        [walkNodes, walkBins, walkValues] = [ints(NODE_INTS * feature.length), bytes(256 * feature.length), floats(value.length)];
      }
      for (let node = 0; node < feature.length; node++) {
        walkNodes[NODE_INTS * node] = feature[node] as number;
        walkNodes[NODE_INTS * node + 1] = right[node] as number;
        walkNodes[NODE_INTS * node + 2] = left[node] as number;
        walkBins.set(goesLeft[node] as Uint8Array, 256 * node);
      }
      walkValues.set(value);
      crew.run(
        'addTreeValues',
        crew
          .slices(rows.length, ROWS_OF_TASK)
          .map(({ from, to }) => [
            walkNodes.byteOffset,
            walkBins.byteOffset,
            walkValues.byteOffset,
            rowBins.bytes.byteOffset,
            rowBins.stride,
            rows.byteOffset + 4 * from,
            to - from,
            scores.byteOffset,
            stride,
            offset,
          ]),
      );
    },

    gradients(loss, scores, targets, weights, range, pairs) {
      const kernel = loss === 'squared' ? 'squaredGradients' : 'logisticGradients';
      crew.run(
        kernel,
        crew
          .slices(range.end - range.begin, ROWS_OF_TASK)
          .map(({ from, to }) => [
            scores.byteOffset,
            targets.byteOffset,
            weights?.byteOffset ?? 0,
            first(range) + 4 * from,
            to - from,
            pairs.byteOffset,
            ...(loss === 'logistic' ? [constants.byteOffset] : []),
          ]),
      );
    },

    softmax(scores, classes, range, probabilities) {
      const count = range.end - range.begin;
      crew.run(
        'softmax',
        crew
          .slices(count, ROWS_OF_TASK)
          .map(({ from, to }) => [
            scores.byteOffset,
            classes,
            first(range) + 4 * from,
            to - from,
            count,
            probabilities.byteOffset + 8 * from,
            constants.byteOffset,
          ]),
      );
    },

    classGradients(probabilities, k, classes, labels, weights, range, pairs) {
      const count = range.end - range.begin;
      crew.run(
        'classGradients',
        crew
          .slices(count, ROWS_OF_TASK)
          .map(({ from, to }) => [
            probabilities.byteOffset + 8 * (k * count + from),
            k,
            classes / (classes - 1),
            labels.byteOffset,
            weights?.byteOffset ?? 0,
            first(range) + 4 * from,
            to - from,
            pairs.byteOffset,
          ]),
      );
    },

    waitForThreads: crew.waitUntilReady,
    close: crew.close,
  };
}
