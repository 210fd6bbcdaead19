/**
 * The kernels as SIMD WebAssembly (source: `assembly/kernels.ts`). One instance a thread; its memory is handed out anew for
 * every fit and grows to the largest one.
 */
import { type Kernels, plainKernels } from './kernels.ts';
import { kernelsBase64 } from './kernels-binary.ts';

/** The exports of the module; pointers are byte offsets into its memory. */
type Exports = {
  clear(at: number, bytes: number): void;
  gatherPairs(pairs: number, rows: number, count: number, gathered: number): void;
  accumulateOne(bins: number, rows: number, count: number, gathered: number, histogram: number): void;
  accumulateTwo(binsA: number, binsB: number, rows: number, count: number, gathered: number, a: number, b: number): void;
  accumulateFour(
    ...args: [
      ...bins: [number, number, number, number],
      rows: number,
      count: number,
      gathered: number,
      ...histograms: [number, number, number, number],
    ]
  ): void;
  subtractHistogram(parent: number, child: number, bytes: number): void;
  partitionRows(bins: number, rows: number, count: number, goesLeft: number, scratch: number): number;
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

function kernelsOver(memory: WebAssembly.Memory, run: Exports): Kernels {
  let top = 0;
  /** The next 16-aligned bytes. */
  const take = (bytes: number): number => {
    const at = top;
    top += Math.ceil(bytes / 16) * 16;
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
  const leftOfBin = bytes(256);
  return {
    bytes,
    ints(length) {
      const [at, buffer] = room(4 * length);
      return new Int32Array(buffer, at, length);
    },
    floats(length) {
      const [at, buffer] = room(8 * length);
      return new Float64Array(buffer, at, length);
    },

    clear(histogram) {
      run.clear(histogram.byteOffset, histogram.byteLength);
    },

    gatherPairs(pairs, rows, begin, end, gathered) {
      run.gatherPairs(pairs.byteOffset, rows.byteOffset + 4 * begin, end - begin, gathered.byteOffset);
    },

    accumulate(columns, features, binOffsets, rows, begin, end, gathered, histogram) {
      const from = rows.byteOffset + 4 * begin;
      const bins = (i: number) => (columns[features[i] as number] as Uint8Array).byteOffset;
      const sums = (i: number) => histogram.byteOffset + 16 * (binOffsets[features[i] as number] as number);
      let i = 0;
      for (; i + 4 <= features.length; i += 4) {
        const [a, b, c, d] = [i, i + 1, i + 2, i + 3] as const;
        run.accumulateFour(
          ...([
            bins(a),
            bins(b),
            bins(c),
            bins(d),
            from,
            end - begin,
            gathered.byteOffset,
            sums(a),
            sums(b),
            sums(c),
            sums(d),
          ] as const),
        );
      }
      for (; i + 2 <= features.length; i += 2) {
        run.accumulateTwo(bins(i), bins(i + 1), from, end - begin, gathered.byteOffset, sums(i), sums(i + 1));
      }
      for (; i < features.length; i++) run.accumulateOne(bins(i), from, end - begin, gathered.byteOffset, sums(i));
    },

    subtract(parent, child) {
      run.subtractHistogram(parent.byteOffset, child.byteOffset, parent.byteLength);
    },

    partition(bins, rows, begin, end, goesLeft, scratch) {
      leftOfBin.set(goesLeft);
      return run.partitionRows(
        bins.byteOffset,
        rows.byteOffset + 4 * begin,
        end - begin,
        leftOfBin.byteOffset,
        scratch.byteOffset,
      );
    },
  };
}
