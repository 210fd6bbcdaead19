/**
 * The kernels as SIMD WebAssembly (source: `assembly/`). One instance a thread; its memory is handed out anew for every fit and grows
 * to the largest one.
 */
import type { Kernels, RowRange } from './kernels.ts';
import { kernelsBase64 } from './kernels-binary.ts';
import { plainKernels } from './plain-kernels.ts';

/** The exports of the module; pointers are byte offsets into its memory. */
type Exports = {
  chunkBytes(): number;
  interleave(columns: number, columnCount: number, rowCount: number, stride: number, rowBins: number): void;
  sumPairs(pairs: number, rows: number, count: number, sums: number): void;
  buildHistograms(
    layout: number,
    features: number,
    featureCount: number,
    rowBins: number,
    stride: number,
    rows: number,
    count: number,
    ascending: number,
    pairs: number,
    chunk: number,
    histogram: number,
  ): void;
  subtractHistograms(layout: number, features: number, featureCount: number, parent: number, child: number): void;
  searchThresholds(
    layout: number,
    features: number,
    featureCount: number,
    histogram: number,
    gradient: number,
    hessian: number,
    count: number,
    leastRows: number,
    leastHessian: number,
    lambdaL1: number,
    lambdaL2: number,
    floor: number,
    found: number,
  ): void;
  partitionRows(bins: number, rows: number, count: number, goesLeft: number, scratch: number): number;
  addToRows(rows: number, count: number, value: number, scores: number, stride: number, offset: number): void;
  logisticGradients(scores: number, labels: number, weights: number, rows: number, count: number, pairs: number): void;
  squaredGradients(scores: number, targets: number, weights: number, rows: number, count: number, pairs: number): void;
};

const PAGE = 65_536;
const MOST_PAGES = 65_536;

let instance: { readonly memory: WebAssembly.Memory; readonly run: Exports } | undefined;

/**
 * Kernels with room for one fit. A second call takes the room of the first back: one fit at a time in a thread.
 * @param bytesNeeded at most; where WebAssembly or the machine has not as much, the plain kernels serve.
 */
export function fastKernels(bytesNeeded: number): Kernels {
  if (bytesNeeded > (MOST_PAGES - 1) * PAGE) return plainKernels;
  try {
    instance ??= instantiate();
    // Pages are the machine's only once they are written to: an estimate that is too high costs nothing.
    const missing = bytesNeeded - instance.memory.buffer.byteLength;
    if (missing > 0) instance.memory.grow(Math.ceil(missing / PAGE));
  } catch (thrown) {
    if (thrown instanceof RangeError) return plainKernels;
    throw thrown;
  }
  return kernelsOver(instance.memory, instance.run);
}

function instantiate(): { memory: WebAssembly.Memory; run: Exports } {
  // Shared memory grows without taking the arrays over it away.
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const module = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, run: exports as unknown as Exports };
}

/** Arrays begin where a cache line does. */
const LINE = 64;

function kernelsOver(memory: WebAssembly.Memory, run: Exports): Kernels {
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
  const chunk = take(run.chunkBytes());
  let list = ints(256);
  /** The address of a list of features in the memory. */
  const listed = (features: Int32Array): number => {
    if (features.length > list.length) list = ints(2 * features.length);
    list.set(features);
    return list.byteOffset;
  };
  const first = ({ rows, begin }: RowRange): number => rows.byteOffset + 4 * begin;
  return {
    bytes,
    ints,
    floats,
    pairs(rowCount) {
      const [at, buffer] = room(8 * rowCount);
      return new Float32Array(buffer, at, 2 * rowCount);
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
      run.buildHistograms(
        layout.byteOffset,
        listed(features),
        features.length,
        rowBins.bytes.byteOffset,
        rowBins.stride,
        first(range),
        range.end - range.begin,
        ascending ? 1 : 0,
        pairs.byteOffset,
        chunk,
        histogram.byteOffset,
      );
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
      return run.partitionRows(bins.byteOffset, first(range), count, leftOfBin.byteOffset, scratch.byteOffset);
    },

    addToRows(range, value, scores, stride, offset) {
      run.addToRows(first(range), range.end - range.begin, value, scores.byteOffset, stride, offset);
    },

    gradients(loss, scores, targets, weights, range, pairs) {
      const write = loss === 'squared' ? run.squaredGradients : run.logisticGradients;
      write(
        scores.byteOffset,
        targets.byteOffset,
        weights?.byteOffset ?? 0,
        first(range),
        range.end - range.begin,
        pairs.byteOffset,
      );
    },
  };
}
