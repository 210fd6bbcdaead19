/**
 * Solves `A x = b` for a symmetric A without negative eigenvalues, by A = L L'. A column that depends on those before it gets 0.
 * @param matrix row-major [n, n]; its lower triangle is overwritten by L.
 */
export function solveSymmetric(matrix: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const at = (row: number, column: number): number => matrix[row * n + column] as number;
  const diagonal = Float64Array.from({ length: n }, (_, j) => at(j, j));
  for (let j = 0; j < n; j++) {
    let pivot = at(j, j);
    for (let k = 0; k < j; k++) pivot -= at(j, k) ** 2;
    const root = pivot > 1e-12 * (diagonal[j] as number) ? Math.sqrt(pivot) : 0;
    matrix[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      matrix[i * n + j] = root > 0 ? sum / root : 0;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= at(i, k) * (x[k] as number);
    x[i] = at(i, i) > 0 ? sum / at(i, i) : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k++) sum -= at(k, i) * (x[k] as number);
    x[i] = at(i, i) > 0 ? sum / at(i, i) : 0;
  }
  return x;
}
