/** The compiled kernels (source: `assembly/`) over a memory that threads can share. */
import { kernelsBase64 } from './kernels-binary.ts';

/** The exports of the module; pointers are byte offsets into its memory. */
export type WasmKernels = {
  addHistograms(
    layout: number,
    features: number,
    featureCount: number,
    histogram: number,
    others: number,
    size: number,
    count: number,
  ): void;
  addLeafValues(
    rows: number,
    begins: number,
    counts: number,
    values: number,
    leafCount: number,
    from: number,
    to: number,
    scores: number,
    stride: number,
    offset: number,
  ): void;
  addTreeValues(
    nodes: number,
    goesLeft: number,
    values: number,
    rowBins: number,
    rowStride: number,
    rows: number,
    count: number,
    scores: number,
    stride: number,
    offset: number,
  ): void;
  assignBins(values: number, count: number, bounds: number, width: number, missingBin: number, bins: number): void;
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
  separateRows(bins: number, rows: number, count: number, goesLeft: number, left: number, right: number): number;
  classGradients(
    probabilities: number,
    k: number,
    factor: number,
    labels: number,
    weights: number,
    rows: number,
    count: number,
    pairs: number,
  ): void;
  copyRows(from: number, to: number, count: number): void;
  logisticGradients(
    scores: number,
    labels: number,
    weights: number,
    rows: number,
    count: number,
    pairs: number,
    constants: number,
  ): void;
  softmax(
    scores: number,
    classes: number,
    rows: number,
    count: number,
    total: number,
    probabilities: number,
    constants: number,
  ): void;
  squaredGradients(scores: number, targets: number, weights: number, rows: number, count: number, pairs: number): void;
};

export const PAGE = 65_536;
export const MOST_PAGES = 65_536;

/** Shared memory grows without taking the arrays over it away. @throws RangeError where the machine has none. */
export function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
}

export function instantiate(memory: WebAssembly.Memory): WasmKernels {
  const module = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as WasmKernels;
}
