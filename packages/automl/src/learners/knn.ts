/**
 * K nearest neighbours by Euclidean distance (Cover and Hart 1967), uniform or distance weights; scikit-learn's parameter names and
 * defaults. Every prediction measures the distance to every training row, so, as in Azure ML, at most 5,000 rows are learned from.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures } from '../featurization/features.ts';
import type { Learner } from './learner.ts';
import { FLOAT } from './linear/linear-model.ts';
import { emitEachRow } from './neighbors/each-row.ts';
import { keptRows, MOST_KEPT_ROWS } from './neighbors/kept-rows.ts';
import { distancesTo, emitDistances, type Points, pointsOf } from './neighbors/whole-distances.ts';
import { readParams } from './parameters.ts';

const params = {
  n_neighbors: { default: 5, lowest: 1, highest: MOST_KEPT_ROWS },
  /** `distance`: a neighbour counts by 1 / distance; rows at distance 0, if any, count alone. */
  weights: { default: 'uniform', choices: ['uniform', 'distance'] },
} as const;

/** The work lies in the asking: it is counted as if every training row were asked for once; so many pairs take the time of one visit. */
const PAIRS_A_VISIT = 10;

export type KnnModel = {
  readonly points: Points;
  readonly neighbors: number;
  readonly byDistance: boolean;
  /** One vote a class, or the target alone. */
  readonly outputs: number;
  /** Row-major [points, outputs + 1]: what each point votes for, times its weight; last its weight. */
  readonly votes: Float64Array;
};

export const knn: Learner<KnnModel> = {
  name: 'KNN',
  tasks: ['classification', 'regression'],
  family: 'linear',

  /** Sample weights multiply a neighbour's vote; rows of weight 0 are nobody's neighbour. */
  fit(input) {
    const { n_neighbors, weights } = readParams('KNN', input.params, params);
    const rows = keptRows('KNN', input);
    const { features, target } = input;
    const outputs = target.task === 'classification' ? target.classes.length : 1;
    const votes = new Float64Array(rows.length * (outputs + 1));
    rows.forEach((row, i) => {
      const weight = input.weights === undefined ? 1 : (input.weights[row] as number);
      const y = target.y[row] as number;
      votes[i * (outputs + 1) + (target.task === 'classification' ? y : 0)] = weight * (target.task === 'classification' ? 1 : y);
      votes[i * (outputs + 1) + outputs] = weight;
    });
    const points = pointsOf(features, rows);
    const neighbors = Math.min(Math.round(n_neighbors), rows.length);
    const model = { points, neighbors, byDistance: weights === 'distance', outputs, votes };
    const columns = features.numeric.length + features.categorical.length;
    return { model, work: (rows.length ** 2 * columns) / PAIRS_A_VISIT / 1e6 };
  },

  predict(model, features) {
    const { neighbors, outputs, votes } = model;
    const predictions = new Float64Array(features.rowCount * outputs);
    const nearest = { indices: new Int32Array(neighbors), distances: new Float64Array(neighbors) };
    const distances = new Float64Array(model.points.count);
    for (let row = 0; row < features.rowCount; row++) {
      distancesTo(model.points, features, row, distances);
      findNearest(distances, nearest);
      const exact = nearest.distances[0] === 0;
      let total = 0;
      for (let i = 0; i < neighbors; i++) {
        const distance = nearest.distances[i] as number;
        const share = !model.byDistance ? 1 : exact ? Number(distance === 0) : 1 / Math.sqrt(distance);
        const at = (nearest.indices[i] as number) * (outputs + 1);
        for (let k = 0; k < outputs; k++) {
          const place = row * outputs + k;
          predictions[place] = (predictions[place] as number) + share * (votes[at + k] as number);
        }
        total += share * (votes[at + outputs] as number);
      }
      for (let k = 0; k < outputs; k++) {
        predictions[row * outputs + k] = (predictions[row * outputs + k] as number) / total;
      }
    }
    return predictions;
  },

  emit(model, graph, features) {
    const widths = { numeric: model.points.numeric.length, answer: model.outputs };
    return emitEachRow(graph, features, widths, (inner, row) => emitAnswer(model, inner, row));
  },
};

function emitAnswer(model: KnnModel, graph: GraphBuilder, features: EmittedFeatures): string {
  const { neighbors, outputs, votes } = model;
  const axis = graph.constant(BigInt64Array.of(1n));
  const [distances, indices] = graph.nodes(
    'TopK',
    [emitDistances(model.points, graph, features), graph.constant(BigInt64Array.of(BigInt(neighbors)))],
    { axis: 1, largest: 0, sorted: 1 },
    { outputs: 2 },
  ) as [string, string];
  const table = graph.constant(votes, [model.points.count, outputs + 1]);
  let chosen = graph.node('Gather', [table, indices], { axis: 0 });
  if (model.byDistance) {
    const zero = graph.constant(Float64Array.of(0));
    const one = graph.constant(Float64Array.of(1));
    const same = graph.node('Equal', [distances, zero]);
    const inverse = graph.node('Div', [one, graph.node('Sqrt', [graph.node('Where', [same, one, distances])])]);
    const first = graph.node('Slice', [distances, graph.constant(BigInt64Array.of(0n)), axis, axis]);
    const alone = graph.node('Where', [same, one, zero]);
    const shares = graph.node('Where', [graph.node('Equal', [first, zero]), alone, inverse]);
    chosen = graph.node('Mul', [chosen, graph.node('Unsqueeze', [shares, graph.constant(BigInt64Array.of(2n))])]);
  }
  const sums = graph.node('ReduceSum', [chosen, axis], { keepdims: 0 });
  const at = graph.constant(BigInt64Array.of(BigInt(outputs)));
  const end = graph.constant(BigInt64Array.of(BigInt(outputs + 1)));
  const votesOf = graph.node('Slice', [sums, graph.constant(BigInt64Array.of(0n)), at, axis]);
  return graph.node('Cast', [graph.node('Div', [votesOf, graph.node('Slice', [sums, at, end, axis])])], { to: FLOAT });
}

/** The least distances in rising order; of equal ones the lower index first, as ONNX's TopK has it. */
function findNearest(distances: Float64Array, nearest: { indices: Int32Array; distances: Float64Array }): void {
  const { indices, distances: least } = nearest;
  least.fill(Number.POSITIVE_INFINITY);
  const last = least.length - 1;
  let worst = Number.POSITIVE_INFINITY;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i] as number;
    if (distance >= worst) continue;
    let place = last;
    while (place > 0 && (least[place - 1] as number) > distance) {
      least[place] = least[place - 1] as number;
      indices[place] = indices[place - 1] as number;
      place--;
    }
    least[place] = distance;
    indices[place] = i;
    worst = least[last] as number;
  }
}
