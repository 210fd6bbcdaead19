/**
 * The kernels as SIMD WebAssembly (source: `assembly/`), a large call shared out among threads. One instance a thread that fits; its
 * memory is handed out anew for every fit and grows to the largest one.
 */
import { expConstants } from './exp.ts';
import { type Helper, share, startHelper } from './helpers.ts';
import type { Kernels, RowRange } from './kernels.ts';
import { plainKernels } from './plain-kernels.ts';
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
  return kernelsOver(
    memory,
    run,
    Array.from({ length: threads - 1 }, () => startHelper(memory)),
  );
}

function open(): { memory: WebAssembly.Memory; run: WasmKernels } {
  const memory = createMemory();
  return { memory, run: instantiate(memory) };
}

/** Rows of a call on rows, rows times features of one on histograms, that are worth more than waking a thread. */
const LARGE_ROWS = 16_384;
const LARGE_HISTOGRAMS = 131_072;

/** Arrays begin where a cache line does. */
const LINE = 64;

function kernelsOver(memory: WebAssembly.Memory, run: WasmKernels, helpers: readonly Helper[]): Kernels {
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
  const pairSum = floats(2);
  const constants = floats(2 * expConstants.length);
  for (let i = 0; i < expConstants.length; i++) {
    // As typed arrays, so that the one that is bits stays what it is.
    const one = expConstants.subarray(i, i + 1);
    constants.set(one, 2 * i);
    constants.set(one, 2 * i + 1);
  }
  const chunks = Array.from({ length: helpers.length + 1 }, () => take(run.chunkBytes()));
  let list = ints(256);
  /** The address of a list of features in the memory. */
  const listed = (features: Int32Array): number => {
    if (features.length > list.length) list = ints(2 * features.length);
    list.set(features);
    return list.byteOffset;
  };
  /** The helpers for a call of some size. */
  const crewFor = (size: number, large: number): readonly Helper[] =>
    helpers.length === 0 || size < large ? [] : helpers.filter((helper) => helper.isReady);
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
      run.sumPairs(pairs.byteOffset, first(range), range.end - range.begin, pairSum.byteOffset);
      return [pairSum[0] as number, pairSum[1] as number];
    },

    buildHistograms(layout, features, rowBins, range, ascending, pairs, histogram) {
      const at = listed(features);
      const count = range.end - range.begin;
      share(run, crewFor(count * features.length, LARGE_HISTOGRAMS), 'buildHistograms', features.length, (from, to, thread) => [
        layout.byteOffset,
        at + 4 * from,
        to - from,
        rowBins.bytes.byteOffset,
        rowBins.stride,
        first(range),
        count,
        ascending ? 1 : 0,
        pairs.byteOffset,
        chunks[thread] as number,
        histogram.byteOffset,
      ]);
    },

    subtractHistograms(layout, features, parent, child) {
      run.subtractHistograms(layout.byteOffset, listed(features), features.length, parent.byteOffset, child.byteOffset);
    },

    searchThresholds(layout, features, histogram, limits, found) {
      run.searchThresholds(
        layout.byteOffset,
        listed(features),
        features.length,
        histogram.byteOffset,
        limits.gradient,
        limits.hessian,
        limits.count,
        limits.leastRows,
        limits.leastHessian,
        limits.lambdaL1,
        limits.lambdaL2,
        limits.floor,
        found.byteOffset,
      );
    },

    partition(bins, range, goesLeft, scratch) {
      leftOfBin.set(goesLeft);
      const count = range.end - range.begin;
      const { rows, begin } = range;
      const parts = share(run, crewFor(count, LARGE_ROWS), 'separateRows', count, (from, to) => [
        bins.byteOffset,
        first(range) + 4 * from,
        to - from,
        leftOfBin.byteOffset,
        first(range) + 4 * from,
        scratch.byteOffset + 4 * from,
      ]);
      let next = begin;
      for (const { from, result } of parts) {
        if (next !== begin + from) rows.copyWithin(next, begin + from, begin + from + result);
        next += result;
      }
      const left = next - begin;
      for (const { from, to, result } of parts) {
        rows.set(scratch.subarray(from, to - result), next);
        next += to - from - result;
      }
      return left;
    },

    addToRows(range, value, scores, stride, offset) {
      const count = range.end - range.begin;
      share(run, crewFor(count, LARGE_ROWS), 'addToRows', count, (from, to) => [
        first(range) + 4 * from,
        to - from,
        value,
        scores.byteOffset,
        stride,
        offset,
      ]);
    },

    gradients(loss, scores, targets, weights, range, pairs) {
      const kernel = loss === 'squared' ? 'squaredGradients' : 'logisticGradients';
      const count = range.end - range.begin;
      share(run, crewFor(count, LARGE_ROWS), kernel, count, (from, to) => [
        scores.byteOffset,
        targets.byteOffset,
        weights?.byteOffset ?? 0,
        first(range) + 4 * from,
        to - from,
        pairs.byteOffset,
        ...(loss === 'logistic' ? [constants.byteOffset] : []),
      ]);
    },

    waitForThreads: (milliseconds) => helpers.every((helper) => helper.waitUntilReady(milliseconds)),

    close() {
      for (const helper of helpers) helper.close();
    },
  };
}
