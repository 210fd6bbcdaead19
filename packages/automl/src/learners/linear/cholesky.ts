/** Rows that are worked on together: each row above them is read once for all, and they stay in the processor's cache. */
const BLOCK = 32;

/**
 * Solves `A x = b` for a symmetric A without negative eigenvalues, by A = L L'. A column that depends on those before it gets 0.
 * @param matrix row-major [n, n]; its lower triangle is overwritten by L.
 * @param shouldStop asked between blocks of rows; told to stop, x is 0.
 */
export function solveSymmetric(matrix: Float64Array, b: Float64Array, shouldStop: () => boolean = () => false): Float64Array {
  const n = b.length;
  /** L at row i and column j: what is left of the entry without the products of what is known of rows i and j. */
  const settle = (i: number, j: number): void => {
    const root = matrix[j * n + j] as number;
    const rest = (matrix[i * n + j] as number) - product(matrix, i * n, matrix, j * n, j);
    matrix[i * n + j] = root > 0 ? rest / root : 0;
  };
  for (let begin = 0; begin < n; begin += BLOCK) {
    if (shouldStop()) return new Float64Array(n);
    const end = Math.min(n, begin + BLOCK);
    for (let j = 0; j < begin; j++) for (let i = begin; i < end; i++) settle(i, j);
    for (let i = begin; i < end; i++) {
      for (let j = begin; j < i; j++) settle(i, j);
      const diagonal = matrix[i * n + i] as number;
      const pivot = diagonal - product(matrix, i * n, matrix, i * n, i);
      matrix[i * n + i] = pivot > 1e-12 * diagonal ? Math.sqrt(pivot) : 0;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    const root = matrix[i * n + i] as number;
    x[i] = root > 0 ? ((x[i] as number) - product(x, 0, matrix, i * n, i)) / root : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    const root = matrix[i * n + i] as number;
    const own = root > 0 ? (x[i] as number) / root : 0;
    x[i] = own;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (matrix[i * n + k] as number) * own;
  }
  return x;
}

/** The sum of `count` products of `a` from `from` on and `b` from `begin` on; four sums side by side do not wait for each other. */
function product(a: Float64Array, from: number, b: Float64Array, begin: number, count: number): number {
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s += (a[from + k] as number) * (b[begin + k] as number);
    t += (a[from + k + 1] as number) * (b[begin + k + 1] as number);
    u += (a[from + k + 2] as number) * (b[begin + k + 2] as number);
    v += (a[from + k + 3] as number) * (b[begin + k + 3] as number);
  }
  for (; k < count; k++) s += (a[from + k] as number) * (b[begin + k] as number);
  return s + t + u + v;
}
