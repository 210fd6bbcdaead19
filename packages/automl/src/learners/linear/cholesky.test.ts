import { expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { solveSymmetric } from './cholesky.ts';

/** A = G G' with n x rank random numbers G. */
function gram(n: number, rank: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const g = Float64Array.from({ length: n * rank }, () => random.nextNormal());
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += (g[i * rank + k] as number) * (g[j * rank + k] as number);
    return sum;
  });
}

function times(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, value, j) => sum + (matrix[i * x.length + j] as number) * value, 0));
}

it.each([1, 3, 31, 32, 33, 100])('solves %i equations, whatever blocks of rows they make', (n) => {
  const matrix = gram(n, n + 5, n);
  const x = Float64Array.from({ length: n }, (_, i) => (i % 7) - 3);
  const found = solveSymmetric(matrix.slice(), times(matrix, x));
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(x[i] as number, 6);
  });
});

it('gives columns that depend on those before them 0, and solves the others', () => {
  const n = 50;
  const matrix = gram(n, 40, 9);
  const b = times(
    matrix,
    Float64Array.from({ length: n }, () => 1),
  );
  const found = solveSymmetric(matrix.slice(), b);
  expect(Array.from(found.subarray(40))).toEqual(new Array(10).fill(0));
  times(matrix, found).forEach((value, i) => {
    expect(value).toBeCloseTo(b[i] as number, 6);
  });
});

it('ends with 0 when told to stop', () => {
  expect(Array.from(solveSymmetric(gram(40, 40, 1), new Float64Array(40).fill(1), () => true))).toEqual(new Array(40).fill(0));
});
