/**
 * The kernels as SIMD WebAssembly (source: `assembly/`), a large call shared out among threads. One instance a thread that fits; its
 * memory is handed out anew for every fit and grows to the largest one.
 */
import { type Crew, openCrew } from './crew.ts';
import { firstRow, openRoom } from './kernel-room.ts';
import { FOUND_NUMBERS, type Kernels } from './kernels.ts';
import { plainKernels } from './plain-kernels.ts';
import { blocksOf, MOST_BLOCKS, type Slice } from './slices.ts';
import type { Task } from './task-board.ts';
import { lossKernels } from './wasm-losses.ts';
import { createMemory, instantiate, MOST_PAGES, PAGE, type WasmKernels } from './wasm-module.ts';
import { rowKernels } from './wasm-rows.ts';

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

/** Rows times features from which threads share a histogram that is not cut into blocks. */
const SHARED_HISTOGRAM = 32_768;

function kernelsOver(memory: WebAssembly.Memory, run: WasmKernels, crew: Crew): Kernels {
  const room = openRoom(memory);
  const { take, bytes, ints, floats, singles } = room;
  const pairSums = floats(2 * MOST_BLOCKS);
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
  return {
    bytes,
    ints,
    floats,
    singles,

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
        firstRow(range) + 4 * from,
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
        firstRow(range) + 4 * block.from,
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

    ...rowKernels(room, crew),
    ...lossKernels(room, crew),

    waitForThreads: crew.waitUntilReady,
    close: crew.close,
  };
}
