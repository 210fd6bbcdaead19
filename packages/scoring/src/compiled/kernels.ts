/** The loops in WebAssembly (`assembly/`). Addresses are bytes in their memory; a table is a list of column addresses. */
import { kernelsBase64 } from './kernels-binary.ts';

/** Writes columns side by side from the columns of a table. */
type ColumnKernel = (rows: number, table: number, columns: number, out: number) => void;

export interface Kernels {
  /** Of these kernels alone; `grow` detaches the buffer before. */
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly normalizeMax: ColumnKernel;
  readonly normalizeL1: ColumnKernel;
  readonly normalizeL2: ColumnKernel;
  /** `(x - offset) * scale`; `pairs` is the address of offset and scale in turn. */
  scale(rows: number, table: number, columns: number, pairs: number, out: number): void;
  /** `[rows, columns] x [columns, targets]` plus a bias; coefficients target after target. */
  linear(
    rows: number,
    table: number,
    columns: number,
    coefficients: number,
    intercepts: number,
    out: number,
    targets: number,
  ): void;
  /** 1 when one of the columns has a NaN. */
  hasMissing(rows: number, table: number, columns: number): number;
  readonly scanTrees: ScanTrees;
  readonly walkTrees: WalkTrees;
  /** For blocks with a missing value that may go to a first child. */
  readonly scanTreesMissing: ScanTrees;
  readonly walkTreesMissing: WalkTrees;
}

/** Both add every tree's leaf to the columns of sums; `assembly/scan.ts` and `assembly/walk.ts` say how trees lie in memory. */
type ScanTrees = (rows: number, trees: number, count: number, out: number, targets: number) => void;
type WalkTrees = (rows: number, roots: number, count: number, values: number, out: number, targets: number) => void;

const kernelModule = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));

/** The kernels over a memory of their own. */
export function newKernels(): Kernels {
  return new WebAssembly.Instance(kernelModule, {}).exports as unknown as Kernels;
}
