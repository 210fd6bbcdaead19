/**
 * Squared Euclidean distances that come out the same to the last bit wherever they are computed: points are put on a grid of
 * whole numbers so fine that every sum stays below 2^53. Which rows are nearest then never depends on the order in which a
 * runtime adds, and equally near rows stay exactly equal.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures, FeatureMatrix } from '../../featurization/features.ts';
import { DOUBLE } from '../linear/linear-model.ts';

/** Points to measure from, on their grid. Category features count as one-hot columns. */
export type Points = {
  readonly count: number;
  /** Grid cells a unit: a power of two. */
  readonly scale: number;
  /** Coordinates beyond this many cells are moved to it: four times the largest coordinate learned from. */
  readonly limit: number;
  /** Whole numbers, one array a number feature. */
  readonly numeric: readonly Float32Array[];
  /** Squared lengths of the points by their numbers, in cells. */
  readonly lengths: Float64Array;
  /** Codes, one array a category feature. */
  readonly categorical: readonly Int32Array[];
};

/** The rows of a matrix as points. */
export function pointsOf(features: FeatureMatrix, rows: Int32Array): Points {
  const dimensions = features.numeric.length + 2 * features.categorical.length;
  const limitBits = Math.floor((53 - Math.log2(dimensions)) / 2) - 1;
  let largest = features.categorical.length > 0 ? 1 : 0;
  for (const { values } of features.numeric) {
    for (const row of rows) largest = Math.max(largest, Math.abs(values[row] as number));
  }
  const scale = 2 ** (limitBits - 2 - Math.ceil(Math.log2(largest || 1)));
  const limit = 2 ** limitBits;
  const numeric = features.numeric.map(({ values }) =>
    Float32Array.from(rows, (row) => onGrid(values[row] as number, scale, limit)),
  );
  const lengths = new Float64Array(rows.length);
  for (const coordinates of numeric)
    for (let i = 0; i < rows.length; i++) lengths[i] = (lengths[i] as number) + (coordinates[i] as number) ** 2;
  return {
    count: rows.length,
    scale,
    limit,
    numeric,
    lengths,
    categorical: features.categorical.map(({ codes }) => Int32Array.from(rows, (row) => codes[row] as number)),
  };
}

/** Writes the squared distances, in cells, of row `row` of `features` to the first points into `distances`: to as many as there is room for. */
export function distancesTo(points: Points, features: FeatureMatrix, row: number, distances: Float64Array): void {
  const { scale, limit } = points;
  const count = distances.length;
  distances.set(points.lengths.subarray(0, count));
  let length = 0;
  points.numeric.forEach((coordinates, j) => {
    const here = onGrid(features.numeric[j]?.values[row] as number, scale, limit);
    // Most words of a text's vocabulary are not in a row.
    if (here === 0) return;
    length += here * here;
    const twice = 2 * here;
    for (let i = 0; i < count; i++) distances[i] = (distances[i] as number) - twice * (coordinates[i] as number);
  });
  for (let i = 0; i < count; i++) distances[i] = (distances[i] as number) + length;
  const unit = scale * scale;
  points.categorical.forEach((codes, c) => {
    const here = features.categorical[c]?.codes[row] as number;
    const known = here > 0 ? unit : 0;
    for (let i = 0; i < count; i++) {
      const there = codes[i] as number;
      if (there !== here) distances[i] = (distances[i] as number) + known + (there > 0 ? unit : 0);
    }
  });
}

/** double [n, count] squared distances in cells: |x|^2 - 2 x't + |t|^2 and the categories that differ. */
export function emitDistances(points: Points, graph: GraphBuilder, features: EmittedFeatures): string {
  const { count, scale, limit } = points;
  const double = (...values: number[]) => graph.constant(Float64Array.from(values), [values.length]);
  const terms: string[] = [];
  if (features.numeric !== undefined) {
    const cells = graph.node('Mul', [graph.node('Cast', [features.numeric], { to: DOUBLE }), double(scale)]);
    const bound = (value: number) => graph.constant(Float64Array.of(value), []);
    const here = graph.node('Clip', [graph.node('Round', [cells]), bound(-limit), bound(limit)]);
    const squares = graph.node('ReduceSum', [graph.node('Mul', [here, here]), graph.constant(BigInt64Array.of(1n))]);
    const width = points.numeric.length;
    const stored = new Float32Array(width * count);
    points.numeric.forEach((coordinates, j) => {
      stored.set(coordinates, j * count);
    });
    // Cells fit float32 exactly; the runtime widens the constant once, when it loads the model.
    const there = graph.node('Cast', [graph.constant(stored, [width, count])], { to: DOUBLE });
    const products = graph.node('MatMul', [graph.node('Mul', [here, double(-2)]), there]);
    terms.push(graph.node('Add', [graph.node('Add', [products, squares]), graph.constant(points.lengths, [1, count])]));
  }
  const unit = scale * scale;
  points.categorical.forEach((codes, c) => {
    const here = features.categorical[c] as string;
    const there = graph.constant(BigInt64Array.from(codes, BigInt), [1, count]);
    const known = graph.node('Greater', [here, graph.constant(BigInt64Array.of(0n))]);
    const knownHere = graph.node('Where', [known, double(unit), double(0)]);
    const knownThere = graph.constant(
      Float64Array.from(codes, (code) => (code > 0 ? unit : 0)),
      [1, count],
    );
    const differing = graph.node('Add', [knownHere, knownThere]);
    terms.push(graph.node('Where', [graph.node('Equal', [here, there]), double(0), differing]));
  });
  return terms.length === 1 ? (terms[0] as string) : graph.node('Sum', terms);
}

/** Rounded half to even, as ONNX rounds. */
function onGrid(value: number, scale: number, limit: number): number {
  const cells = value * scale;
  const below = Math.floor(cells);
  const rest = cells - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  return Math.max(-limit, Math.min(limit, rounded));
}
