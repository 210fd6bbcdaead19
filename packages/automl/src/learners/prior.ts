/** The baseline: the class shares, or the mean, of the training rows, whatever the features say. A model that cannot beat it learned nothing. */
import type { Learner } from './learner.ts';

/** Class shares, or one mean. */
export type PriorModel = { readonly shares: Float64Array };

export const prior: Learner<PriorModel> = {
  name: 'Prior',
  tasks: ['classification', 'regression'],
  family: 'none',

  fit({ target, rows, weights }) {
    const shares = new Float64Array(target.task === 'classification' ? target.classes.length : 1);
    let total = 0;
    for (const row of rows) {
      const weight = weights === undefined ? 1 : (weights[row] as number);
      const y = target.y[row] as number;
      if (target.task === 'classification') shares[y] = (shares[y] as number) + weight;
      else shares[0] = (shares[0] as number) + weight * y;
      total += weight;
    }
    return { model: { shares: shares.map((share) => share / total) }, work: rows.length / 1e6 };
  },

  predict({ shares }, { rowCount }) {
    const predictions = new Float64Array(rowCount * shares.length);
    for (let row = 0; row < rowCount; row++) predictions.set(shares, row * shares.length);
    return predictions;
  },

  emit({ shares }, graph, features) {
    const rows = graph.node('Slice', [
      graph.node('Shape', [features.categorical[0] as string]),
      graph.constant(BigInt64Array.of(0n)),
      graph.constant(BigInt64Array.of(1n)),
    ]);
    const shape = graph.node('Concat', [rows, graph.constant(BigInt64Array.of(BigInt(shares.length)))], { axis: 0 });
    return graph.node('Expand', [graph.constant(Float32Array.from(shares), [1, shares.length]), shape]);
  },
};
