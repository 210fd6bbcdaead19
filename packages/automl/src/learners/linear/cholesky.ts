/**
 * Solves `A x = b` for a symmetric A without negative eigenvalues, by A = L L'. A column that depends on those before it gets 0.
 * @param matrix row-major [n, n]; its lower triangle is overwritten by L.
 * @param shouldStop asked between rows; told to stop, x is 0.
 */
export function solveSymmetric(matrix: Float64Array, b: Float64Array, shouldStop: () => boolean = () => false): Float64Array {
  const n = b.length;
  // Row by row: what is left of a pair is its entry without the product of what is known of the two rows.
  for (let i = 0; i < n; i++) {
    if (shouldStop()) return new Float64Array(n);
    const own = matrix.subarray(i * n, i * n + n);
    for (let j = 0; j < i; j++) {
      const root = matrix[j * n + j] as number;
      own[j] = root > 0 ? ((own[j] as number) - product(own, matrix, j * n, j)) / root : 0;
    }
    const pivot = (own[i] as number) - product(own, own, 0, i);
    own[i] = pivot > 1e-12 * (own[i] as number) ? Math.sqrt(pivot) : 0;
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    const root = matrix[i * n + i] as number;
    x[i] = root > 0 ? ((x[i] as number) - product(x, matrix, i * n, i)) / root : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (matrix[k * n + i] as number) * (x[k] as number);
    const root = matrix[i * n + i] as number;
    x[i] = root > 0 ? sum / root : 0;
  }
  return x;
}

/** The sum of the first `count` products of `a` and of `b` from `begin` on; four sums side by side do not wait for each other. */
function product(a: Float64Array, b: Float64Array, begin: number, count: number): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s += (a[k] as number) * (b[begin + k] as number);
    t += (a[k + 1] as number) * (b[begin + k + 1] as number);
    u += (a[k + 2] as number) * (b[begin + k + 2] as number);
    v += (a[k + 3] as number) * (b[begin + k + 3] as number);
  }
  for (; k < count; k++) s += (a[k] as number) * (b[begin + k] as number);
  return s + t + u + v;
}
