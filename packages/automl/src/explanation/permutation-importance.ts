/** How much worse a model gets when one raw column is shuffled: what the column is worth to it. */

import { createRandom } from '../random.ts';
import { type Column, numericColumn, type Table } from '../table/table.ts';

export type PermutationInput = {
  /** Rows that the model did not learn from. */
  readonly table: Table;
  /** The whole model, from raw columns to class probabilities (row by row) or values. */
  readonly predict: (table: Table) => Float64Array | Promise<Float64Array>;
  /** The metric of predictions for these rows, higher for better. */
  readonly score: (predictions: Float64Array) => number;
  /** The columns that the model reads; the others cannot matter and are not shuffled. Default: all. */
  readonly columns?: readonly string[];
  /** Shuffles of each column. Default 5. */
  readonly repeats?: number;
  readonly seed: number;
  /** Asked before each shuffle after the first of every column; true ends with the rounds that are complete. */
  readonly shouldStop?: () => boolean;
};

export type ColumnImportance = {
  readonly name: string;
  /** Mean loss of the metric, in its own unit; below 0 when shuffling happened to help. */
  readonly importance: number;
  /** Standard deviation of the loss over the shuffles (population form). */
  readonly std: number;
  /** Shuffles measured; 0 for a column that the model does not read. */
  readonly repeats: number;
};

/**
 * Importance of every column of the table, the most important first, all measured equally often; columns of equal importance keep the table's order.
 *
 * Two columns that say the same share their importance, or hide each other: shuffling one leaves the other.
 *
 * Source: Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, "All models are wrong, but many are useful", 2019.
 */
export async function permutationImportance(input: PermutationInput): Promise<ColumnImportance[]> {
  const { table, predict, score, repeats = 5, seed, shouldStop } = input;
  const read = new Set(input.columns ?? table.columns.map(({ name }) => name));
  const losses = new Map(table.columns.map(({ name }) => [name, [] as number[]]));
  const random = createRandom(seed);
  const order = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  const baseline = score(await predict(table));
  for (let repeat = 0; repeat < repeats; repeat++) {
    const round = new Map<string, number>();
    for (const column of table.columns) {
      if (!read.has(column.name)) continue;
      if (repeat > 0 && shouldStop?.()) return ranked(losses);
      const shuffled = shuffledColumn(column, random.shuffle(order));
      const columns = table.columns.map((other) => (other === column ? shuffled : other));
      round.set(column.name, baseline - score(await predict({ ...table, columns })));
    }
    for (const [name, loss] of round) losses.get(name)!.push(loss);
  }
  return ranked(losses);
}

function shuffledColumn(column: Column, order: Int32Array): Column {
  if (column.kind === 'numeric') {
    const { values, integer } = column;
    return {
      ...numericColumn(
        column.name,
        Float64Array.from(order, (row) => values[row]!),
      ),
      integer,
    };
  }
  const codes = new Int32Array(new SharedArrayBuffer(4 * order.length));
  for (let i = 0; i < codes.length; i++) codes[i] = column.codes[order[i]!]!;
  return { ...column, codes };
}

function ranked(losses: ReadonlyMap<string, readonly number[]>): ColumnImportance[] {
  return Array.from(losses, ([name, measured]) => {
    const count = Math.max(1, measured.length);
    const importance = measured.reduce((a, b) => a + b, 0) / count;
    const variance = measured.reduce((sum, loss) => sum + (loss - importance) ** 2, 0) / count;
    return { name, importance, std: Math.sqrt(variance), repeats: measured.length };
  }).sort((a, b) => b.importance - a.importance);
}
